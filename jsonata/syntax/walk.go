package syntax

// Walk calls visit for a node and everything inside it, outer nodes first.
func Walk(n *Node, visit func(*Node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, part := range []*Node{n.Left, n.Right, n.Else} {
		Walk(part, visit)
	}
	for _, part := range n.List {
		Walk(part, visit)
	}
	walkPairs(n.Pairs, visit)
	for _, t := range n.Terms {
		Walk(t.Expression, visit)
	}
	for _, stages := range [][]Stage{n.Predicates, n.Stages} {
		for _, s := range stages {
			Walk(s.Filter, visit)
		}
	}
	if n.Group != nil {
		walkPairs(n.Group.Pairs, visit)
	}
}

func walkPairs(pairs []Pair, visit func(*Node)) {
	for _, p := range pairs {
		Walk(p.Key, visit)
		Walk(p.Value, visit)
	}
}
