package syntax

// path joins two expressions around a dot into one list of steps.
func (r *resolver) path(n *Node) (*Node, error) {
	left, err := r.node(n.Left)
	if err != nil {
		return nil, err
	}
	path := left
	if left.Kind != Path {
		path = &Node{Kind: Path, List: []*Node{left}, Position: left.Position}
	}
	if left.Kind == Parent {
		path.seeking = []*Slot{left.Slot}
	}
	right, err := r.node(n.Right)
	if err != nil {
		return nil, err
	}
	if right.Kind == Path {
		path.List = append(path.List, right.List...)
	} else {
		right.Stages, right.Predicates = right.Predicates, nil
		path.List = append(path.List, right)
	}
	if err := checkSteps(path); err != nil {
		return nil, err
	}
	return path, resolveAncestors(path)
}

func checkSteps(path *Node) error {
	for _, step := range path.List {
		switch step.Kind {
		case Number, Bool, Null:
			return &Error{Code: "S0213", Position: step.Position, Value: step.Text}
		case String:
			step.Kind = Name
		}
		if step.KeepArray {
			path.Singleton = true
		}
	}
	for _, step := range []*Node{path.List[0], path.last()} {
		if step.Kind == Array {
			step.Cons = true
		}
	}
	return nil
}

func (n *Node) last() *Node { return n.List[len(n.List)-1] }

// step returns what a filter or a variable behind n belongs to: the last step of a path, or n itself.
func (n *Node) step() *Node {
	if n.Kind == Path {
		return n.last()
	}
	return n
}

func (r *resolver) predicate(n *Node) (*Node, error) {
	result, err := r.node(n.Left)
	if err != nil {
		return nil, err
	}
	step := result.step()
	if step.Group != nil {
		return nil, fail("S0209", n.Position)
	}
	filter, err := r.node(n.Right)
	if err != nil {
		return nil, err
	}
	for _, slot := range filter.seeking {
		if slot.level > 1 {
			slot.level--
		} else if err := seek(step, slot); err != nil {
			return nil, err
		}
	}
	if filter.seeking != nil {
		step.inherit(filter)
	}
	stage := Stage{Filter: filter, Position: n.Position}
	if result.Kind == Path {
		step.Stages = append(step.Stages, stage)
	} else {
		step.Predicates = append(step.Predicates, stage)
	}
	return result, nil
}

func (r *resolver) grouping(n *Node) (*Node, error) {
	result, err := r.node(n.Left)
	if err != nil {
		return nil, err
	}
	if result.Group != nil {
		return nil, fail("S0210", n.Position)
	}
	result.Group = &Group{Pairs: n.Pairs, Position: n.Position}
	return result, r.pairs(n.Pairs, nil)
}

func (r *resolver) sorting(n *Node) (*Node, error) {
	result, err := r.node(n.Left)
	if err != nil {
		return nil, err
	}
	if result.Kind != Path {
		result = &Node{Kind: Path, List: []*Node{result}, Position: result.Position}
	}
	sort := &Node{Kind: Sort, Terms: n.Terms, Position: n.Position}
	for i := range sort.Terms {
		if err := r.operands(sort, &sort.Terms[i].Expression); err != nil {
			return nil, err
		}
	}
	result.List = append(result.List, sort)
	return result, resolveAncestors(result)
}

func (r *resolver) focus(n *Node) (*Node, error) {
	result, err := r.node(n.Left)
	if err != nil {
		return nil, err
	}
	step := result.step()
	switch {
	case step.Stages != nil || step.Predicates != nil:
		return nil, fail("S0215", n.Position)
	case step.Kind == Sort:
		return nil, fail("S0216", n.Position)
	}
	step.KeepArray = step.KeepArray || n.KeepArray
	step.Focus = n.Right.Text
	step.Tuple = true
	return result, nil
}

func (r *resolver) position(n *Node) (*Node, error) {
	result, err := r.node(n.Left)
	if err != nil {
		return nil, err
	}
	step := result.step()
	if result.Kind != Path {
		result = &Node{Kind: Path, List: []*Node{step}, Position: step.Position}
		step.Stages, step.Predicates = step.Predicates, nil
	}
	if step.Stages == nil {
		step.Index = n.Right.Text
	} else {
		step.Stages = append(step.Stages, Stage{Index: n.Right.Text, Position: n.Position})
	}
	step.Tuple = true
	return result, nil
}
