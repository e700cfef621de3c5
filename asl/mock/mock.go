// Package mock checks that a mocked result looks like what a service would answer: the fields that its API has, with their
// types and limits. It does not produce answers, and it knows nothing about how mocks are written down.
//
// The shapes are in shapes.txt: the operations that pipelines mock most. A result of any other operation is accepted.
//
//	err := mock.Check("arn:aws:states:::dynamodb:putItem", result, mock.Strict)
package mock

import (
	"strings"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Mode says how closely a result is looked at, as TestState's fieldValidationMode.
type Mode string

// The modes.
const (
	Strict  Mode = "STRICT"  // required fields have to be there
	Present Mode = "PRESENT" // only what is there is looked at
	None    Mode = "NONE"
)

// Check says what a mocked result has that the answer of a Task's Resource could not have. A fault is in AWS's words.
func Check(resource string, result value.Value, mode Mode) error {
	if mode == None {
		return nil
	}
	s, known := shapes().operations[operation(resource)]
	switch {
	case !known:
		return nil
	case result.Kind() != value.Object:
		return fault.Invalidf("Mocked result must be a JSON object.")
	}
	return checker{shapes(), mode}.fields(s, result)
}

// operation returns the name under which shapes.txt has a resource: kms:encrypt. What a callback answers is the caller's matter.
func operation(resource string) string {
	name, err := arn.Parse(resource)
	if err != nil || name.Service != "states" {
		return ""
	}
	text := strings.TrimPrefix(name.Resource, "aws-sdk:")
	if rest, ok := strings.CutPrefix(text, "sfn:"); ok {
		text = "states:" + rest
	}
	return text
}

type checker struct {
	shapes catalog
	mode   Mode
}

func (c checker) fields(fields []field, object value.Value) error {
	for _, f := range fields {
		v, ok := object.Get(f.name)
		if !ok || v.IsNull() {
			if f.required && c.mode == Strict {
				return wrong("Required field '%s' is missing", f.name)
			}
			continue
		}
		if err := c.value(f.name, f.shape, v); err != nil {
			return err
		}
	}
	return nil
}

func wrong(format string, args ...any) error {
	return fault.Invalidf("Mock result schema validation error: "+format, args...)
}

// kinds say, by what a shape demands, how AWS calls it.
var kinds = map[value.Kind]string{
	value.String: "a string", value.Number: "a number", value.Bool: "a boolean", value.Array: "an array", value.Object: "an object",
}

func (c checker) value(name string, s shape, v value.Value) error {
	if s.kind == anything {
		return nil
	}
	if v.Kind() != s.kind {
		return wrong("Field '%s' must be %s", name, kinds[s.kind])
	}
	switch s.kind {
	case value.Array:
		for _, item := range v.Items() {
			if err := c.value(name, *s.element, item); err != nil {
				return err
			}
		}
	case value.Object:
		return c.object(s, v)
	case value.String:
		return checkText(name, s, v.Str())
	case value.Number:
		n, _ := v.Float()
		return checkNumber(name, s, n)
	}
	return nil
}

func (c checker) object(s shape, v value.Value) error {
	if s.element == nil {
		return c.fields(c.shapes.structures[s.structure], v)
	}
	for _, m := range v.Members() {
		if err := c.value(m.Key, *s.element, m.Value); err != nil {
			return err
		}
	}
	return nil
}
