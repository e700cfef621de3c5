package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// dyingStore dies at one commit: before it or, with late, after it is on disk but before the engine hears of it.
type dyingStore struct {
	*sqlite.Store
	left int
	late bool
}

var errDied = errors.New("the power went out")

func (s *dyingStore) Commit(ctx context.Context, writes []engine.Write) error {
	s.left--
	if s.left >= 0 {
		return s.Store.Commit(ctx, writes)
	}
	if s.late && s.left == -1 {
		if err := s.Store.Commit(ctx, writes); err != nil {
			return err
		}
	}
	return errDied
}

// submitter acts as a .sync integration does: a first half, made durable, and a result made of it.
var submitter = performer(func(_ context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
	answer := task.Submitted
	if answer.IsZero() {
		answer = value.OfMembers(value.Member{Key: "Id", Value: value.OfString(task.State)})
		submitted(answer)
	}
	return task.Parameters.With(task.State, answer), nil
})

// moody is a performer for every kind of task in the crash machine.
var moody = performer(func(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
	broken := "Broken"
	switch {
	case strings.HasSuffix(task.Resource, ".sync:2"):
		return submitter(ctx, task, submitted)
	case task.State == "Flaky" && task.Attempt < 2, task.State == "Hopeless":
		return value.Value{}, &engine.TaskError{Error: &broken}
	}
	return task.Parameters, nil
})

// crashed is the machine that the crash tests run: every kind of command, one at a time so that its history is fixed.
const crashed = `{"StartAt": "First", "TimeoutSeconds": 3600, "States": {
	"First":    {"Type": "Pass", "Assign": {"kept": "k"}, "Next": "Plain"},
	"Plain":    {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "TimeoutSeconds": 600, "Next": "Pause"},
	"Pause":    {"Type": "Wait", "Seconds": 1, "Next": "Sync"},
	"Sync":     {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Next": "Flaky"},
	"Flaky":    {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets",
	             "Retry": [{"ErrorEquals": ["Broken"], "MaxAttempts": 3}], "Next": "Each"},
	"Each":     {"Type": "Map", "ItemsPath": "$$.Execution.Input.list", "MaxConcurrency": 1, "ResultPath": null, "Next": "Hopeless",
	             "ItemProcessor": {"StartAt": "Item", "States": {
	               "Item": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "End": true}}}},
	"Hopeless": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets",
	             "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Last"}], "End": true},
	"Last":     {"Type": "Pass", "Parameters": {"kept.$": "$kept", "all.$": "$"}, "End": true}}}`

func crashRequest() engine.StartRequest {
	r := request("x", crashed)
	r.Input = `{"list": [1, 2]}`
	return r
}

func TestCrashAtEveryWrite(t *testing.T) {
	want, commits := uncrashed(t)
	if commits < 12 {
		t.Fatalf("the machine takes %d commits only", commits)
	}
	for n := range commits {
		for _, late := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d late %v", n, late), func(t *testing.T) {
				store := openStore(t, t.TempDir())
				arn := die(t, &dyingStore{Store: store, left: n, late: late})
				if got := resumed(t, store, arn); got != want {
					t.Errorf("history is\n%snot\n%s", got, want)
				}
			})
		}
	}
}

// quick shortens the waits of the crash tests.
var quick = engine.Options{WaitCap: time.Millisecond}

func uncrashed(t *testing.T) (history string, commits int) {
	store := &dyingStore{Store: openStore(t, t.TempDir()), left: 1 << 30}
	e := engine.Open(store, moody, quick)
	defer e.Close()
	arn := start(t, e, crashRequest()).ARN
	outcome(t, e, arn)
	return trace(t, e, arn), 1<<30 - store.left
}

// die runs the machine until the store dies, and checks how callers hear of it.
func die(t *testing.T, store engine.Store) (arn string) {
	e := engine.Open(store, moody, quick)
	defer e.Close()
	_, err := e.Start(t.Context(), crashRequest())
	if err == nil {
		_, err = e.Wait(t.Context(), machineToExecution("x"))
	}
	fails(t, err, fault.Unavailable, "", "the engine has stopped")
	if !errors.Is(err, errDied) {
		t.Errorf("the reason is lost: %v", err)
	}
	return machineToExecution("x")
}

func machineToExecution(name string) string {
	return "arn:aws:states:us-east-1:111111111111:execution:m:" + name
}

// resumed takes up what the crash left, or starts anew when the start itself was lost, and returns the final history.
func resumed(t *testing.T, store *sqlite.Store, arn string) string {
	e := engine.Open(store, moody, quick)
	defer e.Close()
	if _, err := e.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Describe(t.Context(), arn); fault.KindOf(err) == fault.NotFound {
		start(t, e, crashRequest())
	}
	outcome(t, e, arn)
	return trace(t, e, arn)
}

// A task that runs must be on disk, and so must what it submitted once that returned.
func TestWriteThenAct(t *testing.T) {
	store := openStore(t, t.TempDir())
	var e *engine.Engine
	e = engine.Open(store, performer(func(_ context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
		onDisk := func(event string) {
			if got := trace(t, e, task.Execution.ARN); strings.Count(got, event) != int(task.Task) {
				t.Errorf("%s of task %d is not on disk:\n%s", event, task.Task, got)
			}
		}
		onDisk("TaskScheduled")
		submitted(value.EmptyObject())
		onDisk("TaskSubmitted")
		return task.Parameters, nil
	}), engine.Options{})
	defer e.Close()
	outcome(t, e, start(t, e, request("", chain("Sync", "Sync", "Sync"))).ARN)
}

// failingStore refuses commits once it is told to.
type failingStore struct {
	*sqlite.Store
	refuse atomic.Bool
}

func (s *failingStore) Commit(ctx context.Context, writes []engine.Write) error {
	if s.refuse.Load() {
		return fault.New(fault.Unavailable, "write state.db: disk is full")
	}
	return s.Store.Commit(ctx, writes)
}

func TestFailedCommitStopsTheEngine(t *testing.T) {
	store := &failingStore{Store: openStore(t, t.TempDir())}
	e := engine.Open(store, stuck, engine.Options{})
	arn := start(t, e, request("x", chain("Task"))).ARN
	before := trace(t, e, arn)
	waited := make(chan error)
	go func() {
		_, err := e.Wait(t.Context(), arn)
		waited <- err
	}()
	store.refuse.Store(true)
	_, stopErr := e.Stop(t.Context(), arn, nil, nil)
	_, startErr := e.Start(t.Context(), request("y", chain("Pass")))
	for _, err := range []error{<-waited, stopErr, startErr} {
		fails(t, err, fault.Unavailable, "", "the engine has stopped, its executions can be resumed when this is mended: write state.db: disk is full")
	}
	e.Close()

	store.refuse.Store(false)
	e = engine.Open(store, echo, engine.Options{})
	defer e.Close()
	if got := trace(t, e, arn); got != before {
		t.Errorf("half of something was done:\n%s", got)
	}
	if open, err := e.Recover(t.Context()); err != nil || len(open) != 1 {
		t.Errorf("recovered %v, %v", open, err)
	}
	if got := outcome(t, e, arn); got != `SUCCEEDED {"day": 1.0}` {
		t.Errorf("outcome is %s", got)
	}
}
