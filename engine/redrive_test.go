package engine_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// mended fails as long as broken is set.
type mended struct{ broken atomic.Bool }

func (m *mended) run(_ context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	if m.broken.Load() {
		name := "Broken"
		return value.Value{}, &engine.TaskError{Error: &name}
	}
	return task.Parameters, nil
}

// A redriven execution goes on in the same history, also in another engine, and what has succeeded is not redriven.
func TestRedrive(t *testing.T) {
	dir := t.TempDir()
	var m mended
	m.broken.Store(true)
	e := engine.Open(openStore(t, dir), performer(m.run), engine.Options{})
	record := start(t, e, request("one", chain("Pass", "Task", "Pass")))
	if got := outcome(t, e, record.ARN); !strings.HasPrefix(got, "FAILED") {
		t.Fatalf("outcome is %s", got)
	}
	if _, err := e.Redrive(t.Context(), record.ARN, ""); err != nil {
		t.Fatal(err)
	}
	if got := outcome(t, e, record.ARN); !strings.HasPrefix(got, "FAILED") {
		t.Errorf("outcome of the first redrive is %s", got)
	}
	m.broken.Store(false)
	again, err := e.Redrive(t.Context(), record.ARN, "token")
	if err != nil || again.RedriveCount != 2 || again.RedriveTime.IsZero() || again.Status != machine.RunningStatus || !again.StopTime.IsZero() {
		t.Errorf("redriven record is %+v, %v", again, err)
	}
	if got, want := outcome(t, e, record.ARN), `SUCCEEDED {"day": 1.0}`; got != want {
		t.Errorf("outcome of the second redrive is %s, not %s", got, want)
	}
	repeated, err := e.Redrive(t.Context(), record.ARN, "token")
	if err != nil || repeated.RedriveCount != 2 || repeated.Status != machine.Succeeded {
		t.Errorf("the same request again gives %+v, %v", repeated, err)
	}
	_, err = e.Redrive(t.Context(), record.ARN, "another")
	fails(t, err, fault.Conflict, "ExecutionNotRedrivable", "Execution is SUCCEEDED and cannot be redriven")
	_, err = e.Redrive(t.Context(), record.ARN+"x", "")
	fails(t, err, fault.NotFound, "ExecutionDoesNotExist", "")
	if got := trace(t, e, record.ARN); strings.Count(got, "ExecutionRedriven") != 2 || strings.Count(got, "ExecutionStarted") != 1 {
		t.Errorf("history is\n%s", got)
	}
}

// The redriven execution is open: another engine takes it up after a crash.
func TestRedriveIsDurable(t *testing.T) {
	store := openStore(t, t.TempDir())
	var m mended
	m.broken.Store(true)
	first := engine.Open(store, performer(m.run), engine.Options{})
	record := start(t, first, request("one", chain("Task")))
	outcome(t, first, record.ARN)
	first.Close()

	second := engine.Open(store, stuck, engine.Options{})
	if _, err := second.Redrive(t.Context(), record.ARN, ""); err != nil {
		t.Fatal(err)
	}
	_, err := second.Redrive(t.Context(), record.ARN, "")
	fails(t, err, fault.Conflict, "ExecutionNotRedrivable", "Execution is RUNNING and cannot be redriven")
	second.Close()

	third := engine.Open(store, echo, engine.Options{})
	defer third.Close()
	if open, err := third.Recover(t.Context()); err != nil || len(open) != 1 || open[0].RedriveCount != 1 {
		t.Fatalf("recovered %+v, %v", open, err)
	}
	if got, want := outcome(t, third, record.ARN), `SUCCEEDED {"day": 1.0}`; got != want {
		t.Errorf("outcome is %s, not %s", got, want)
	}
}
