package asl_test

import (
	"errors"
	"testing"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/value"
)

// What AWS said about definitions: CreateStateMachine's error or ValidateStateMachineDefinition's diagnostics.
func TestValidationConformance(t *testing.T) {
	tally := conformance.NewTally(t, "asl/validation", "testdata/validation.misses.txt")
	for _, c := range conformance.Cases(t, "validation") {
		list := validate(t, c)
		if want, ok := c.Expected.Get("error"); ok {
			got := value.OfMembers(
				value.Member{Key: "code", Value: value.OfString("InvalidDefinition")},
				value.Member{Key: "message", Value: value.OfString(list.AWS())})
			want = only(want, "code", "message")
			tally.Record(c.Source, c.ID, c.NewMatcher().Diff("error", want, got))
			continue
		}
		want, _ := c.Expected.Get("response")
		tally.Record(c.Source, c.ID, c.NewMatcher().Diff("response", want, response(list)))
	}
	tally.Close(t)
}

func only(v value.Value, keys ...string) value.Value {
	var members []value.Member
	for _, key := range keys {
		if m, ok := v.Get(key); ok {
			members = append(members, value.Member{Key: key, Value: m})
		}
	}
	return value.OfMembers(members...)
}

func validate(t *testing.T, c *conformance.Case) asl.Findings {
	t.Helper()
	_, err := asl.Parse(c.Definition, asl.Options{Express: c.Type == "EXPRESS"})
	var list asl.Findings
	if err != nil && !errors.As(err, &list) {
		t.Fatalf("%s: Parse returned %T", c.ID, err)
	}
	return list
}

func response(list asl.Findings) value.Value {
	diagnostics := []value.Value{}
	for _, f := range list.Diagnostics() {
		d := value.OfMembers(
			value.Member{Key: "severity", Value: value.OfString(string(f.Severity))},
			value.Member{Key: "code", Value: value.OfString(f.Code)},
			value.Member{Key: "message", Value: value.OfString(f.Message)})
		if f.Location != "" {
			d = d.With("location", value.OfString(f.Location))
		}
		diagnostics = append(diagnostics, d)
	}
	result := "OK"
	if len(diagnostics) > 0 {
		result = "FAIL"
	}
	return value.OfMembers(
		value.Member{Key: "result", Value: value.OfString(result)},
		value.Member{Key: "diagnostics", Value: value.OfItems(diagnostics)},
		value.Member{Key: "truncated", Value: value.OfBool(false)})
}

// Every definition that AWS executed parses, apart from what is refused by name.
func TestExecutedDefinitionsParse(t *testing.T) {
	read, refused := 0, 0
	for _, kind := range []string{"execution", "api"} {
		for _, c := range conformance.Cases(t, kind) {
			for _, text := range definitions(c, kind) {
				_, err := asl.Parse(text, asl.Options{})
				var list asl.Findings
				errors.As(err, &list)
				switch {
				case err == nil:
					read++
				case list[0].Code == asl.UnsupportedFeature:
					refused++
				default:
					t.Errorf("%s: %v", c.ID, err)
				}
			}
		}
	}
	t.Logf("%d definitions read, %d refused by name", read, refused)
}

// definitions returns the definitions of a case that AWS accepted.
func definitions(c *conformance.Case, kind string) []string {
	if kind == "execution" {
		return []string{c.Definition}
	}
	var texts []string
	steps, _ := c.Raw.Get("steps")
	for _, step := range steps.Items() {
		if op, _ := step.Get("op"); op.Str() == "ValidateStateMachineDefinition" {
			continue
		}
		params, _ := step.Get("params")
		definition, _ := params.Get("definition")
		expect, _ := step.Get("expect")
		_, failed := expect.Get("error")
		if _, raises := step.Get("raises"); definition.Kind() == value.String && !failed && !raises {
			texts = append(texts, definition.Str())
		}
	}
	return texts
}
