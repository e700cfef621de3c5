package graph

import (
	"cmp"
	"math"
	"slices"
)

// straighten puts boxes that simply follow one another into a column, and then the bends of each long edge onto one line,
// as far as the boxes beside them leave room. Lines go from left to right, and a line may push bends and labels on its
// right.
func (s *sheet) straighten() {
	for _, column := range s.chains(boxBelow) {
		s.straightenChain(column, func(left, right float64) float64 { return (left + right) / 2 })
	}
	lines := s.chains(bendBelow)
	slices.SortStableFunc(lines, func(a, b []*node) int { return cmp.Compare(a[0].line(), b[0].line()) })
	middle := s.layers[0][0].x
	for _, line := range lines {
		s.straightenChain(line, func(left, right float64) float64 {
			if (left+right)/2 < middle {
				return left
			}
			return right
		})
	}
}

// chains returns the nodes that follow one another downwards; below returns the one that follows, or nil.
func (s *sheet) chains(below func(*node) *node) [][]*node {
	var chains [][]*node
	seen := map[*node]bool{}
	for _, layer := range s.layers {
		for _, n := range layer {
			var chain []*node
			for ; n != nil && !seen[n]; n = below(n) {
				seen[n] = true
				chain = append(chain, n)
			}
			if len(chain) > 1 {
				chains = append(chains, chain)
			}
		}
	}
	return chains
}

func bendBelow(n *node) *node {
	if n.kind == bendNode && len(n.below) > 0 && n.below[0].lower.kind == bendNode {
		return n.below[0].lower
	}
	return nil
}

// boxBelow is the box that follows a box as its only successor and predecessor.
func boxBelow(n *node) *node {
	g := onlySolid(n.below)
	if g == nil || n.kind >= bendNode || g.lower.kind >= bendNode || onlySolid(g.lower.above) != g {
		return nil
	}
	return g.lower
}

func onlySolid(segments []*segment) *segment {
	var only *segment
	for _, g := range segments {
		if g.dashed {
			continue
		}
		if only != nil {
			return nil
		}
		only = g
	}
	return only
}

// straightenChain takes as many nodes as fit on one line, then as many of the rest, and so on. choose picks the line from
// the outermost places that the nodes have.
func (s *sheet) straightenChain(chain []*node, choose func(left, right float64) float64) {
	for len(chain) > 0 {
		from, to := s.room(chain[0])
		count, leftmost, rightmost := 1, chain[0].line(), chain[0].line()
		for ; count < len(chain); count++ {
			left, right := s.room(chain[count])
			if max(from, left) > min(to, right) {
				break
			}
			from, to = max(from, left), min(to, right)
			leftmost, rightmost = min(leftmost, chain[count].line()), max(rightmost, chain[count].line())
		}
		x := min(to, max(from, choose(leftmost, rightmost)))
		for _, n := range chain[:count] {
			n.x = x - n.lineAt
			s.push(n)
		}
		chain = chain[count:]
	}
}

// room returns how far left and right the line of a node may lie when it pushes what can be pushed on its right.
func (s *sheet) room(n *node) (left, right float64) {
	left = math.Inf(-1)
	layer := s.layers[n.layer]
	if n.place > 0 {
		before := layer[n.place-1]
		left = before.x + separation(before, n) + n.lineAt
	}
	needed := 0.0
	for i := n.place + 1; i < len(layer); i++ {
		needed += separation(layer[i-1], layer[i])
		if layer[i].kind < bendNode {
			return left, layer[i].x - needed + n.lineAt
		}
	}
	return left, math.Inf(1)
}

func (s *sheet) push(n *node) {
	layer := s.layers[n.layer]
	for i := n.place + 1; i < len(layer); i++ {
		layer[i].x = max(layer[i].x, layer[i-1].x+separation(layer[i-1], layer[i]))
	}
}
