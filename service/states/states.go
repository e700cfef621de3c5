// Package states is the AWS Step Functions service over the engine, as far as state machines call it: startExecution with
// .sync and .sync:2, describeExecution, stopExecution. It knows state machines by their ARN and drives none.
//
//	s := states.New()
//	tasks := service.NewIntegrations(s.Table(), …)
//	s.Attach(engine.Open(store, tasks, engine.Options{}))
//	s.Register(states.Machine{ARN: …, Definition: …})
package states

import (
	"context"
	"sync"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// Machine is a state machine that can be started.
type Machine struct {
	ARN        string
	Definition string
	File       string // where Definition stands
	RoleARN    string
}

// Executions is what the service needs of an engine.
type Executions interface {
	Start(ctx context.Context, request engine.StartRequest) (engine.Record, error)
	Describe(ctx context.Context, arn string) (engine.Record, error)
	Stop(ctx context.Context, arn string, errorName, cause *string) (engine.Record, error)
	// Resume drives an execution that an earlier engine left; Wait returns when it is closed.
	Resume(ctx context.Context, arn string) (engine.Record, error)
	Wait(ctx context.Context, arn string) (engine.Record, error)
}

// Service holds state machines.
type Service struct {
	mu       sync.RWMutex
	machines map[string]Machine
	engine   Executions
}

// New returns a service without state machines and without an engine: the engine needs the table first.
func New() *Service { return &Service{machines: map[string]Machine{}} }

// Attach gives the service its engine, before the first call.
func (s *Service) Attach(e Executions) { s.engine = e }

// Register makes a state machine known, or changes it.
func (s *Service) Register(m Machine) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.machines[m.ARN] = m
}

func (s *Service) machine(arn string) (Machine, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, ok := s.machines[arn]
	if !ok {
		return Machine{}, fault.New(fault.NotFound, "State Machine Does Not Exist: '%s'", arn).WithCode("StateMachineDoesNotExist")
	}
	return m, nil
}

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	const machine = "arn:aws:states:us-east-1:123456789012:stateMachine:nightly"
	const execution = "arn:aws:states:us-east-1:123456789012:execution:nightly:example"
	return &service.Service{
		Name:      "sfn",
		SDK:       "Sfn",
		Optimized: &service.Optimized{Name: "states", Errors: "StepFunctions", Client: "AWSStepFunctions"},
		Protocol:  service.Protocol{ContentType: "application/x-amz-json-1.0", Endpoint: "states", Target: "AWSStepFunctions"},
		Errors: []service.Error{
			{Code: "ExecutionAlreadyExists", Status: 400},
			{Code: "ExecutionDoesNotExist", Status: 400},
			{Code: "InvalidArn", Status: 400},
			{Code: "InvalidExecutionInput", Status: 400},
			{Code: "InvalidName", Status: 400},
			{Code: "StateMachineDoesNotExist", Status: 400},
			{Code: service.ValidationException, Status: 400},
		},
		Operations: []service.Operation{
			{
				Name: "StartExecution", Behaviour: service.Do(s.startExecution), Optimized: true,
				Errors: []string{"ExecutionAlreadyExists", "InvalidArn", "InvalidExecutionInput", "InvalidName",
					"StateMachineDoesNotExist", service.ValidationException},
				Example: `{"StateMachineArn": "` + machine + `", "Name": "example", "Input": {"day": "2024-01-02"}}`,
				Job:     &service.Job{Await: s.await, Cancel: s.cancel, Parsed: []string{"Input", "Output"}},
			}, {
				Name: "DescribeExecution", Behaviour: service.Do(s.describeExecution),
				Errors:  []string{"ExecutionDoesNotExist", "InvalidArn"},
				Example: `{"ExecutionArn": "` + execution + `"}`,
			}, {
				Name: "StopExecution", Behaviour: service.Do(s.stopExecution),
				Errors:  []string{"ExecutionDoesNotExist", "InvalidArn", service.ValidationException},
				Example: `{"ExecutionArn": "` + execution + `", "Cause": "an example"}`,
			},
		},
	}
}
