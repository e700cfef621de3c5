package asl_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/value"
)

// The traces set what a template is evaluated in and then evaluate templates.
//
//	input, context, variables   the scope, as JSON
//	eval                        the Parameters of a Pass state
func TestTemplate(t *testing.T) {
	datadriven.Walk(t, "testdata/template", func(t *testing.T, path string) {
		scope := &intrinsic.Scope{Random: func() uint64 { return 1 }}
		variables := value.EmptyObject()
		scope.Variable = func(name string) (value.Value, bool) { return variables.Get(name) }
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "input":
				scope.Input = value.MustParse(d.Input)
			case "context":
				scope.Context = value.MustParse(d.Input)
			case "variables":
				variables = value.MustParse(d.Input)
			case "eval":
				return evaluated(t, d.Input, scope)
			}
			return ""
		})
	})
}

func evaluated(t *testing.T, text string, scope *intrinsic.Scope) string {
	m, err := asl.Parse(wrapped(`{"Type":"Pass","Assign":{"x":0,"y":0},"End":true,"Parameters":`+text+`}`), asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	parameters := m.State("S").Parameters
	out := fmt.Sprintf("names %v, reads %v\n", parameters.Names(), parameters.Variables())
	v, err := parameters.Eval(scope)
	if err == nil {
		return out + v.Text() + "\n"
	}
	var bad *asl.TemplateError
	if !errors.As(err, &bad) {
		t.Fatalf("Eval returned %T", err)
	}
	return out + strings.Join([]string{"field " + bad.Field, bad.Expression.String(), bad.Err.Error()}, ": ") + "\n"
}
