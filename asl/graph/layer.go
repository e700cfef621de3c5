package graph

// assignLayers gives each node the number of its layer: the longest way from the start, over the edges that do not lead
// back. A labelled edge passes a layer of its own for the label.
func (s *sheet) assignLayers() {
	forward := map[*node][]*edge{}
	for _, e := range s.edges {
		forward[e.from] = append(forward[e.from], e)
	}
	sequence := s.topological(forward)
	for _, n := range sequence {
		for _, e := range forward[n] {
			if !e.back {
				e.to.layer = max(e.to.layer, n.layer+e.span())
			}
		}
	}
}

func (e *edge) span() int {
	if len(e.labels) > 0 {
		return 2
	}
	return 1
}

// topological returns the nodes so that forward edges lead from earlier to later ones. It searches depth first from the
// start and marks the edges back that close a cycle.
func (s *sheet) topological(forward map[*node][]*edge) []*node {
	const (
		open = 1
		done = 2
	)
	mark := map[*node]int{}
	var finished []*node
	var visit func(n *node)
	visit = func(n *node) {
		mark[n] = open
		for _, e := range forward[n] {
			switch mark[e.to] {
			case open:
				e.back = true
			case 0:
				visit(e.to)
			}
		}
		mark[n] = done
		finished = append(finished, n)
	}
	for _, n := range s.nodes {
		if mark[n] == 0 {
			visit(n)
		}
	}
	for i, j := 0, len(finished)-1; i < j; i, j = i+1, j-1 {
		finished[i], finished[j] = finished[j], finished[i]
	}
	return finished
}
