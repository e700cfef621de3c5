package asl_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/fault"
)

// The traces hold definitions with what Parse says about them.
//
//	machine [yaml] [express]   a whole definition
//	state                      one state S of a machine that also has a state T
//
// A finding is printed as line:column, code, AWS's place, sentence, hint and state; a definition without findings as the
// description of its states, then its warnings.
func TestParse(t *testing.T) {
	datadriven.Walk(t, "testdata/parse", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			text, options := d.Input, asl.Options{Express: d.HasArg("express")}
			if d.HasArg("yaml") {
				options.File = "m.yaml"
			}
			if d.Cmd == "state" {
				text = wrapped(text)
			}
			m, err := asl.Parse(text, options)
			if err != nil {
				return findings(t, err)
			}
			return describe(m)
		})
	})
}

// What earlier versions did not check hinders nothing that was accepted then; all else does.
func TestAccepted(t *testing.T) {
	const bare = `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% a ? 1 : 2 %}", "End": true}}}`
	if _, err := asl.Parse(bare, asl.Options{}); err == nil {
		t.Error("a name without a context is taken")
	}
	if _, err := asl.Parse(bare, asl.Options{Accepted: true}); err != nil {
		t.Error(err)
	}
	if _, err := asl.Parse(`{"StartAt": "A", "States": {}}`, asl.Options{Accepted: true}); err == nil {
		t.Error("a definition without states is taken")
	}
}

// wrapped puts a state into a machine without moving its lines.
func wrapped(state string) string {
	text := `{"StartAt":"S","States":{"S":` + state
	if strings.Contains(state, `"T"`) {
		text += `,"T":{"Type":"Succeed"}`
	}
	return text + "}}"
}

func findings(t *testing.T, err error) string {
	var list asl.Findings
	if !errors.As(err, &list) {
		t.Fatalf("Parse returned %T", err)
	}
	return printed(list)
}

func printed(list asl.Findings) string {
	var out strings.Builder
	for _, f := range list {
		sentence := f
		sentence.Position = fault.Position{}
		fmt.Fprintf(&out, "%d:%d %s %s: %s\n", f.Position.Line, f.Position.Column, f.Code, f.Location, sentence)
	}
	return out.String()
}

func TestFindingsAsErrors(t *testing.T) {
	_, err := asl.Parse("{\n \"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"B\"}}}", asl.Options{File: "m.asl.json"})
	const want = "m.asl.json:2:59: Missing 'Next' target: B (state \"A\")\nm.asl.json:1:1: Workflow has no terminal state"
	if err == nil || err.Error() != want {
		t.Errorf("Error() = %v, want %s", err, want)
	}
	if fault.KindOf(err) != fault.Invalid || fault.CodeOf(err) != "" && fault.CodeOf(err) != "InvalidDefinition" {
		t.Errorf("kind %v, code %q", fault.KindOf(err), fault.CodeOf(err))
	}
	const aws = "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, " +
		"MISSING_END_STATE: Workflow has no terminal state at null'"
	if got := err.(asl.Findings).AWS(); got != aws {
		t.Errorf("AWS() = %s", got)
	}
}

func TestUnsupportedComesLast(t *testing.T) {
	const text = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Next":"B"},"B":{"Type":"Succeed"}}}`
	options := asl.Options{Resource: func(string) error { return errors.New("sqs is not here") }}
	_, err := asl.Parse(text, options)
	if fault.KindOf(err) != fault.Unsupported {
		t.Errorf("a resource alone is of kind %v: %v", fault.KindOf(err), err)
	}
	_, err = asl.Parse(strings.Replace(text, "Succeed", "Nope", 1), options)
	list := err.(asl.Findings)
	if len(list) != 2 || list[1].Code != asl.UnsupportedFeature || len(list.Diagnostics()) != 1 || fault.KindOf(err) != fault.Invalid {
		t.Errorf("findings are %v", list)
	}
}

func TestResourceOption(t *testing.T) {
	const text = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}`
	_, err := asl.Parse(text, asl.Options{Resource: func(string) error { return errors.New("sqs is not here") }})
	if err == nil || err.Error() != `1:56: sqs is not here (state "A")` || fault.KindOf(err) != fault.Unsupported {
		t.Errorf("Parse returned %v", err)
	}
}
