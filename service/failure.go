package service

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

const (
	runtimeError    = "States.Runtime"
	taskFailedError = "States.TaskFailed"
)

func taskError(phase machine.FailurePhase, name, cause string) *engine.TaskError {
	return &engine.TaskError{Phase: phase, Error: &name, Cause: &cause}
}

// submitFailure is how a task fails whose request was not accepted.
func (c integration) submitFailure(err error, task engine.Task) *engine.TaskError {
	var bad *BadParameters
	if errors.As(err, &bad) {
		return taskError(machine.Starting, runtimeError, unusable(bad, task.Parameters))
	}
	failure := c.failure(err)
	if c.pattern != requestResponse {
		failure.Phase = machine.Submitting
	}
	return failure
}

// unusable is the cause of a task with bad parameters. The interpreter puts the state and its event before it.
func unusable(bad *BadParameters, parameters value.Value) string {
	return fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]", parameters.Text(), bad.Error())
}

// failure turns an operation's error into the names and texts that Step Functions gives it.
func (c integration) failure(err error) *engine.TaskError {
	var job *Failed
	if errors.As(err, &job) {
		cause, err := encode(job.Result, milliTime)
		if err != nil {
			return taskError(machine.Running, taskFailedError, err.Error())
		}
		return taskError(machine.Running, taskFailedError, cause.Compact())
	}
	var raised *Raised
	if errors.As(err, &raised) {
		return taskError(machine.Running, raised.Name, raised.Cause)
	}
	name, cause := c.table.sdkError(err)
	if !c.sdk {
		name, cause = c.table.optimizedError(err)
	}
	return taskError(machine.Running, name, cause)
}

// sdkError is an error in an aws-sdk integration: S3.NoSuchKeyException.
func (s *Service) sdkError(err error) (name, cause string) {
	code, status, declared := s.classify(err)
	name = s.SDK + "." + s.SDK + "Exception"
	if declared {
		name = s.SDK + "." + exceptionName(code)
	}
	ids := "Request ID: " + uuid.NewString()
	if s.ExtendedRequestID {
		ids = "Request ID: " + shortRequestID() + ", Extended Request ID: " + extendedRequestID()
	}
	return name, fmt.Sprintf("%s (Service: %s, Status Code: %d, %s)", fault.MessageOf(err), s.SDK, status, ids)
}

// optimizedError is an error in an optimized integration: SNS.NotFoundException.
func (s *Service) optimizedError(err error) (name, cause string) {
	code, status, declared := s.classify(err)
	name = s.Optimized.Errors + "." + cmp.Or(s.Optimized.Exception, s.Optimized.Client+"Exception")
	if declared {
		name = s.Optimized.Errors + "." + exceptionName(code)
	}
	return name, fmt.Sprintf("%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)",
		fault.MessageOf(err), s.Optimized.Client, status, code, uuid.NewString())
}

// classify returns the error's code and HTTP status. A fault whose code the service does not declare, and any other error,
// is an internal failure to the service's callers unless its kind says otherwise.
func (s *Service) classify(err error) (code string, status int, declared bool) {
	code = fault.CodeOf(err)
	if code == ValidationException {
		code = s.constraint()
	}
	if status, declared = s.status(code); declared {
		return code, status, true
	}
	kind := fault.KindOf(err)
	if kind == fault.Unsupported || kind == fault.Invalid {
		if status, declared = s.status(s.constraint()); declared {
			return s.constraint(), status, true
		}
	}
	if code == "" {
		code = "InternalFailure"
	}
	return code, kindStatus[kind], false
}

// constraint is the code of requests that break a constraint.
func (s *Service) constraint() string {
	if s.Constraint != "" {
		return s.Constraint
	}
	return ValidationException
}

var kindStatus = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusBadRequest,
	fault.Unsupported: http.StatusBadRequest,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Denied:      http.StatusForbidden,
	fault.Throttled:   http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// exceptionName is the name of the class that the Java SDK has for an error code.
func exceptionName(code string) string {
	if strings.HasSuffix(code, "Exception") {
		return code
	}
	return code + "Exception"
}
