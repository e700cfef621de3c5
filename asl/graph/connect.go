package graph

import "slices"

// segment is the part of one or more edges between two adjacent layers. Edges to the same node share their last part.
type segment struct {
	upper, lower *node
	dashed       bool
	arrow        bool // at the lower end
}

// lane is the way of a back edge: bends from the layer of its target down to the layer of its source.
type lane struct {
	edge  *edge
	bends []*node // from the target's layer down
}

type laneKey struct {
	to     *node
	dashed bool
	layer  int
}

// maxLaneBends bounds the bends of all back edges of a workflow; beyond it they cut straight through the layers. Only a
// machine of thousands of loops comes there.
const maxLaneBends = 20_000

// connector cuts edges into segments.
type connector struct {
	*sheet
	laneBends int
	bends     map[laneKey]*node
}

// connect fills the layers, with bends where edges pass a layer, and cuts the edges into segments.
func (s *sheet) connect() {
	c := &connector{sheet: s, bends: map[laneKey]*node{}}
	for _, n := range s.nodes {
		c.put(n)
	}
	for _, e := range s.edges {
		if e.back {
			c.backward(e)
		} else {
			c.forward(e)
		}
	}
	c.nestLoops()
}

// nestLoops hangs the lanes of short loops next to the node and those of long loops further out.
func (c *connector) nestLoops() {
	length := map[*node]int{}
	for _, l := range c.lanes {
		for _, bend := range l.bends {
			length[bend] = len(l.bends)
		}
	}
	for _, n := range c.nodes {
		slices.SortStableFunc(n.hung, func(a, b *node) int { return length[a] - length[b] })
	}
}

func (c *connector) put(n *node) {
	for len(c.layers) <= n.layer {
		c.layers = append(c.layers, nil)
	}
	c.layers[n.layer] = append(c.layers[n.layer], n)
}

func (c *connector) forward(e *edge) {
	from := e.from
	if len(e.labels) > 0 {
		label := newLabel(e)
		label.layer = from.layer + 1
		c.put(label)
		c.segment(from, label, e.dashed, false)
		from = label
	}
	for from.layer+1 < e.to.layer {
		key := laneKey{e.to, e.dashed, from.layer + 1}
		if bend := c.bends[key]; bend != nil {
			// Another edge made the rest of the way.
			c.segment(from, bend, e.dashed, false)
			return
		}
		bend := &node{kind: bendNode, width: bendWidth, layer: key.layer}
		c.bends[key] = bend
		c.put(bend)
		c.segment(from, bend, e.dashed, false)
		from = bend
	}
	c.segment(from, e.to, e.dashed, true)
}

func (c *connector) segment(upper, lower *node, dashed, arrow bool) {
	g := &segment{upper, lower, dashed, arrow}
	c.segments = append(c.segments, g)
	upper.below = append(upper.below, g)
	lower.above = append(lower.above, g)
}

// backward makes the lane of a back edge. Its first and last bend hang at the right of the edge's nodes.
func (c *connector) backward(e *edge) {
	l := &lane{edge: e}
	for layer := e.to.layer; layer <= e.from.layer; layer++ {
		if c.laneBends++; c.laneBends > maxLaneBends && layer > e.to.layer {
			layer = e.from.layer
		}
		bend := &node{kind: bendNode, width: bendWidth, layer: layer}
		switch layer {
		case e.from.layer:
			if len(e.labels) > 0 {
				bend.setLabel(e)
				bend.width += 2 * bendWidth
				bend.lineAt = bendWidth - bend.width/2
			}
			e.from.hung = append(e.from.hung, bend)
		case e.to.layer:
			e.to.hung = append(e.to.hung, bend)
		default:
			c.put(bend)
		}
		if n := len(l.bends); n > 0 {
			g := &segment{upper: l.bends[n-1], lower: bend, dashed: e.dashed}
			g.upper.below = append(g.upper.below, g)
			bend.above = append(bend.above, g)
		}
		l.bends = append(l.bends, bend)
	}
	c.lanes = append(c.lanes, l)
}

func newLabel(e *edge) *node {
	n := &node{kind: labelNode}
	n.setLabel(e)
	return n
}

// maxLabelLines is how many labels of one edge are shown; all stand in its title.
const maxLabelLines = 3

func (n *node) setLabel(e *edge) {
	for i, label := range e.labels {
		if i > 0 {
			n.title += "\n"
		}
		n.title += label
		if i < maxLabelLines {
			n.text = append(n.text, shorten(label, noteSize, maxLabel))
		}
	}
	if len(e.labels) > maxLabelLines {
		n.text[maxLabelLines-1] = "…"
	}
	for _, line := range n.text {
		n.width = max(n.width, textWidth(line, noteSize)+8)
	}
	n.height = float64(len(n.text)*lineHeight + 4)
}
