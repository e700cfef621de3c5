package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

const (
	machineARN = "arn:aws:states:us-east-1:111111111111:stateMachine:m"
	role       = "arn:aws:iam::111111111111:role/r"
)

// performer makes Tasks of a function.
type performer func(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError)

func (p performer) Run(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
	return p(ctx, task, submitted)
}

func (performer) Refuse(machine.ScheduleTask) (string, bool) { return "", false }

// echo gives every task its own parameters as the result.
var echo = performer(func(_ context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	return task.Parameters, nil
})

// stuck never ends on its own.
var stuck = performer(func(ctx context.Context, _ engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	<-ctx.Done()
	return value.NullValue(), nil
})

// chain is a definition of states in a row, S1 and on: "Pass", "Task", "Sync" (a Task whose service answers in two halves)
// or the seconds of a Wait.
func chain(states ...string) string {
	var text strings.Builder
	text.WriteString(`{"StartAt": "S1", "States": {`)
	for i, state := range states {
		end := fmt.Sprintf(`"Next": "S%d"},`, i+2)
		if i == len(states)-1 {
			end = `"End": true}}}`
		}
		fmt.Fprintf(&text, `"S%d": {%s, %s`, i+1, fieldsOf(state), end)
	}
	return text.String()
}

func fieldsOf(state string) string {
	switch state {
	case "Pass":
		return `"Type": "Pass"`
	case "Task":
		return `"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement"`
	case "Sync":
		return `"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2"`
	}
	return `"Type": "Wait", "Seconds": ` + state
}

func openStore(t testing.TB, dir string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func openEngine(t testing.TB, tasks engine.Tasks) *engine.Engine {
	t.Helper()
	e := engine.Open(openStore(t, t.TempDir()), tasks, engine.Options{})
	t.Cleanup(e.Close)
	return e
}

func request(name, definition string) engine.StartRequest {
	return engine.StartRequest{
		StateMachineARN: machineARN, Definition: definition, Name: name, Input: `{"day": 1.0}`, RoleARN: role,
	}
}

// start begins an execution that must begin.
func start(t testing.TB, e *engine.Engine, r engine.StartRequest) engine.Record {
	t.Helper()
	record, err := e.Start(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

// outcome waits for an execution to close and says how it did.
func outcome(t testing.TB, e *engine.Engine, arn string) string {
	t.Helper()
	record, err := e.Wait(t.Context(), arn)
	if err != nil {
		t.Fatal(err)
	}
	return describe(record)
}

func describe(r engine.Record) string {
	parts := []string{string(r.Status)}
	if !r.Output.IsZero() {
		parts = append(parts, r.Output.Text())
	}
	for _, part := range []*string{r.Error, r.Cause} {
		if part != nil {
			parts = append(parts, *part)
		}
	}
	return strings.Join(parts, " ")
}

// trace is a whole history, without times, one event to a line.
func trace(t testing.TB, e *engine.Engine, arn string) string {
	t.Helper()
	events, err := e.History(t.Context(), arn, engine.Page{}, false)
	if err != nil {
		t.Fatal(err)
	}
	return linesOf(events)
}

func linesOf(events []machine.HistoryEvent) string {
	var text strings.Builder
	for _, h := range events {
		fmt.Fprintf(&text, "%d<%d %s %s\n", h.ID, h.PreviousID, h.Type, h.Details.Text())
	}
	return text.String()
}

// fails checks the kind, the code and a piece of the text of an error: "conflict ExecutionAlreadyExists Already Exists".
func fails(t testing.TB, err error, kind fault.Kind, code, text string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.CodeOf(err) != code || !strings.Contains(err.Error(), text) {
		t.Errorf("error is %v (%v, code %q), not %v, code %q with %q", err, fault.KindOf(err), fault.CodeOf(err), kind, code, text)
	}
}
