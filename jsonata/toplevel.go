package jsonata

import "github.com/stepwell/stepwell/jsonata/syntax"

// TopLevelNames returns the names that the expression looks up in the context that it is evaluated in, each once, in the order of
// the text. What a path finds behind its first step, and what filters, functions and transforms look up, is not among them.
func (e *Expression) TopLevelNames() []Read {
	var found []Read
	seen := map[string]bool{}
	inContext(e.tree, func(name *syntax.Node) {
		if !seen[name.Text] {
			seen[name.Text] = true
			found = append(found, Read{Name: name.Text, Position: name.Position})
		}
	})
	return found
}

// inContext calls visit for the names in n that are looked up in the same context as n.
func inContext(n *syntax.Node, visit func(*syntax.Node)) {
	if n == nil {
		return
	}
	switch n.Kind {
	case syntax.Name:
		visit(n)
		return
	case syntax.Path:
		inContext(n.List[0], visit)
		return
	case syntax.Lambda, syntax.Transform:
		return
	case syntax.Bind:
		inContext(n.Right, visit)
		return
	}
	for _, part := range []*syntax.Node{n.Left, n.Right, n.Else} {
		inContext(part, visit)
	}
	for _, part := range n.List {
		inContext(part, visit)
	}
	for _, p := range n.Pairs {
		inContext(p.Key, visit)
		inContext(p.Value, visit)
	}
}
