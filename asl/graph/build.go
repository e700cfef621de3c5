package graph

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/asl"
)

// Sizes in pixels.
const (
	stateHeight  = 46
	minWidth     = 110
	sidePadding  = 18
	badgeRoom    = 9 // beside a name, where a status is marked
	dotSize      = 14
	headerHeight = 44
	boxPadding   = 18
	branchGap    = 24
	lineHeight   = 14
	bendWidth    = 8
	maxNameWidth = 300
	maxLabel     = 190
)

type nodeKind uint8

const (
	stateNode nodeKind = iota
	startNode
	endNode
	bendNode  // where a long edge passes a layer
	labelNode // where the text of an edge stands
)

// node is a box in a layer. x and y are its centre.
type node struct {
	kind          nodeKind
	state         *asl.State
	inner         []*sheet
	text          []string // of a label
	title         string   // the label in full
	width, height float64
	x, y          float64
	layer         int
	above, below  []*segment
	// hung are the ends of back edges: bends that stand directly right of the node.
	hung []*node
	// lineAt is where an edge passes the node, counted from x.
	lineAt float64
	place  int // its place in its layer
}

func (n *node) line() float64   { return n.x + n.lineAt }
func (n *node) top() float64    { return n.y - n.height/2 }
func (n *node) bottom() float64 { return n.y + n.height/2 }
func (n *node) right() float64  { return n.x + n.width/2 }

// edge is a transition.
type edge struct {
	from, to *node
	labels   []string
	dashed   bool // a Catch
	back     bool // leads up to an earlier layer
}

// sheet is one workflow laid out. Its upper left corner is 0,0.
type sheet struct {
	nodes         []*node
	edges         []*edge
	layers        [][]*node
	segments      []*segment
	lanes         []*lane
	width, height float64
}

// build makes the nodes and edges of a workflow: a start, its states in the order of the definition, an end.
func build(w *asl.Workflow) *sheet {
	s := &sheet{}
	start := s.add(&node{kind: startNode, width: dotSize, height: dotSize})
	byName := map[string]*node{}
	for _, state := range w.States {
		byName[state.Name] = s.add(newState(state))
	}
	end := s.add(&node{kind: endNode, width: dotSize, height: dotSize})
	s.join(start, byName[w.StartAt], "", false)
	for _, state := range w.States {
		s.transitions(byName, state, end)
	}
	return s
}

func (s *sheet) add(n *node) *node {
	s.nodes = append(s.nodes, n)
	return n
}

func newState(state *asl.State) *node {
	n := &node{state: state, height: stateHeight}
	n.width = max(minWidth, boldness*textWidth(displayName(state), nameSize)+2*badgeRoom, textWidth(subtitle(state), noteSize)) + 2*sidePadding
	for _, w := range workflows(state) {
		n.inner = append(n.inner, arrange(w))
	}
	if len(n.inner) == 0 {
		return n
	}
	width, height := -float64(branchGap), 0.0
	for _, inner := range n.inner {
		width += inner.width + branchGap
		height = max(height, inner.height)
	}
	n.width = max(n.width, width+2*boxPadding)
	n.height = headerHeight + height + boxPadding
	return n
}

func workflows(state *asl.State) []*asl.Workflow {
	switch {
	case state.Parallel != nil:
		return state.Parallel.Branches
	case state.Map != nil && state.Map.Processor != nil:
		return []*asl.Workflow{state.Map.Processor}
	}
	return nil
}

func (s *sheet) transitions(byName map[string]*node, state *asl.State, end *node) {
	from := byName[state.Name]
	if choice := state.Choice; choice != nil {
		for _, rule := range choice.Choices {
			s.join(from, byName[rule.Next], ruleText(rule), false)
		}
		s.join(from, byName[choice.Default], "default", false)
	} else if state.Next != "" {
		s.join(from, byName[state.Next], "", false)
	} else {
		s.join(from, end, "", false)
	}
	for _, catcher := range state.Catch {
		s.join(from, byName[catcher.Next], strings.Join(catcher.ErrorEquals, ", "), true)
	}
}

// join adds an edge. A second one between the same states adds only its label. An edge to nowhere is left out.
func (s *sheet) join(from, to *node, label string, dashed bool) {
	if to == nil {
		return
	}
	at := slices.IndexFunc(s.edges, func(e *edge) bool { return e.from == from && e.to == to && e.dashed == dashed })
	if at < 0 {
		at = len(s.edges)
		s.edges = append(s.edges, &edge{from: from, to: to, dashed: dashed})
	}
	if label != "" {
		s.edges[at].labels = append(s.edges[at].labels, label)
	}
}
