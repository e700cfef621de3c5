package jsonata

import "math"

// blockOp evaluates expressions one after another, in a scope of their own, and gives the last result.
type blockOp []*expr

func (b blockOp) eval(m *evaluation, in item, env *frame) (x item, err error) {
	scope := &frame{parent: env}
	for _, e := range b {
		if x, err = e.eval(m, in, scope); err != nil {
			return nil, err
		}
	}
	return x, nil
}

type conditionOp struct{ condition, then, other *expr }

func (c *conditionOp) eval(m *evaluation, in item, env *frame) (item, error) {
	x, err := c.condition.eval(m, in, env)
	if err != nil {
		return nil, err
	}
	if truthy(x) {
		return c.then.eval(m, in, env)
	}
	if c.other == nil {
		return nil, nil
	}
	return c.other.eval(m, in, env)
}

// orElseOp gives its second operand when the first is nothing or, strict, when it is false in any sense.
type orElseOp struct {
	first, second *expr
	strict        bool
}

func (o *orElseOp) eval(m *evaluation, in item, env *frame) (item, error) {
	x, err := o.first.eval(m, in, env)
	if err != nil {
		return nil, err
	}
	if x != nil && (!o.strict || truthy(x)) {
		return x, nil
	}
	return o.second.eval(m, in, env)
}

type bindOp struct {
	name  string
	value *expr
}

func (b *bindOp) eval(m *evaluation, in item, env *frame) (item, error) {
	x, err := b.value.eval(m, in, env)
	if err == nil {
		env.bind(b.name, x)
	}
	return x, err
}

// truthy casts to a boolean: empty strings, objects and arrays, zero, null and functions are false.
func truthy(x item) bool { return truthyAt(x, 0) }

func truthyAt(x item, depth int) bool {
	switch kindOf(x) {
	case boolean:
		b, _ := truth(x)
		return b
	case number:
		f, _ := float(x)
		return f != 0 && !math.IsNaN(f)
	case text:
		s, _ := str(x)
		return s != ""
	case object:
		return size(x) > 0
	case array:
		for i := range length(x) {
			if depth > maxNesting || truthyAt(at(x, i), depth+1) {
				return true
			}
		}
	}
	return false
}
