package graph

import "slices"

const orderSweeps = 12

// order sorts each layer so that few segments cross: by the mean place of the neighbours, down and up in turn. The best
// order seen wins.
func (s *sheet) order() {
	best, fewest := s.snapshot(), s.crossings()
	for sweep := range orderSweeps {
		if fewest == 0 {
			break
		}
		down := sweep%2 == 0
		for i := range s.layers {
			if !down {
				i = len(s.layers) - 1 - i
			}
			s.sortLayer(i, down)
		}
		if n := s.crossings(); n < fewest {
			best, fewest = s.snapshot(), n
		}
	}
	for i, layer := range best {
		s.layers[i] = flatten(layer)
		for place, n := range s.layers[i] {
			n.place = place
		}
	}
}

func (s *sheet) snapshot() [][]*node {
	s.number()
	layers := make([][]*node, len(s.layers))
	for i, layer := range s.layers {
		layers[i] = slices.Clone(layer)
	}
	return layers
}

// flatten puts what hangs at a node behind it.
func flatten(layer []*node) []*node {
	var out []*node
	for _, n := range layer {
		out = append(append(out, n), n.hung...)
	}
	return out
}

func (s *sheet) number() {
	for _, layer := range s.layers {
		for i, n := range flatten(layer) {
			n.place = i
		}
	}
}

func (s *sheet) sortLayer(i int, down bool) {
	weight := map[*node]float64{}
	for _, n := range s.layers[i] {
		weight[n] = n.barycentre(down)
	}
	slices.SortStableFunc(s.layers[i], func(a, b *node) int {
		switch {
		case weight[a] < weight[b]:
			return -1
		case weight[a] > weight[b]:
			return 1
		}
		return 0
	})
	for j, n := range flatten(s.layers[i]) {
		n.place = j
	}
}

// barycentre is the mean place of the neighbours above (down) or below, the node's own place when it has none.
func (n *node) barycentre(down bool) float64 {
	total, count := 0.0, 0
	for _, part := range append([]*node{n}, n.hung...) {
		for _, other := range part.neighbours(down) {
			total += float64(other.place)
			count++
		}
	}
	if count == 0 {
		return float64(n.place)
	}
	return total / float64(count)
}

func (n *node) neighbours(above bool) []*node {
	var out []*node
	if above {
		for _, g := range n.above {
			out = append(out, g.upper)
		}
		return out
	}
	for _, g := range n.below {
		out = append(out, g.lower)
	}
	return out
}

// crossings counts the pairs of segments that cross, layer by layer: the inversions of their lower ends when sorted by
// their upper ends.
func (s *sheet) crossings() int {
	s.number()
	total := 0
	for _, layer := range s.layers {
		var ends []int
		for _, n := range flatten(layer) {
			lower := make([]int, 0, len(n.below))
			for _, g := range n.below {
				lower = append(lower, g.lower.place)
			}
			slices.Sort(lower)
			ends = append(ends, lower...)
		}
		total += inversions(ends)
	}
	return total
}

// inversions counts pairs in the wrong order while it sorts by merging.
func inversions(list []int) int {
	if len(list) < 2 {
		return 0
	}
	left, right := slices.Clone(list[:len(list)/2]), slices.Clone(list[len(list)/2:])
	count := inversions(left) + inversions(right)
	for i := range list {
		if len(right) == 0 || len(left) > 0 && left[0] <= right[0] {
			list[i], left = left[0], left[1:]
			continue
		}
		count += len(left)
		list[i], right = right[0], right[1:]
	}
	return count
}
