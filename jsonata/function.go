package jsonata

import (
	"slices"

	"github.com/stepwell/stepwell/jsonata/syntax"
)

// function is a value that can be called: a lambda, a built-in function, a regular expression, or a part of one of them with
// some arguments given.
type function struct {
	name      string
	arity     int // how many arguments a higher-order function hands it
	signature *syntax.Signature
	result    byte // the letter of what a function of the language gives; 0: not known
	native    func(c *call) (item, error)

	lambda *lambdaOp
	env    *frame
	input  item

	pattern *pattern // of a regular expression
}

// call is one call of a built-in function.
type call struct {
	*evaluation
	args  []item
	input item
	env   *frame
}

// arg returns an argument, nil when it is not given.
func (c *call) arg(i int) item {
	if i < len(c.args) {
		return c.args[i]
	}
	return nil
}

// tailCall is what a lambda's body gives when it ends with a call: the caller carries it out, so that the stack does not grow.
type tailCall struct {
	op    *callOp
	input item
	env   *frame
}

// apply calls a function.
func (m *evaluation) apply(f *function, args []item, input item, env *frame) (item, error) {
	x, err := m.applyOnce(f, args, input, env)
	for err == nil {
		tail, ok := x.(*tailCall)
		if !ok {
			break
		}
		if err := m.spend(1); err != nil {
			return nil, err
		}
		next, evaluated, err := tail.op.prepare(m, tail.input, tail.env, nil)
		if err != nil {
			return nil, err
		}
		if x, err = m.applyOnce(next, evaluated, input, env); err != nil {
			return nil, tail.op.locate(err)
		}
	}
	return x, err
}

func (m *evaluation) applyOnce(f *function, args []item, input item, env *frame) (item, error) {
	if f == nil {
		return nil, fail("T1006")
	}
	if f.signature != nil {
		var err error
		if args, err = validate(f.signature, args, input); err != nil {
			return nil, located(err, -1, f.name)
		}
	}
	if f.lambda != nil {
		return f.lambda.run(m, f, args)
	}
	return f.native(&call{evaluation: m, args: args, input: input, env: env})
}

// lambdaOp makes a function of the scope that it stands in.
type lambdaOp struct {
	parameters []string
	signature  *syntax.Signature
	body       *expr
}

func (c *compiler) lambda(n *syntax.Node) (operation, error) {
	body, err := c.expr(n.Right)
	if err != nil {
		return nil, err
	}
	l := &lambdaOp{signature: n.Signature, body: body}
	for _, parameter := range n.List {
		l.parameters = append(l.parameters, parameter.Text)
	}
	l.parameters = slices.Clip(l.parameters)
	return l, nil
}

func (l *lambdaOp) eval(_ *evaluation, in item, env *frame) (item, error) {
	return &function{arity: len(l.parameters), signature: l.signature, lambda: l, env: env, input: in}, nil
}

// run evaluates the body. The arguments belong to the call: they become its scope.
func (l *lambdaOp) run(m *evaluation, f *function, args []item) (item, error) {
	n := len(l.parameters)
	for len(args) < n {
		args = append(args, nil)
	}
	return l.body.eval(m, f.input, &frame{parent: f.env, names: l.parameters, values: args[:n:n]})
}

// callback calls a function that was given as an argument, with as many arguments as it takes; the first is always given.
func (c *call) callback(f *function, args ...item) (item, error) {
	n := max(1, min(f.arity, len(args)))
	return c.apply(f, append([]item(nil), args[:n]...), nil, c.env)
}
