package asl

import (
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Severity tells whether a definition with the finding can run.
type Severity string

// The severities, as ValidateStateMachineDefinition spells them.
const (
	Error   Severity = "ERROR"
	Warning Severity = "WARNING"
)

// The codes of findings that AWS knows.
const (
	InvalidJSON          = "INVALID_JSON_DESCRIPTION"
	SchemaFailed         = "SCHEMA_VALIDATION_FAILED"
	DuplicateStateName   = "DUPLICATE_STATE_NAME"
	InvalidStateName     = "INVALID_STATE_NAME"
	MissingEndState      = "MISSING_END_STATE"
	MissingTarget        = "MISSING_TRANSITION_TARGET"
	InvalidVariableName  = "INVALID_VARIABLE_NAME"
	ReservedVariableName = "RESERVED_VARIABLE_NAME"
	NoDollar             = "NO_DOLLAR"
	PassResultIsStatic   = "PASS_RESULT_IS_STATIC"
	InvalidJSONata       = "INVALID_JSONATA_EXPRESSION"
	UnsupportedJSONata   = "UNSUPPORTED_JSONATA_EXPRESSION"
)

// UnsupportedFeature is the code of a finding about what Stepwell knows and does not have; AWS would accept it.
const UnsupportedFeature = "UNSUPPORTED_FEATURE"

// The codes of warnings that AWS does not have.
const (
	UnusedVariable = "UNUSED_VARIABLE" // a variable is assigned, and nothing reads it
	TypeMismatch   = "TYPE_MISMATCH"   // an expression has a value that its field cannot have
)

// Finding is one problem of a definition. Severity, Code, Message and Location are a diagnostic of ValidateStateMachineDefinition.
type Finding struct {
	Severity Severity
	Code     string
	// Message is AWS's sentence where AWS is known to have one, without the place.
	Message string
	// Hint is what Stepwell adds to AWS's sentence, such as the nearest known name; empty when there is nothing to add.
	Hint string
	// Location is where AWS says the problem is, such as /States/Load/Choices[0]/Next; empty when AWS names no place.
	Location string
	// State is the innermost state around the place, empty at the top level.
	State    string
	Position fault.Position
}

// String returns position, sentence, hint and state.
func (f Finding) String() string {
	text := f.sentence()
	if at := f.Position.String(); at != "" {
		return at + ": " + text
	}
	return text
}

func (f Finding) sentence() string {
	text := f.Message
	if f.Hint != "" {
		text = strings.TrimSuffix(text, ".") + "; " + f.Hint
	}
	if f.State != "" {
		text += fmt.Sprintf(" (state %q)", f.State)
	}
	return text
}

// Fault returns the finding as a fault with AWS's error name: kind Unsupported for what Stepwell does not have, else Invalid.
func (f Finding) Fault() *fault.Fault {
	kind := fault.Invalid
	if f.Code == UnsupportedFeature {
		kind = fault.Unsupported
	}
	return fault.New(kind, "%s", f.sentence()).WithCode("InvalidDefinition").At(f.Position)
}

// Findings is a list of problems in the order in which AWS reports them, with what Stepwell does not have at its end.
type Findings []Finding

// Error returns one line for each finding.
func (fs Findings) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the findings as faults, so that fault.KindOf sees the kind of the first.
func (fs Findings) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f.Fault()
	}
	return errs
}

// Diagnostics returns the findings that AWS would report; when there are none, those about what Stepwell does not have.
func (fs Findings) Diagnostics() Findings {
	var known, unsupported Findings
	for _, f := range fs {
		switch f.Code {
		case UnsupportedFeature:
			unsupported = append(unsupported, f)
		case UnusedVariable, TypeMismatch:
		default:
			known = append(known, f)
		}
	}
	if known == nil {
		return unsupported
	}
	return known
}

// AWS returns the one-line message of the diagnostics that CreateStateMachine gives with InvalidDefinition.
func (fs Findings) AWS() string {
	var parts []string
	for _, f := range fs.Diagnostics() {
		location := f.Location
		if location == "" {
			location = "null"
		}
		parts = append(parts, f.Code+": "+f.Message+" at "+location)
	}
	return "Invalid State Machine Definition: '" + strings.Join(parts, ", ") + "'"
}
