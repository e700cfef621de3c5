package jsonata

// nameOp reads a member of the context.
type nameOp string

func (name nameOp) eval(m *evaluation, in item, _ *frame) (item, error) {
	return m.member(in, string(name), 0)
}

// member returns a member of an object; of an array, the members of its items.
func (m *evaluation) member(in item, name string, depth int) (item, error) {
	if !isArray(in) {
		return get(in, name), nil
	}
	if depth > maxNesting {
		return nil, stackOverflow()
	}
	out := sequenceOf()
	n := length(in)
	if err := m.spend(n); err != nil {
		return nil, err
	}
	for i := range n {
		x, err := m.member(at(in, i), name, depth+1)
		if err != nil {
			return nil, err
		}
		if err := m.flatten(out, x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// evalWildcard gives the values of an object's members.
func evalWildcard(m *evaluation, in item, env *frame) (item, error) {
	in, _ = evalContext(m, in, env)
	out := sequenceOf()
	visit := func(x item) error {
		if !isArray(x) {
			return m.push(out, x)
		}
		// As in the reference, one array among the members makes the result an array.
		out.sequence = false
		return m.leaves(out, x, 0)
	}
	for i := range length(in) {
		if err := visit(at(in, i)); err != nil {
			return nil, err
		}
	}
	for _, f := range members(in) {
		if err := visit(f.value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// leaves adds what is inside an array at any depth.
func (m *evaluation) leaves(out *list, x item, depth int) error {
	if !isArray(x) {
		return m.push(out, x)
	}
	if depth > maxNesting {
		return stackOverflow()
	}
	for i := range length(x) {
		if err := m.leaves(out, at(x, i), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// evalDescendants gives the context and everything in it but arrays.
func evalDescendants(m *evaluation, in item, _ *frame) (item, error) {
	out := sequenceOf()
	return out, m.descend(out, in, 0)
}

func (m *evaluation) descend(out *list, x item, depth int) error {
	if depth > maxNesting {
		return stackOverflow()
	}
	if !isArray(x) {
		if err := m.push(out, x); err != nil {
			return err
		}
		for _, f := range members(x) {
			if err := m.descend(out, f.value, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range length(x) {
		if err := m.descend(out, at(x, i), depth+1); err != nil {
			return err
		}
	}
	return nil
}
