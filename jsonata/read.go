package jsonata

import (
	"slices"

	"github.com/stepwell/stepwell/jsonata/syntax"
)

// Read is one place where an expression reads a variable that it does not set itself.
type Read struct {
	Name     string
	Member   string // the member that is read of it, empty for the whole
	Builtin  bool   // the language has a function of that name
	Position int    // byte offset in the expression
}

// Reads returns what the expression reads from outside, in the order of the text.
func (e *Expression) Reads() []Read {
	w := &walker{own: map[string]bool{}}
	w.node(e.tree)
	slices.SortStableFunc(w.found, func(a, b Read) int { return a.Position - b.Position })
	var out []Read
	for _, r := range w.found {
		if !w.own[r.Name] {
			r.Builtin = e.dialect.builtin(r.Name) != nil
			out = append(out, r)
		}
	}
	return out
}

// walker goes through a tree and collects the variables that it sets and those that it reads.
type walker struct {
	own   map[string]bool
	found []Read
}

func (w *walker) node(n *syntax.Node) {
	if n == nil {
		return
	}
	w.names(n)
	for i, part := range n.List {
		if n.Kind == syntax.Path && part.Kind == syntax.Variable && part.Text != "" && part.Text != "$" {
			w.read(part, memberBehind(n.List[i:]))
			w.around(part)
		} else if n.Kind != syntax.Lambda {
			w.node(part)
		}
	}
	if n.Kind != syntax.Bind {
		w.node(n.Left)
	}
	w.node(n.Right)
	w.node(n.Else)
	w.pairs(n.Pairs)
	for _, t := range n.Terms {
		w.node(t.Expression)
	}
	w.around(n)
}

// names notes what the node itself sets or reads.
func (w *walker) names(n *syntax.Node) {
	switch n.Kind {
	case syntax.Variable:
		if n.Text != "" && n.Text != "$" {
			w.read(n, "")
		}
	case syntax.Bind:
		w.own[n.Left.Text] = true
	case syntax.Lambda:
		for _, parameter := range n.List {
			w.own[parameter.Text] = true
		}
	}
}

// around goes through what stands behind a node: filters, groupings, names for its results.
func (w *walker) around(n *syntax.Node) {
	for _, name := range []string{n.Focus, n.Index} {
		if name != "" {
			w.own[name] = true
		}
	}
	for _, stages := range [][]syntax.Stage{n.Stages, n.Predicates} {
		for _, s := range stages {
			if s.Index != "" {
				w.own[s.Index] = true
			}
			w.node(s.Filter)
		}
	}
	if n.Group != nil {
		w.pairs(n.Group.Pairs)
	}
}

func (w *walker) pairs(pairs []syntax.Pair) {
	for _, p := range pairs {
		w.node(p.Key)
		w.node(p.Value)
	}
}

func (w *walker) read(n *syntax.Node, member string) {
	w.found = append(w.found, Read{Name: n.Text, Member: member, Position: n.Position})
}

func memberBehind(steps []*syntax.Node) string {
	if len(steps) > 1 && steps[1].Kind == syntax.Name {
		return steps[1].Text
	}
	return ""
}
