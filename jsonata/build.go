package jsonata

// push adds an item to a list that is being made; nothing is not added.
func (m *evaluation) push(out *list, x item) error {
	if x == nil {
		return nil
	}
	out.items = append(out.items, x)
	return m.allocate(itemSize)
}

// flatten adds the items of an array, or what is no array, to a list.
func (m *evaluation) flatten(out *list, x item) error {
	if l, ok := x.(*list); ok {
		out.items = append(out.items, l.items...)
		return m.allocate(itemSize * len(l.items))
	}
	if !isArray(x) {
		return m.push(out, x)
	}
	n := length(x)
	if err := m.allocate(itemSize * n); err != nil {
		return err
	}
	for i := range n {
		out.items = append(out.items, at(x, i))
	}
	return nil
}

// join appends one item or array to another: nothing adds nothing.
func (m *evaluation) join(a, b item) (item, error) {
	switch {
	case a == nil:
		return b, nil
	case b == nil:
		return a, nil
	}
	out := &list{}
	if err := m.flatten(out, a); err != nil {
		return nil, err
	}
	return out, m.flatten(out, b)
}

// arrayOp is an array constructor.
type arrayOp struct {
	items []*expr
	cons  bool
}

func (a *arrayOp) eval(m *evaluation, in item, env *frame) (item, error) {
	out := &list{cons: a.cons}
	for _, e := range a.items {
		x, err := e.eval(m, in, env)
		if err != nil {
			return nil, err
		}
		if r, ok := x.(span); ok && len(a.items) == 1 && !a.cons {
			return r, nil
		}
		if _, nested := e.op.(*arrayOp); nested {
			err = m.push(out, x)
		} else {
			err = m.flatten(out, x)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
