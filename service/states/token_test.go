package states_test

import (
	"testing"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

// world is everything over one data folder; leave it and open another to see what lasts.
type world struct {
	t      testing.TB
	store  *sqlite.Store
	states *states.Service
	engine *engine.Engine
}

func enter(t testing.TB, folder string) *world {
	store, err := sqlite.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	s, err := states.Open(t.Context(), store, states.Place{Region: "us-east-1", Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t, store, s, engine.Open(store, service.NewIntegrations(s.Table()), engine.Options{})}
	s.Attach(w.engine)
	t.Cleanup(w.leave)
	return w
}

func (w *world) leave() {
	w.engine.Close()
	w.store.Close()
}

// try calls an operation as a client over HTTP does.
func (w *world) try(operation, request string) (value.Value, error) {
	row, ok := w.states.Table().Operation(operation)
	if !ok {
		w.t.Fatalf("no operation %s", operation)
	}
	return w.states.Table().CallJSON(w.t.Context(), row, value.MustParse(request))
}

func (w *world) call(operation, request string) value.Value {
	w.t.Helper()
	answer, err := w.try(operation, request)
	if err != nil {
		w.t.Fatalf("%s: %v", operation, err)
	}
	return answer
}

func quote(s string) string { return value.OfString(s).Text() }

// create makes a machine and returns its ARN.
func (w *world) create(name, definition string) string {
	w.t.Helper()
	return text(w.call("CreateStateMachine", `{"name": "`+name+`", "roleArn": "r", "definition": `+quote(definition)+`}`), "stateMachineArn")
}

func (w *world) start(machine, name string) string {
	w.t.Helper()
	return text(w.call("StartExecution", `{"stateMachineArn": "`+machine+`", "name": "`+name+`"}`), "executionArn")
}

func (w *world) wait(execution string) engine.Record {
	w.t.Helper()
	record, err := w.engine.Wait(w.t.Context(), execution)
	if err != nil {
		w.t.Fatal(err)
	}
	return record
}

const (
	approve  = "arn:aws:states:us-east-1:123456789012:activity:approve"
	approval = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "` + approve + `", "End": true}}}`
)

// Machines, versions, aliases, tags and activities are there after a restart; so is the revision of an execution.
func TestLasting(t *testing.T) {
	folder := t.TempDir()
	w := enter(t, folder)
	machine := w.create("m", `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`)
	w.call("UpdateStateMachine", `{"stateMachineArn": "`+machine+`", "roleArn": "r2", "publish": true, "loggingConfiguration": {"includeExecutionData": true}}`)
	w.call("CreateStateMachineAlias", `{"name": "live", "routingConfiguration": [{"stateMachineVersionArn": "`+machine+`:1", "weight": 100}]}`)
	w.call("CreateActivity", `{"name": "approve", "tags": [{"key": "k", "value": ""}]}`)
	execution := w.start(machine+":live", "one")
	w.wait(execution)
	questions := [][2]string{
		{"DescribeStateMachine", `{"stateMachineArn": "` + machine + `:1"}`},
		{"DescribeStateMachineAlias", `{"stateMachineAliasArn": "` + machine + `:live"}`},
		{"DescribeStateMachineForExecution", `{"executionArn": "` + execution + `"}`},
		{"DescribeExecution", `{"executionArn": "` + execution + `"}`},
		{"ListTagsForResource", `{"resourceArn": "` + approve + `"}`},
		{"ListActivities", `{}`},
		{"GetExecutionHistory", `{"executionArn": "` + execution + `"}`},
	}
	var before []string
	for _, q := range questions {
		before = append(before, w.call(q[0], q[1]).Compact())
	}
	w.leave()
	w = enter(t, folder)
	for i, q := range questions {
		if after := w.call(q[0], q[1]).Compact(); after != before[i] {
			t.Errorf("%s\nbefore %s\nafter  %s", q[0], before[i], after)
		}
	}
	w.call("DeleteStateMachine", `{"stateMachineArn": "`+machine+`"}`)
	w.call("DeleteActivity", `{"activityArn": "`+approve+`"}`)
	w.leave()
	w = enter(t, folder)
	if _, err := w.try("DescribeStateMachine", `{"stateMachineArn": "`+machine+`"}`); fault.CodeOf(err) != "StateMachineDoesNotExist" {
		t.Errorf("a deleted machine: %v", err)
	}
	if _, err := w.try("DescribeActivity", `{"activityArn": "`+approve+`"}`); fault.CodeOf(err) != "ActivityDoesNotExist" {
		t.Errorf("a deleted activity: %v", err)
	}
}

// The token of a task that a worker took before a restart still ends it, and only the other task is offered again.
func TestTokensLast(t *testing.T) {
	folder := t.TempDir()
	w := enter(t, folder)
	w.call("CreateActivity", `{"name": "approve"}`)
	machine := w.create("m", approval)
	taken := w.start(machine, "taken")
	token := text(w.call("GetActivityTask", `{"activityArn": "`+approve+`"}`), "taskToken")
	waiting := w.start(machine, "waiting")
	w.leave()

	w = enter(t, folder)
	if _, err := w.engine.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := text(w.call("GetActivityTask", `{"activityArn": "`+approve+`", "workerName": "desk"}`), "taskToken")
	w.call("SendTaskSuccess", `{"taskToken": "`+second+`", "output": "2"}`)
	w.call("SendTaskSuccess", `{"taskToken": "`+token+`", "output": "1"}`)
	for execution, output := range map[string]string{taken: "1", waiting: "2"} {
		if record := w.wait(execution); record.Output.Text() != output {
			t.Errorf("%s: %s %s", execution, record.Status, record.Output.Text())
		}
	}
	if _, err := w.try("SendTaskSuccess", `{"taskToken": "`+token+`", "output": "3"}`); fault.CodeOf(err) != "TaskTimedOut" {
		t.Errorf("a token used twice: %v", err)
	}
}

// A worker that polls before there is a task gets it when it comes.
func TestLongPoll(t *testing.T) {
	w := enter(t, t.TempDir())
	w.call("CreateActivity", `{"name": "approve"}`)
	machine := w.create("m", approval)
	tokens := make(chan string)
	for range 2 {
		go func() {
			answer, err := w.try("GetActivityTask", `{"activityArn": "`+approve+`"}`)
			if err != nil {
				t.Error(err)
			}
			tokens <- text(answer, "taskToken")
		}()
	}
	w.start(machine, "one")
	w.start(machine, "two")
	if first, second := <-tokens, <-tokens; first == second || first == "" {
		t.Errorf("two workers got %q and %q", first, second)
	}
}

// A worker that stays silent loses its task.
func TestHeartbeatLost(t *testing.T) {
	w := enter(t, t.TempDir())
	w.call("CreateActivity", `{"name": "approve"}`)
	machine := w.create("m", `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "`+approve+`", "HeartbeatSeconds": 1, "End": true}}}`)
	execution := w.start(machine, "one")
	token := text(w.call("GetActivityTask", `{"activityArn": "`+approve+`"}`), "taskToken")
	if record := w.wait(execution); record.Error == nil || *record.Error != "States.Timeout" {
		t.Errorf("%s %v", record.Status, record.Error)
	}
	if _, err := w.try("SendTaskHeartbeat", `{"taskToken": "`+token+`"}`); fault.CodeOf(err) != "TaskTimedOut" {
		t.Errorf("a heartbeat that comes too late: %v", err)
	}
}

// A child execution answers its parent through the token that it was given, and history tells it in order.
func TestWaitForTaskToken(t *testing.T) {
	w := enter(t, t.TempDir())
	child := w.create("child", `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:sendTaskSuccess",
		"Parameters": {"TaskToken.$": "$.token", "Output": {"done": true}}, "End": true}}}`)
	parent := w.create("parent", `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.waitForTaskToken",
		"Parameters": {"StateMachineArn": "`+child+`", "Input": {"token.$": "$$.Task.Token"}}, "End": true}}}`)
	execution := w.start(parent, "one")
	if record := w.wait(execution); record.Output.Text() != `{"done":true}` {
		t.Fatalf("%s %v", record.Status, record.Cause)
	}
	history := w.call("GetExecutionHistory", `{"executionArn": "`+execution+`"}`)
	events, _ := history.Get("events")
	var order string
	for _, event := range events.Items() {
		order += text(event, "type") + " "
	}
	if want := "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskSucceeded TaskStateExited ExecutionSucceeded "; order != want {
		t.Errorf("history: %s", order)
	}
}

// The routes of an alias are drawn by their weights.
func TestRouting(t *testing.T) {
	w := enter(t, t.TempDir())
	machine := w.create("m", `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`)
	w.call("PublishStateMachineVersion", `{"stateMachineArn": "`+machine+`"}`)
	w.call("UpdateStateMachine", `{"stateMachineArn": "`+machine+`", "roleArn": "r2", "publish": true}`)
	w.call("CreateStateMachineAlias", `{"name": "live", "routingConfiguration": [
		{"stateMachineVersionArn": "`+machine+`:1", "weight": 50}, {"stateMachineVersionArn": "`+machine+`:2", "weight": 50}]}`)
	counts := map[string]int{}
	for range 60 {
		answer := w.call("StartExecution", `{"stateMachineArn": "`+machine+`:live"}`)
		record := w.wait(text(answer, "executionArn"))
		counts[record.StateMachineVersionARN]++
	}
	if counts[machine+":1"] == 0 || counts[machine+":2"] == 0 || len(counts) != 2 {
		t.Errorf("60 executions: %v", counts)
	}
}
