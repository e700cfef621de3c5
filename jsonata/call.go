package jsonata

import "github.com/stepwell/stepwell/jsonata/syntax"

// callOp calls a function with arguments, or fixes some of them.
type callOp struct {
	function *expr
	name     string // as the expression calls it, for messages
	bare     bool   // the name has no $
	args     []*expr
	holes    []bool
	partial  bool
	tail     bool
	position int
}

func (c *compiler) call(n *syntax.Node) (operation, error) {
	f, err := c.expr(n.Left)
	if err != nil {
		return nil, err
	}
	o := &callOp{function: f, name: n.Left.Text, partial: n.Kind == syntax.Partial, tail: n.Tail, position: n.Position}
	if n.Left.Kind == syntax.Path {
		o.name, o.bare = n.Left.List[0].Text, true
	}
	for _, part := range n.List {
		hole := part.Kind == syntax.Placeholder
		var arg *expr
		if !hole {
			if arg, err = c.expr(part); err != nil {
				return nil, err
			}
		}
		o.args = append(o.args, arg)
		o.holes = append(o.holes, hole)
	}
	return o, nil
}

func (o *callOp) eval(m *evaluation, in item, env *frame) (item, error) {
	if o.tail {
		return &tailCall{o, in, env}, nil
	}
	return o.invoke(m, in, env, nil)
}

// invoke calls the function; first, when there is one, holds the argument that stands before the others.
func (o *callOp) invoke(m *evaluation, in item, env *frame, first []item) (item, error) {
	f, args, err := o.prepare(m, in, env, first)
	if err != nil {
		return nil, err
	}
	if o.partial {
		return o.fix(f, args), nil
	}
	x, err := m.apply(f, args, in, env)
	if err != nil {
		return nil, o.locate(err)
	}
	return x, nil
}

func (o *callOp) locate(err error) error { return located(err, o.position, o.name) }

// prepare evaluates the function and its arguments.
func (o *callOp) prepare(m *evaluation, in item, env *frame, first []item) (*function, []item, error) {
	x, err := o.function.eval(m, in, env)
	if err != nil {
		return nil, nil, err
	}
	f, ok := x.(*function)
	if !ok && x == nil && o.bare && o.meansVariable(m, env) {
		return nil, nil, o.locate(fail(o.code("T1005", "T1007")))
	}
	args := make([]item, len(first)+len(o.args), len(first)+len(o.args)+1)
	copy(args, first)
	for i, e := range o.args {
		if e == nil {
			continue
		}
		if args[len(first)+i], err = e.eval(m, in, env); err != nil {
			return nil, nil, err
		}
	}
	if !ok {
		return nil, nil, o.locate(fail(o.code("T1006", "T1008")))
	}
	return f, args, nil
}

func (o *callOp) code(call, partial string) string {
	if o.partial {
		return partial
	}
	return call
}

// meansVariable reports whether a $ before the name would have named something.
func (o *callOp) meansVariable(m *evaluation, env *frame) bool {
	x, err := (&variableOp{name: o.name, builtin: m.dialect.builtin(o.name)}).eval(m, nil, env)
	return err == nil && x != nil
}

// fix makes a function of one whose other arguments are given.
func (o *callOp) fix(f *function, args []item) *function {
	var open []int
	for i, hole := range o.holes {
		if hole {
			open = append(open, i)
		}
	}
	return &function{name: f.name, arity: len(open), native: func(c *call) (item, error) {
		all := append([]item(nil), args...)
		for i, at := range open {
			all[at] = c.arg(i)
		}
		return c.apply(f, all, nil, c.env)
	}}
}

// applyOp is ~>: it calls what stands behind it with what stands before, or chains two functions.
type applyOp struct {
	left, right *expr
	call        *callOp // when right is a call
	position    int
}

// callOf returns the call that an expression is.
func callOf(e *expr) *callOp {
	if e == nil || e.kind != syntax.Call {
		return nil
	}
	return e.op.(*callOp)
}

func (a *applyOp) eval(m *evaluation, in item, env *frame) (item, error) {
	x, err := a.left.eval(m, in, env)
	if err != nil {
		return nil, err
	}
	if a.call != nil {
		return a.call.invoke(m, in, env, []item{x})
	}
	y, err := a.right.eval(m, in, env)
	if err != nil {
		return nil, err
	}
	second, ok := y.(*function)
	if !ok {
		return nil, located(failWith("T2006", y), a.position, "~>")
	}
	if first, ok := x.(*function); ok {
		return &function{arity: 1, native: func(c *call) (item, error) {
			between, err := c.apply(first, []item{c.arg(0)}, nil, c.env)
			if err != nil {
				return nil, err
			}
			return c.apply(second, []item{between}, nil, c.env)
		}}, nil
	}
	return m.apply(second, []item{x}, nil, env)
}
