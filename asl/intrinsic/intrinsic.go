// Package intrinsic reads and evaluates what stands in a ".$" field of a JSONPath-mode state, or in a field such as
// SecondsPath: a path into the input, into the context object or into a variable, or an intrinsic function.
//
// It does not know the fields and their errors; packages asl and asl/machine say where an expression stood.
//
//	e, err := intrinsic.Parse("States.Format('{} of {}', $.name, $$.Execution.Id)")
//	v, err := e.Eval(&intrinsic.Scope{Input: input, Context: context, Variable: variable, Random: random})
//
// An Expression is immutable and may be used by several goroutines.
package intrinsic

import (
	"errors"
	"fmt"
	"slices"

	"github.com/stepwell/stepwell/jsonpath"
	"github.com/stepwell/stepwell/value"
)

// Kind says what an expression takes its value from.
type Kind uint8

// The kinds of expressions.
const (
	InputPath   Kind = iota // $.a
	ContextPath             // $$.Execution.Id
	Variable                // $name.a
	Invocation              // States.Format('{}', $.a)

	literal // 'text', 1, true, null: only as an argument
)

// Expression is a path ($.a), a context path ($$.Execution.Id), a variable reference ($name.a) or an invocation
// (States.Format('{}', $.a)).
type Expression struct {
	text      string
	kind      Kind
	path      *jsonpath.Path // of the first three kinds, counted from what they name
	variable  string         // its name without the $
	literal   value.Value
	function  *function
	arguments []*Expression
}

// Scope is what an expression is evaluated in.
type Scope struct {
	Input    value.Value
	Context  value.Value
	Variable func(name string) (value.Value, bool)
	Random   func() uint64 // the next draw of the event's seed
}

// ParseError says where and why a text is no expression. Column counts from 1, in characters.
type ParseError struct {
	Column int
	Reason string
}

// Error returns column and reason.
func (e *ParseError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Reason) }

// Failure says that an invocation failed, which AWS raises as States.Runtime. Cause is AWS's text, without the sentence
// "An error occurred while executing the state…" before it.
type Failure struct{ Cause string }

// Error returns the cause.
func (f *Failure) Error() string { return f.Cause }

// UnsetError says that a variable has no value.
type UnsetError struct{ Name string }

// Error names the variable.
func (e *UnsetError) Error() string { return "variable $" + e.Name + " has no value" }

// String returns the expression as it was written.
func (e *Expression) String() string { return e.text }

// Kind returns what the expression takes its value from.
func (e *Expression) Kind() Kind { return e.kind }

// Path returns the path, counted from the input, the context object or the variable ($ in place of $$ or $name); nil for
// an invocation.
func (e *Expression) Path() *jsonpath.Path { return e.path }

// IsReference reports whether the expression is a Reference Path into the input, as ResultPath demands.
func (e *Expression) IsReference() bool { return e.kind == InputPath && e.path.IsReference() }

// Variables returns the names of the variables that the expression reads, in order of first use.
func (e *Expression) Variables() []string {
	if e.kind == Variable {
		return []string{e.variable}
	}
	var names []string
	for _, argument := range e.arguments {
		for _, name := range argument.Variables() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Eval returns the expression's value. The error is a *jsonpath.MissingError when a path selects nothing, an *UnsetError
// when a variable has no value, a *Failure of an invocation, or what jsonpath's Eval gives for a path it cannot follow.
func (e *Expression) Eval(scope *Scope) (value.Value, error) {
	v, err := e.eval(scope)
	var missing *missingArgument
	if errors.As(err, &missing) {
		return v, &Failure{fmt.Sprintf("The function '%s' had the following error: %s", e.text, missing.cause(scope))}
	}
	return v, err
}

func (e *Expression) eval(scope *Scope) (value.Value, error) {
	switch e.kind {
	case InputPath:
		return e.follow(scope.Input)
	case ContextPath:
		return e.follow(scope.Context)
	case Variable:
		v, ok := scope.Variable(e.variable)
		if !ok {
			return value.Value{}, &UnsetError{e.variable}
		}
		return e.follow(v)
	case literal:
		return e.literal, nil
	}
	return e.invoke(scope)
}

func (e *Expression) follow(root value.Value) (value.Value, error) {
	v, err := e.path.Eval(root)
	var missing *jsonpath.MissingError
	if errors.As(err, &missing) {
		missing.Path = e.text
	}
	return v, err
}

func (e *Expression) invoke(scope *Scope) (value.Value, error) {
	arguments := make([]value.Value, len(e.arguments))
	for i, argument := range e.arguments {
		v, err := argument.eval(scope)
		var missing *jsonpath.MissingError
		if errors.As(err, &missing) {
			err = &missingArgument{argument, missing}
		}
		if err != nil {
			return v, err
		}
		arguments[i] = v
	}
	v, err := e.function.apply(arguments, scope)
	if err != nil {
		cause := fmt.Sprintf("There was an error while evaluating the intrinsic function: %s. %s", e.text, err)
		return v, &Failure{cause}
	}
	return v, nil
}

// missingArgument is an argument whose path selects nothing. AWS names the whole expression, not the inner invocation
// that it stands in.
type missingArgument struct {
	argument *Expression
	reason   *jsonpath.MissingError
}

func (m *missingArgument) Error() string { return m.reason.Error() }

func (m *missingArgument) cause(scope *Scope) string {
	if m.reason.NotArray {
		return m.reason.Reason
	}
	field := m.argument.text
	if m.argument.kind == ContextPath {
		// AWS prints the path as counted from the context object, and yet the input beside it.
		field = m.argument.path.String()
	}
	return fmt.Sprintf("The JsonPath argument for the field '%s' could not be found in the input '%s'", field, scope.Input.Text())
}
