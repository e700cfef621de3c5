package states_test

import (
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

const machines = "arn:aws:states:us-east-1:123456789012:stateMachine:"

var definitions = map[string]string{
	"nightly":  `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"Arg1": "argument1"}, "End": true}}}`,
	"broken":   `{"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Oops", "Cause": "it broke"}}}`,
	"long":     `{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 99999, "End": true}}}`,
	"approval": `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:approve", "End": true}}}`,
	"parent": `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
		"Parameters": {"StateMachineArn": "` + machines + `long", "Name": "child"}, "End": true}}}`,
}

// open returns the service over an engine of its own.
func open(t *testing.T) (*states.Service, *engine.Engine, *service.Integrations) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := states.New()
	e, tasks := attach(s, store)
	t.Cleanup(func() {
		e.Close()
		store.Close()
	})
	return s, e, tasks
}

// over returns an engine over a store, as the next process opens it.
func over(store *sqlite.Store) (*engine.Engine, *service.Integrations) {
	return attach(states.New(), store)
}

func attach(s *states.Service, store *sqlite.Store) (*engine.Engine, *service.Integrations) {
	tasks := service.NewIntegrations(s.Table())
	e := engine.Open(store, tasks, engine.Options{})
	s.Attach(e)
	s.RunTests(tasks)
	for name, definition := range definitions {
		s.Register(states.Machine{ARN: machines + name, Definition: definition, RoleARN: "arn:aws:iam::123456789012:role/r"})
	}
	return e, tasks
}

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata/trace", func(t *testing.T, path string) {
		s, e, _ := open(t)
		servicetest.Trace(t, path, []*service.Service{s.Table()}, map[string]servicetest.Command{
			"wait": func(t *testing.T, d *datadriven.TestData) string { // for an execution to close
				if _, err := e.Wait(t.Context(), d.Input); err != nil {
					return err.Error()
				}
				return ""
			},
		})
	})
}

// Stopping the parent stops the child that it waits for.
func TestStopReachesTheChild(t *testing.T) {
	_, e, _ := open(t)
	parent, err := e.Start(t.Context(), engine.StartRequest{StateMachineARN: machines + "parent", Definition: definitions["parent"]})
	if err != nil {
		t.Fatal(err)
	}
	for event, err := range e.Watch(t.Context(), parent.ARN, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if event.Type == "TaskSubmitted" {
			if _, err := e.Stop(t.Context(), parent.ARN, nil, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	child, err := e.Wait(t.Context(), "arn:aws:states:us-east-1:123456789012:execution:long:child")
	if err != nil || child.Status != "ABORTED" {
		t.Errorf("the child is %s, %v", child.Status, err)
	}
}

// So does stopping a parent that an earlier process left: neither goes on.
func TestStopReachesTheChildOfAnotherProcess(t *testing.T) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	e, _ := over(store)
	parent, err := e.Start(t.Context(), engine.StartRequest{StateMachineARN: machines + "parent", Definition: definitions["parent"]})
	if err != nil {
		t.Fatal(err)
	}
	for event, err := range e.Watch(t.Context(), parent.ARN, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if event.Type == "TaskSubmitted" {
			break
		}
	}
	e.Close()

	e, _ = over(store)
	defer e.Close()
	if _, err := e.Stop(t.Context(), parent.ARN, nil, nil); err != nil {
		t.Fatal(err)
	}
	child, err := e.Describe(t.Context(), "arn:aws:states:us-east-1:123456789012:execution:long:child")
	if err != nil || child.Status != "ABORTED" {
		t.Errorf("the child is %s, %v", child.Status, err)
	}
}

// A task that is carried out again after a crash finds the execution that it started, although that is over; another task
// does not.
func TestStartedOnce(t *testing.T) {
	_, e, tasks := open(t)
	for _, parameters := range []string{
		`{"StateMachineArn": "` + machines + `nightly"}`, `{"StateMachineArn": "` + machines + `nightly", "Name": "given"}`,
	} {
		task, err := servicetest.Task("arn:aws:states:::states:startExecution.sync", parameters, 1)
		if err != nil {
			t.Fatal(err)
		}
		var first string
		for range 2 {
			answer, failure := tasks.Run(t.Context(), task, func(value.Value) {})
			if failure != nil {
				t.Fatal(*failure.Cause)
			}
			arn, _ := answer.Get("ExecutionArn")
			if first != "" && arn.Str() != first {
				t.Errorf("started %s, then %s", first, arn.Str())
			}
			first = arn.Str()
		}
		if task.Task++; strings.Contains(parameters, "Name") {
			if _, failure := tasks.Run(t.Context(), task, func(value.Value) {}); failure == nil || *failure.Error != "StepFunctions.ExecutionAlreadyExistsException" {
				t.Errorf("another task got %+v", failure)
			}
		}
	}
	all, _, err := e.List(t.Context(), engine.Filter{}, engine.Page{})
	if err != nil || len(all) != 2 {
		t.Errorf("%d executions, %v", len(all), err)
	}
}

// Parameters that are not the service's end the execution before the task is written down, as on AWS.
func TestUnusableParameters(t *testing.T) {
	_, e, _ := open(t)
	record, err := e.Start(t.Context(), engine.StartRequest{StateMachineARN: machines + "m", Definition: `{"StartAt": "A", "States": {"A": {
		"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "End": true, "Parameters": {"StateMachineArn": "x", "Inptu": 1}}}}`})
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for event, err := range e.Watch(t.Context(), record.ARN, 0) {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, event.Type)
	}
	if got := strings.Join(types, " "); got != "ExecutionStarted TaskStateEntered ExecutionFailed" {
		t.Errorf("history: %s", got)
	}
}
