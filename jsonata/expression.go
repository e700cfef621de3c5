package jsonata

import (
	"errors"

	"github.com/stepwell/stepwell/jsonata/syntax"
)

// expr is one compiled part of an expression: what it does, and what is then done with the result.
type expr struct {
	op       operation
	filters  []*filter
	group    *grouping
	keep     bool
	position int
	kind     syntax.Kind
}

// operation computes the result of a part from the context item and the variables.
type operation interface {
	eval(m *evaluation, in item, env *frame) (item, error)
}

// operationFunc is an operation that is one function.
type operationFunc func(m *evaluation, in item, env *frame) (item, error)

func (f operationFunc) eval(m *evaluation, in item, env *frame) (item, error) { return f(m, in, env) }

func (e *expr) eval(m *evaluation, in item, env *frame) (item, error) {
	if err := m.enter(); err != nil {
		return nil, err
	}
	x, err := e.op.eval(m, in, env)
	if err != nil {
		return nil, err
	}
	if e.filters != nil || e.group != nil {
		if x, err = e.refine(m, x, env); err != nil {
			return nil, err
		}
	}
	m.depth--
	return unwrap(x, e.keep), nil
}

func (e *expr) refine(m *evaluation, x item, env *frame) (item, error) {
	var err error
	for _, f := range e.filters {
		if x, err = f.apply(m, x, env); err != nil {
			return nil, err
		}
	}
	if e.group != nil {
		return e.group.eval(m, x, env)
	}
	return x, nil
}

// unwrap makes a sequence of no items nothing, and one of a single item that item.
func unwrap(x item, keep bool) item {
	l, ok := x.(*list)
	if !ok || !l.sequence || l.tuples {
		return x
	}
	if keep {
		l.keep = true
	}
	switch {
	case len(l.items) == 0:
		return nil
	case len(l.items) == 1 && !l.keep:
		return l.items[0]
	}
	return x
}

// located gives an error its place and operator, if it has none.
func located(err error, position int, token string) error {
	var e *Error
	if errors.As(err, &e) {
		if e.Position < 0 {
			e.Position = position
		}
		if e.Token == "" {
			e.Token = token
		}
	}
	return err
}
