package jsonata

import "github.com/stepwell/stepwell/value"

// transformOp makes a function that copies its argument and changes what a pattern finds in it.
type transformOp struct {
	pattern, update, remove *expr
	position                int
}

var transformSignature = signature("<(oa):o>")

func (t *transformOp) eval(_ *evaluation, _ item, env *frame) (item, error) {
	return &function{arity: 1, signature: transformSignature, native: func(c *call) (item, error) {
		return t.run(c, env)
	}}, nil
}

func (t *transformOp) run(c *call, env *frame) (item, error) {
	if c.arg(0) == nil {
		return nil, nil
	}
	out, err := t.clone(c, env)
	if err != nil {
		return nil, err
	}
	found, err := t.pattern.eval(c.evaluation, out, env)
	if err != nil || found == nil {
		return out, err
	}
	in := rows{x: found, single: !isArray(found)}
	for i := range in.length() {
		if err := t.change(c.evaluation, in.at(i), env); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// clone copies the argument, by the function that the expression may have put in place of $clone.
func (t *transformOp) clone(c *call, env *frame) (item, error) {
	x, err := (&variableOp{name: "clone", builtin: c.dialect.builtin("clone")}).eval(c.evaluation, nil, env)
	if err != nil {
		return nil, err
	}
	f, ok := x.(*function)
	if !ok {
		return nil, located(fail("T2013"), t.position, "")
	}
	x, err = c.apply(f, []item{c.arg(0)}, nil, env)
	if err != nil {
		return nil, err
	}
	return c.copy(x, 0)
}

func (t *transformOp) change(m *evaluation, target item, env *frame) error {
	update, err := t.update.eval(m, target, env)
	if err != nil {
		return err
	}
	r, _ := target.(*record)
	if update != nil {
		if kindOf(update) != object {
			return located(failWith("T2011", update), t.update.position, "")
		}
		for _, f := range members(update) {
			if r != nil {
				r.set(f.key, f.value)
			}
		}
	}
	if t.remove == nil {
		return nil
	}
	gone, err := t.remove.eval(m, target, env)
	if err != nil || gone == nil {
		return err
	}
	in := rows{x: gone, single: !isArray(gone)}
	for i := range in.length() {
		key, ok := str(in.at(i))
		if !ok {
			return located(failWith("T2012", gone), t.remove.position, "")
		}
		if r != nil {
			r.remove(key)
		}
	}
	return nil
}

// copy makes a deep copy as through JSON text: functions become empty strings, numbers doubles.
func (m *evaluation) copy(x item, depth int) (item, error) {
	if depth > maxNesting {
		return nil, stackOverflow()
	}
	switch kindOf(x) {
	case array:
		out := &list{}
		for i := range length(x) {
			c, err := m.copy(at(x, i), depth+1)
			if err != nil {
				return nil, err
			}
			if c == nil {
				c = value.NullValue()
			}
			if err := m.push(out, c); err != nil {
				return nil, err
			}
		}
		return out, nil
	case object:
		out := &record{}
		for _, f := range members(x) {
			c, err := m.copy(f.value, depth+1)
			if err != nil {
				return nil, err
			}
			out.set(f.key, c)
		}
		return out, m.allocate(itemSize * 2 * len(out.members))
	case callable:
		return "", nil
	case number:
		f, _ := float(x)
		return f, m.spend(1)
	}
	return x, m.spend(1)
}
