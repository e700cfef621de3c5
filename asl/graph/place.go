package graph

import "math"

const (
	placeSweeps = 120
	layerGap    = 26
	nodeGap     = 34
	bendGap     = 14
)

// place gives all nodes their coordinates and the sheet its size.
func (s *sheet) place() {
	s.placeRows()
	for _, layer := range s.layers {
		x := 0.0
		for i, n := range layer {
			if i > 0 {
				x += separation(layer[i-1], n)
			}
			n.x = x
		}
	}
	for sweep := range placeSweeps {
		for i := range s.layers {
			if sweep%2 == 1 {
				i = len(s.layers) - 1 - i
			}
			// The later sweeps look both ways, so that neither the top nor the bottom of the picture wins.
			both := sweep >= placeSweeps/2
			placeLayer(s.layers[i], both || sweep%2 == 0, both || sweep%2 == 1)
		}
	}
	s.straighten()
	s.moveToCorner()
}

func (s *sheet) placeRows() {
	y := 0.0
	for _, layer := range s.layers {
		height := 0.0
		for _, n := range layer {
			height = max(height, n.height)
		}
		for _, n := range layer {
			n.y = y + height/2
			if n.kind == bendNode {
				n.height = height
			}
		}
		y += height + layerGap
	}
	s.height = y - layerGap
}

func separation(a, b *node) float64 {
	gap := float64(nodeGap)
	if a.kind > endNode || b.kind > endNode {
		gap = bendGap
	}
	return (a.width+b.width)/2 + gap
}

// placeLayer moves the nodes of a layer towards their neighbours without changing their order.
func placeLayer(layer []*node, above, below bool) {
	wish, weight, gap := make([]float64, len(layer)), make([]float64, len(layer)), make([]float64, len(layer))
	for i, n := range layer {
		wish[i], weight[i] = n.wish(above, below)
		if i > 0 {
			gap[i] = separation(layer[i-1], n)
		}
	}
	for i, x := range spread(wish, weight, gap) {
		layer[i].x = x
	}
}

// wish returns where the node would like to be and how strongly.
func (n *node) wish(above, below bool) (x, weight float64) {
	add := func(g *segment, other *node) {
		w := g.pull()
		x += w * (other.line() - n.lineAt)
		weight += w
	}
	if above {
		for _, g := range n.above {
			add(g, g.upper)
		}
	}
	if below {
		for _, g := range n.below {
			add(g, g.lower)
		}
	}
	if weight == 0 {
		return n.x, 0.01
	}
	return x / weight, weight
}

// pull is how strongly a segment draws its ends onto one vertical. What simply follows one another shall stand in a column.
func (g *segment) pull() float64 {
	switch {
	case g.dashed:
		return 0.2
	case g.upper.kind == stateNode && g.lower.kind == stateNode:
		return 4
	}
	return 1
}

// spread returns the positions nearest to the wishes, by weighted squares, that keep the order and the gaps: isotonic
// regression by pooling neighbours that would collide.
func spread(wish, weight, gap []float64) []float64 {
	type pool struct {
		at, weight float64
		count      int
	}
	var pools []pool
	offset := 0.0
	for i := range wish {
		offset += gap[i]
		p := pool{wish[i] - offset, weight[i], 1}
		for len(pools) > 0 && pools[len(pools)-1].at > p.at {
			q := pools[len(pools)-1]
			total := p.weight + q.weight
			p = pool{(p.at*p.weight + q.at*q.weight) / total, total, p.count + q.count}
			pools = pools[:len(pools)-1]
		}
		pools = append(pools, p)
	}
	out := make([]float64, 0, len(wish))
	offset = 0
	for _, p := range pools {
		for range p.count {
			offset += gap[len(out)]
			out = append(out, p.at+offset)
		}
	}
	return out
}

func (s *sheet) moveToCorner() {
	left, right := math.Inf(1), math.Inf(-1)
	for _, layer := range s.layers {
		for _, n := range layer {
			left, right = min(left, n.x-n.width/2), max(right, n.right())
		}
	}
	for _, layer := range s.layers {
		for _, n := range layer {
			n.x -= left
		}
	}
	s.width = right - left
}
