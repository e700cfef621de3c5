package asl

import (
	"strings"

	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/value"
)

// path reads InputPath or OutputPath: null, a path, a context path or a variable reference.
func (o *object) path(name string) PathField {
	if n := o.field(name); n != nil && n.kind == value.Null {
		return PathField{Null: true}
	}
	return PathField{Expr: o.pathOnly(name)}
}

// resultPath reads ResultPath: null or a Reference Path into the state's input.
func (o *object) resultPath() PathField {
	f := o.path("ResultPath")
	if f.Expr != nil && !f.Expr.IsReference() {
		o.invalid(o.at("ResultPath"), "Value is not a Reference Path")
	}
	return f
}

// itemsPath reads ItemsPath, which may also name a place in the context object or in a variable.
func (o *object) itemsPath() PathField {
	return PathField{Expr: o.reference("ItemsPath")}
}

// reference reads a path that must name one place.
func (o *object) reference(name string) *intrinsic.Expression {
	if n := o.field(name); n != nil && n.kind == value.String && !strings.HasPrefix(n.text, "$") {
		o.invalid(o.at(name), "Value is not a Reference Path: Reference path didn't start with '$'")
		return nil
	}
	e := o.pathOnly(name)
	if e != nil && !e.Path().IsReference() {
		o.invalid(o.at(name), "Value is not a Reference Path")
	}
	return e
}

// pathOnly reads a field that may not be an invocation, nil when it is absent or wrong.
func (o *object) pathOnly(name string) *intrinsic.Expression {
	n := o.typed(name, value.String)
	if n == nil {
		return nil
	}
	e, err := intrinsic.Parse(n.text)
	if !strings.HasPrefix(n.text, "$") || err != nil {
		o.invalid(o.at(name), "Value must be a valid JSONPath.").Hint = reason(err)
		return nil
	}
	o.readsOf(e, o.at(name))
	return e
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// textFunctions are the functions that ErrorPath and CausePath may call.
var textFunctions = []string{
	"States.Format", "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode", "States.Base64Decode", "States.Hash", "States.UUID",
}

// textPath reads a path or an invocation that gives a text.
func (o *object) textPath(name string) *intrinsic.Expression {
	n := o.typed(name, value.String)
	if n == nil || strings.HasPrefix(n.text, "$") {
		return o.pathOnly(name)
	}
	e, err := intrinsic.Parse(n.text)
	if err != nil || !callsOneOf(n.text, textFunctions) {
		o.invalid(o.at(name), "Value must be a valid JSONPath or a valid intrinsic function call").Hint = reason(err)
		return nil
	}
	o.readsOf(e, o.at(name))
	return e
}

func callsOneOf(text string, functions []string) bool {
	function, _, _ := strings.Cut(text, "(")
	for _, f := range functions {
		if strings.TrimSpace(function) == f {
			return true
		}
	}
	return false
}

// numberOrPath reads a whole number that has a Path form.
func (o *object) numberOrPath(name string, allowed limits) Number {
	o.atMostOne(name, name+"Path")
	return Number{Constant: o.integer(name, allowed), Path: o.pathOnly(name + "Path")}
}
