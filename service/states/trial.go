package states

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// trialLimit is how long TestState lets a task run.
const trialLimit = 5 * time.Minute

type testStateRequest struct {
	Context            string `aws:"json"`
	Definition         string `aws:"required,min=1,max=1048576"`
	Input              string `aws:"json"`
	InspectionLevel    string `enum:"INFO|DEBUG|TRACE"`
	Mock               *mockInput
	RevealSecrets      bool
	RoleArn            string `aws:"min=1,max=256"`
	StateConfiguration *stateConfiguration
	StateName          string `aws:"min=1,max=80"`
	Variables          string `aws:"json"`
}

type mockInput struct {
	ErrorOutput         *mockError
	FieldValidationMode string `enum:"STRICT|PRESENT|NONE"`
	Result              *string
}

type mockError struct {
	Cause *string `aws:"max=32768"`
	Error *string `aws:"max=256"`
}

type stateConfiguration struct {
	ErrorCausedByState       string `aws:"min=1,max=80"`
	MapItemReaderData        string `aws:"json"`
	MapIterationFailureCount int64  `aws:"min=0"`
	RetrierRetryCount        int64  `aws:"min=0"`
}

type testStateResponse struct {
	Cause          *string
	Error          *string
	InspectionData *inspectionData
	NextState      string
	Output         *string
	Status         string
}

// testState enters one state of a definition and tells what becomes of it.
func (s *Service) testState(ctx context.Context, r *testStateRequest) (*testStateResponse, error) {
	t, err := s.trial(r)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, trialLimit)
	defer cancel()
	var called *service.Exchange
	if r.InspectionLevel == "TRACE" {
		ctx = service.WatchExchange(ctx, func(e service.Exchange) { called = &e })
	}
	verdict, err := t.run(ctx, s.tasks)
	if err != nil {
		return nil, err
	}
	answer := answerOf(verdict, r.InspectionLevel)
	if called != nil {
		answer.InspectionData.add(called)
	}
	return answer, nil
}

// RunTests gives the service what TestState runs tasks with that are not mocked. It is for the time before the first call.
func (s *Service) RunTests(tasks engine.Tasks) { s.tasks = tasks }

// trial is one call of TestState that was checked.
type trial struct {
	*machine.Trial
	execution machine.Execution
	mock      *mocked // nil: the task is run
}

// execution makes up the execution that a tested state sees: on AWS it is one of an Express machine.
func (s *Service) execution(roleARN string, input value.Value) machine.Execution {
	name, of := uuid.NewString(), uuid.NewString()
	return machine.Execution{
		ARN: s.arnOf("express", of+":"+name), Name: name, RoleARN: roleARN, Region: s.place.Region, StartTime: moment(), Input: input,
		StateMachineARN: s.arnOf("stateMachine", of), StateMachineName: of,
	}
}

// run lets the state do its work. Waits are not waited for.
func (t *trial) run(ctx context.Context, tasks engine.Tasks) (*machine.Verdict, error) {
	step := t.Enter(happened(nil))
	for t.Verdict() == nil {
		body, err := t.answer(ctx, tasks, step.Commands)
		if err != nil {
			return nil, err
		}
		step = t.Apply(happened(body))
	}
	return t.Verdict(), nil
}

func happened(body machine.Body) machine.Event {
	return machine.Event{At: moment(), Seed: rand.Uint64(), Body: body}
}

func (t *trial) answer(ctx context.Context, tasks engine.Tasks, commands []machine.Command) (machine.Body, error) {
	for _, c := range commands {
		switch c := c.(type) {
		case machine.ScheduleTask:
			return t.perform(ctx, tasks, c)
		case machine.SetTimer:
			if c.Purpose == machine.WaitTimer {
				return machine.TimerFired{Timer: c.Timer}, nil
			}
		}
	}
	return nil, fault.New(fault.Internal, "test state %q: it waits for nothing", t.State().Name)
}

func (t *trial) perform(ctx context.Context, tasks engine.Tasks, c machine.ScheduleTask) (machine.Body, error) {
	if t.mock != nil {
		return t.mock.body(c.Task), nil
	}
	if tasks == nil {
		return nil, fault.New(fault.Unsupported, "test state %q: nothing here runs tasks; give a mock", c.State)
	}
	if reason, refused := tasks.Refuse(c); refused {
		name := "States.Runtime"
		return machine.TaskFailed{Task: c.Task, Phase: machine.Starting, Error: &name, Cause: &reason}, nil
	}
	output, failed := tasks.Run(ctx, engine.Task{ScheduleTask: c, Execution: t.execution}, func(value.Value) {})
	switch {
	case ctx.Err() != nil:
		name := "States.Timeout"
		return machine.TaskFailed{Task: c.Task, Error: &name}, nil
	case failed != nil:
		return machine.TaskFailed{Task: c.Task, Phase: failed.Phase, Error: failed.Error, Cause: failed.Cause}, nil
	}
	return machine.TaskSucceeded{Task: c.Task, Output: output}, nil
}

func testStateOperation(s *Service) service.Operation {
	return service.Operation{
		Name: "TestState", Behaviour: service.Do(s.testState),
		Differs: "a Wait is not waited for; secrets of connections are never revealed; a mocked result is compared with the shapes of the operations that pipelines use most",
		Errors:  []string{"InvalidArn", "InvalidDefinition", "InvalidExecutionInput", service.ValidationException},
		Example: `{"Definition": "{\"Type\": \"Pass\", \"Result\": {\"day\": 1}, \"End\": true}", "InspectionLevel": "DEBUG"}`,
	}
}
