package machine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/jsonpath"
	"github.com/stepwell/stepwell/value"
)

// The errors of the States Language that the interpreter itself raises.
const (
	statesRuntime           = "States.Runtime"
	statesTimeout           = "States.Timeout"
	statesDataLimitExceeded = "States.DataLimitExceeded"
	statesReferenceConflict = "States.ReferencePathConflict"
)

// maxPayload is the size of an input, output or result in bytes that must not be exceeded.
const maxPayload = 256 * 1024

// failure is a States Language error: data, not a fault of ours.
type failure struct {
	name, cause *string
	alias       string // another name under which retriers and catchers find it
	terminal    bool   // neither Retry nor Catch helps
	evaluated   bool   // an expression failed
}

func newFailure(name, cause string) *failure { return &failure{name: &name, cause: &cause} }

// runtime returns the States.Runtime error of a state.
func (v *visit) runtime(format string, args ...any) *failure {
	f := newFailure(statesRuntime, v.located(fmt.Sprintf(format, args...)))
	f.terminal = true
	return f
}

// located says where an error came up. A state that is tried out by itself was entered at no event.
func (v *visit) located(cause string) string {
	if v.entered == 0 {
		return cause
	}
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s", v.state.Name, v.entered, cause)
}

func dataLimitExceeded(name string) *failure {
	return newFailure(statesDataLimitExceeded,
		"The state/task '"+name+"' returned a result with a size exceeding the maximum number of bytes service limit.")
}

func historyFull() *failure {
	return newFailure(statesRuntime, fmt.Sprintf("The execution reached the maximum number of history events (%d).", maxHistory))
}

func timedOut(alias string) *failure {
	name := statesTimeout
	return &failure{name: &name, alias: alias}
}

func tooLarge(v value.Value) bool { return len(v.Text()) > maxPayload }

// unfit says why a value cannot be a state's output; nil when it can.
func (v *visit) unfit(output value.Value) *failure {
	text := output.Text()
	if len(text) > maxPayload {
		return dataLimitExceeded(v.state.Name)
	}
	// A value can be built deeper than one may be read, and outputs are read again from where they are stored.
	if brackets := strings.Count(text, "{") + strings.Count(text, "["); brackets < value.MaxDepth {
		return nil
	}
	if _, err := value.Parse(text); err != nil {
		return v.runtime("The output is nested deeper than %d levels.", value.MaxDepth)
	}
	return nil
}

// evaluationFailure says what went wrong in an expression. missing is called when a path selects nothing.
func (v *visit) evaluationFailure(err error, missing func(reason string) *failure) *failure {
	var nothing *jsonpath.MissingError
	var unset *intrinsic.UnsetError
	var failed *intrinsic.Failure
	switch {
	case errors.As(err, &nothing):
		return missing(nothing.Error())
	case errors.As(err, &unset):
		return missing(unset.Error())
	case errors.As(err, &failed):
		return v.runtime("%s", failed.Cause)
	}
	return v.runtime("%s", err)
}

// pathFailure is for the fields whose errors AWS words "Invalid path": InputPath, OutputPath and the Path forms.
func (v *visit) pathFailure(e *intrinsic.Expression, err error) *failure {
	return v.evaluationFailure(err, func(reason string) *failure {
		return v.runtime("Invalid path '%s' : %s", e, reason)
	})
}

// referenceFailure is for ItemsPath, where a path that leads nowhere is a conflict with the input.
func (v *visit) referenceFailure(e *intrinsic.Expression, input value.Value, err error) *failure {
	var nothing *jsonpath.MissingError
	if !errors.As(err, &nothing) || e.Kind() != intrinsic.InputPath {
		return v.pathFailure(e, err)
	}
	return v.conflict(fmt.Sprintf("Unable to apply step \"%s\" to input %s", nothing.Step, input.Text()))
}

// conflict returns the error of a reference path that does not fit the input.
func (v *visit) conflict(cause string) *failure {
	f := newFailure(statesReferenceConflict, v.located(cause))
	f.terminal = true
	return f
}

// fieldFailure is for the fields of payload templates and for ErrorPath and CausePath.
func (v *visit) fieldFailure(field string, e *intrinsic.Expression, input value.Value, err error) *failure {
	return v.evaluationFailure(err, func(string) *failure {
		return v.runtime("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'", e, field, input.Text())
	})
}

func (v *visit) templateFailure(input value.Value, err error) *failure {
	var at *asl.TemplateError
	if !errors.As(err, &at) {
		return v.runtime("%s", err)
	}
	return v.fieldFailure(at.Field, at.Expression, input, at.Err)
}
