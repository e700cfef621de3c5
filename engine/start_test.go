package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
)

func TestStartRunsToTheEnd(t *testing.T) {
	e := openEngine(t, echo)
	record := start(t, e, request("one", chain("Pass", "Task", "Pass")))
	if want := "arn:aws:states:us-east-1:111111111111:execution:m:one"; record.ARN != want {
		t.Errorf("ARN is %s, not %s", record.ARN, want)
	}
	if got, want := outcome(t, e, record.ARN), `SUCCEEDED {"day": 1.0}`; got != want {
		t.Errorf("outcome is %s, not %s", got, want)
	}
	stored, err := e.Describe(t.Context(), record.ARN)
	if err != nil || stored.Name != "one" || stored.RoleARN != role || stored.Region != "us-east-1" ||
		stored.StateMachineName != "m" || stored.StopTime.Before(stored.StartTime) || !stored.StartTime.Equal(record.StartTime) {
		t.Errorf("record is %+v, %v", stored, err)
	}
	if text, err := e.Definition(t.Context(), record.ARN); err != nil || text != chain("Pass", "Task", "Pass") {
		t.Errorf("definition is %s, %v", text, err)
	}
}

func TestStartRefuses(t *testing.T) {
	e := openEngine(t, echo)
	good := request("x", chain("Pass"))
	with := func(change func(*engine.StartRequest)) engine.StartRequest {
		r := good
		change(&r)
		return r
	}
	for _, c := range []struct {
		request    engine.StartRequest
		code, text string
	}{
		{with(func(r *engine.StartRequest) { r.StateMachineARN = "m" }), "InvalidArn", "Invalid Arn: 'm'"},
		{with(func(r *engine.StartRequest) { r.StateMachineARN = "arn:aws:states:r:1:express:m" }), "InvalidArn", "Resource type not valid in this context: express:m"},
		{with(func(r *engine.StartRequest) { r.Name = "a b" }), "InvalidName", "Invalid Name: 'a b'"},
		{with(func(r *engine.StartRequest) { r.Name = "a/b" }), "InvalidName", "Invalid Name: 'a/b'"},
		{with(func(r *engine.StartRequest) { r.Name = "a\x85" }), "InvalidName", "Invalid Name"},
		{with(func(r *engine.StartRequest) { r.Name = strings.Repeat("n", 81) }), "ValidationException", "at 'name' failed to satisfy constraint"},
		{with(func(r *engine.StartRequest) { r.Input = `{"a": ` }), "InvalidExecutionInput", "Invalid State Machine Execution Input: '1:7"},
		{with(func(r *engine.StartRequest) { r.Input = "today" }), "InvalidExecutionInput", "1:1"},
		{with(func(r *engine.StartRequest) { r.Input = `"` + strings.Repeat("a", 256<<10) + `"` }), "ValidationException", "less than or equal to 262144"},
	} {
		_, err := e.Start(t.Context(), c.request)
		fails(t, err, fault.Invalid, c.code, c.text)
	}
	_, err := e.Start(t.Context(), with(func(r *engine.StartRequest) { r.Definition, r.File = `{"StartAt": `, "m.asl.json" }))
	if err == nil || !strings.Contains(err.Error(), "m.asl.json") {
		t.Errorf("a broken definition: %v", err)
	}
	if left, _, err := e.List(t.Context(), engine.Filter{}, engine.Page{}); err != nil || len(left) != 0 {
		t.Errorf("refused requests left %v, %v", left, err)
	}
}

func TestStartAgain(t *testing.T) {
	e := openEngine(t, stuck)
	first := start(t, e, request("same", chain("Task")))
	if second := start(t, e, request("same", chain("Task"))); second.ARN != first.ARN || !second.StartTime.Equal(first.StartTime) {
		t.Errorf("the same request started %+v after %+v", second, first)
	}
	other := request("same", chain("Task"))
	other.Input = `{"day": 2}`
	_, err := e.Start(t.Context(), other)
	fails(t, err, fault.Conflict, "ExecutionAlreadyExists", "Execution Already Exists: '"+first.ARN+"'")

	if _, err := e.Stop(t.Context(), first.ARN, nil, nil); err != nil {
		t.Fatal(err)
	}
	_, err = e.Start(t.Context(), request("same", chain("Task")))
	fails(t, err, fault.Conflict, "ExecutionAlreadyExists", first.ARN)
	if got := strings.Count(trace(t, e, first.ARN), "ExecutionStarted"); got != 1 {
		t.Errorf("the execution was started %d times", got)
	}
}

func TestStartTogether(t *testing.T) {
	e := openEngine(t, stuck)
	var callers sync.WaitGroup
	for range 20 {
		callers.Go(func() {
			if _, err := e.Start(t.Context(), request("same", chain("Pass", "Task"))); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	records, _, err := e.List(t.Context(), engine.Filter{}, engine.Page{})
	if err != nil || len(records) != 1 {
		t.Fatalf("there are %d executions, %v", len(records), err)
	}
	if got := strings.Count(trace(t, e, records[0].ARN), "ExecutionStarted"); got != 1 {
		t.Errorf("the execution was started %d times", got)
	}
}

func TestStop(t *testing.T) {
	e := openEngine(t, stuck)
	name, cause := "Operator", "not tonight"
	record := start(t, e, request("", chain("Task")))
	stopped, err := e.Stop(t.Context(), record.ARN, &name, &cause)
	if err != nil || describe(stopped) != "ABORTED Operator not tonight" || stopped.StopTime.IsZero() {
		t.Errorf("stop returned %s, %v", describe(stopped), err)
	}
	again, err := e.Stop(t.Context(), record.ARN, nil, nil)
	if err != nil || describe(again) != describe(stopped) || again.Status != machine.Aborted {
		t.Errorf("stop again returned %s, %v", describe(again), err)
	}
	_, err = e.Stop(t.Context(), record.ARN+"x", nil, nil)
	fails(t, err, fault.NotFound, "ExecutionDoesNotExist", "Execution Does Not Exist: '"+record.ARN+"x'")
}

// Starting an execution again by its name and resuming it may come together after a restart; it is driven once.
func TestStartBesideResume(t *testing.T) {
	store := openStore(t, t.TempDir())
	e := engine.Open(store, stuck, engine.Options{})
	const executions = 100
	for i := range executions {
		start(t, e, request(fmt.Sprint("x", i), chain("Task")))
	}
	e.Close()
	e = engine.Open(slowStore{store}, echo, engine.Options{})
	defer e.Close()
	for i := range executions {
		again := request(fmt.Sprint("x", i), chain("Task"))
		arn := strings.Replace(machineARN, "stateMachine", "execution", 1) + ":" + again.Name
		var both sync.WaitGroup
		both.Go(func() {
			_, err := e.Start(t.Context(), again)
			if err != nil && fault.CodeOf(err) != "ExecutionAlreadyExists" { // it may be over by then
				t.Errorf("start: %v", err)
			}
		})
		both.Go(func() {
			if _, err := e.Resume(t.Context(), arn); err != nil {
				t.Errorf("resume: %v", err)
			}
			if got := outcome(t, e, arn); got != `SUCCEEDED {"day": 1.0}` {
				t.Errorf("outcome is %s", got)
			}
		})
		both.Wait()
	}
}

// slowStore gives other goroutines their turn in the middle of a look-up.
type slowStore struct{ engine.Store }

func (s slowStore) Execution(ctx context.Context, arn string) (engine.Record, error) {
	runtime.Gosched()
	defer runtime.Gosched()
	return s.Store.Execution(ctx, arn)
}
