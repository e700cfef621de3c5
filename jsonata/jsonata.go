// Package jsonata is the query and transformation language JSONata, in the semantics of version 2.x of its reference
// implementation, with its error codes.
//
//	e, err := jsonata.Compile(`Account.Order.Product.(Price * Quantity) ~> $sum()`, jsonata.Reference)
//	v, err := e.Eval(input, jsonata.Scope{})
//
// An expression is compiled once and may be evaluated by several goroutines. Values go in and come out as value.Value: members keep
// their order, and numbers that only pass through keep their spelling. The package is pure: time and chance come from the caller,
// and an evaluation is bounded by counting (Limits), matches of regular expressions too.
//
// It does not know state machines; of Step Functions it has the functions that those add to the language (StepFunctions).
package jsonata

import (
	"time"

	"github.com/stepwell/stepwell/jsonata/syntax"
	"github.com/stepwell/stepwell/value"
)

// Expression is a compiled expression.
type Expression struct {
	tree    *syntax.Node
	root    *expr
	dialect Dialect
}

// Compile reads an expression. The error is an *Error with a code and the place in the text.
func Compile(text string, dialect Dialect) (*Expression, error) {
	tree, err := syntax.Parse(text)
	if err != nil {
		return nil, err
	}
	root, err := (&compiler{dialect}).expr(tree)
	if err != nil {
		return nil, err
	}
	return &Expression{tree, root, dialect}, nil
}

// Scope is what an evaluation has besides its input.
type Scope struct {
	// Lookup returns a variable; it comes before the functions of the language. Nil means that there are none.
	Lookup func(name string) (value.Value, bool)
	// Now is the time of $now and $millis.
	Now time.Time
	// Random returns numbers in [0, 1) for $random, $shuffle and $uuid; nil gives always 0.
	Random func() float64
	Limits Limits
}

// evaluation is one run of an expression.
type evaluation struct {
	root    item
	lookup  func(name string) (value.Value, bool)
	now     time.Time
	chance  func() float64
	left    Limits
	depth   int
	dialect Dialect
	base    frame
}

func (m *evaluation) random() float64 {
	if m.chance == nil {
		return 0
	}
	return m.chance()
}

// Eval evaluates the expression with input as its context; the zero Value is no input. The result is the zero Value when the
// expression gives nothing. The error is an *Error.
func (e *Expression) Eval(input value.Value, scope Scope) (value.Value, error) {
	m := &evaluation{lookup: scope.Lookup, now: scope.Now, chance: scope.Random, left: scope.Limits.orDefaults(), dialect: e.dialect}
	var in item
	if !input.IsZero() {
		in = input
	}
	m.root = in
	x, err := e.root.eval(m, wrap(in), &m.base)
	if err != nil {
		return value.Value{}, err
	}
	if x == nil {
		return value.Value{}, nil
	}
	return m.result(x, 0)
}

// wrap makes an array one context, of which an expression takes the items only when it says so.
func wrap(in item) item {
	if isArray(in) && !isSequence(in) {
		return &list{items: []item{in}, sequence: true, outer: true}
	}
	return in
}

// evaluateText is $eval.
func evaluateText(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	in := c.input
	if c.arg(1) != nil {
		in = wrap(c.arg(1))
	}
	if err := c.spend(len(s)); err != nil {
		return nil, err
	}
	e, err := Compile(s, c.dialect)
	if err != nil {
		return nil, nested("D3120", err)
	}
	x, err := e.root.eval(c.evaluation, in, c.env)
	if err != nil {
		return nil, nested("D3121", err)
	}
	return x, nil
}

// nested makes an error of one in an evaluated text; a limit that is reached stays what it is.
func nested(code string, err error) error {
	e, ok := err.(*Error)
	if !ok || e.Code == LimitReached {
		return err
	}
	return failWith(code, e.Text())
}
