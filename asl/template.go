package asl

import (
	"errors"
	"slices"

	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/jsonpath"
	"github.com/stepwell/stepwell/value"
)

// Template is a payload template: Parameters, ResultSelector, ItemSelector, Assign, Credentials. It is an object, an array
// or, where nothing in it is to be evaluated, a constant.
type Template struct {
	constant value.Value
	fields   []templateField
	items    []*Template
	object   bool
}

// templateField is one member: an expression whose key was written with ".$", or a part.
type templateField struct {
	name       string
	expression *intrinsic.Expression
	part       *Template
}

// TemplateError says which expression of a template has no value.
type TemplateError struct {
	Field      string // the key with its ".$"
	Expression *intrinsic.Expression
	Err        error // what Expression.Eval returned
}

// Error names the field and the reason.
func (e *TemplateError) Error() string { return "field '" + e.Field + "': " + e.Err.Error() }

// Unwrap returns the reason.
func (e *TemplateError) Unwrap() error { return e.Err }

// Eval builds the template's value: its constant parts as they were written, in the order of the definition. The error is a
// *TemplateError about the first expression that has no value.
func (t *Template) Eval(scope *intrinsic.Scope) (value.Value, error) {
	switch {
	case !t.constant.IsZero():
		return t.constant, nil
	case t.object:
		return t.evalFields(scope)
	}
	items := make([]value.Value, len(t.items))
	for i, item := range t.items {
		v, err := item.Eval(scope)
		if err != nil {
			return value.Value{}, err
		}
		items[i] = v
	}
	return value.OfItems(items), nil
}

func (t *Template) evalFields(scope *intrinsic.Scope) (value.Value, error) {
	members := make([]value.Member, len(t.fields))
	for i, f := range t.fields {
		v, err := f.eval(scope)
		if err != nil {
			return value.Value{}, err
		}
		members[i] = value.Member{Key: f.name, Value: v}
	}
	return value.OfMembers(members...), nil
}

func (f *templateField) eval(scope *intrinsic.Scope) (value.Value, error) {
	if f.expression == nil {
		return f.part.Eval(scope)
	}
	v, err := f.expression.Eval(scope)
	if stand, ok := standIn(f.expression, err); ok {
		return stand, nil
	}
	if err != nil {
		return value.Value{}, &TemplateError{Field: f.name + ".$", Expression: f.expression, Err: err}
	}
	return v, nil
}

// standIn returns what a template takes where a path selects nothing and that is no error: no matches of an indefinite
// path, null behind the end of an array.
func standIn(e *intrinsic.Expression, err error) (value.Value, bool) {
	var missing *jsonpath.MissingError
	if !errors.As(err, &missing) || e.Path() == nil {
		return value.Value{}, false
	}
	if !e.Path().Definite() {
		return value.OfItems(nil), true
	}
	return value.NullValue(), missing.PastEnd
}

// Names returns the top-level keys without their ".$", in order: for Assign, the assigned variables.
func (t *Template) Names() []string {
	var names []string
	for _, m := range t.constant.Members() {
		names = append(names, m.Key)
	}
	for _, f := range t.fields {
		names = append(names, f.name)
	}
	return names
}

// Variables returns the names of the variables that the template reads, in order of first use.
func (t *Template) Variables() []string {
	var names []string
	t.expressions(func(e *intrinsic.Expression) {
		for _, name := range e.Variables() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	})
	return names
}

func (t *Template) expressions(each func(*intrinsic.Expression)) {
	for _, f := range t.fields {
		if f.expression != nil {
			each(f.expression)
		} else {
			f.part.expressions(each)
		}
	}
	for _, item := range t.items {
		item.expressions(each)
	}
}
