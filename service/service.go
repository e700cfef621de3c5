// Package service turns tables of operations into AWS services. A service declares each operation once, with a request
// type, a response type, its behaviour, the names of its errors and an example that runs; doors open on every table. The
// state machines' door is here (Integrations); the HTTP door reads the same tables. It holds no service itself: those
// are in the packages below it.
//
//	table := &service.Service{Name: "sns", SDK: "Sns", Errors: …, Operations: []service.Operation{{
//		Name: "Publish", Behaviour: service.Do(s.publish), Example: `{"TopicArn": …, "Message": "hello"}`,
//	}}}
//	tasks := service.NewIntegrations(table, …)
//	output, failure := tasks.Run(ctx, task, submitted)
package service

import (
	"context"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/value"
)

// Service is one AWS service.
type Service struct {
	// Name is what aws-sdk resources call it: arn:aws:states:::aws-sdk:NAME:action.
	Name string
	// SDK names it in the errors of aws-sdk resources: RedshiftData in RedshiftData.ValidationException.
	SDK string
	// Optimized is its optimized integration, nil when it has none.
	Optimized *Optimized
	// Protocol is how it speaks over HTTP; the zero value: it is no API, and only its optimized integration is there.
	Protocol Protocol
	// Errors are all errors that any of the operations may answer with.
	Errors []Error
	// Constraint is the code of a request that breaks a constraint; empty: ValidationException.
	Constraint string
	// ExtendedRequestID says that error texts name an extended request id, as S3's do.
	ExtendedRequestID bool
	// MaxBody is the largest request over HTTP, in bytes; 0: the endpoint's own limit.
	MaxBody    int64
	Operations []Operation
	// Activity carries out the tasks whose Resource is an activity's ARN; nil for services without activities.
	Activity func(ctx context.Context, task engine.Task) (value.Value, *engine.TaskError)
}

// Optimized is how Step Functions' older, hand-made integration of a service speaks: arn:aws:states:::NAME:action.
type Optimized struct {
	Name   string // states
	Errors string // StepFunctions, in StepFunctions.StateMachineDoesNotExistException
	Client string // AWSStepFunctions, in texts and in the name of errors that the service does not declare
	// Exception is that name where it is another one: AmazonDynamoDBException.
	Exception string
}

// Protocol is how a service speaks over HTTP.
type Protocol struct {
	// ContentType is that of answers: application/x-amz-json-1.1, text/xml.
	ContentType string
	// Endpoint is the first label of the host name.
	Endpoint string
	// Target is what stands before the operation's name in X-Amz-Target; empty for protocols without it.
	Target string
	// Camel says that the names of members begin with a lower-case letter: stateMachineArn.
	Camel bool
	// Namespace is that of the answers of the awsQuery protocol.
	Namespace string
}

// REST says that the protocol is restJson1: operations are told by method and path.
func (p Protocol) REST() bool { return p.ContentType == "application/json" }

// Error is one error name of a service with the HTTP status it answers with.
type Error struct {
	Code   string
	Status int
}

// Operation is one row of a service's table.
type Operation struct {
	Name string // ExecuteStatement
	// HTTP is the operation's row in the restJson1 protocol: method, template of the path and, unless it is 200, the status
	// of a success: "POST /v1/submitjob". A {Label} of the template is the member of that wire name.
	HTTP string
	Behaviour
	// Errors are the codes of faults that the operation answers with, besides the service's generic ones.
	Errors []string
	// Example is a request that succeeds on a service prepared for the examples.
	Example string
	// Optimized says that the optimized integration has the operation too.
	Optimized bool
	// Adapted says how it differs there; nil: it does not.
	Adapted *Adapted
	// Job says how to follow the work that the operation began; nil: there is no .sync form.
	Job *Job
	// Differs says what is otherwise than on AWS, as docs/compatibility.md shows it; empty: nothing that we know of.
	Differs string
}

// But returns the row with a remark on what is otherwise than on AWS.
func (o Operation) But(differs string) Operation {
	o.Differs = differs
	return o
}

// Job is the second half of a .sync task. It is given what the first half answered, also after a restart.
type Job struct {
	// Await returns when the work is done: its result, or as an error a Failed, or a fault.
	Await func(ctx context.Context, answer value.Value) (any, error)
	// Cancel gives the work up because nobody waits for it any more.
	Cancel func(ctx context.Context, answer value.Value) error
	// Parsed are the members of the result that hold JSON texts; .sync:2 answers with them parsed.
	Parsed []string
}

// Adapted is how an operation's optimized integration differs from the API.
type Adapted struct {
	// Request turns a task's parameters into the API's request.
	Request func(parameters value.Value) value.Value
	// Answer turns the API's response into the integration's. Its error may be a Raised.
	Answer func(response any) (any, error)
}

// Raised is an error that fails a task under a name of its own, and not under one of the service.
type Raised struct{ Name, Cause string }

// Error returns name and cause.
func (r *Raised) Error() string { return r.Name + ": " + r.Cause }

// Failed is the error of a job whose work ended badly: Result describes it.
type Failed struct{ Result any }

// Error says that the job failed; what it failed of is in Result.
func (f *Failed) Error() string { return "the job did not succeed" }

// Operation returns the row of that name.
func (s *Service) Operation(name string) (*Operation, bool) {
	for i := range s.Operations {
		if s.Operations[i].Name == name {
			return &s.Operations[i], true
		}
	}
	return nil, false
}

// status returns the HTTP status of an error name; declared is false for a name that the service does not have.
func (s *Service) status(code string) (status int, declared bool) {
	for _, e := range s.Errors {
		if e.Code == code {
			return e.Status, true
		}
	}
	return 0, false
}
