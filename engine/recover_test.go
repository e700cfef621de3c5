package engine_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

func TestCloseLeavesExecutionsResumable(t *testing.T) {
	store := openStore(t, t.TempDir())
	e := engine.Open(store, stuck, engine.Options{})
	var arns []string
	for _, name := range []string{"a", "b", "c"} {
		arns = append(arns, start(t, e, request(name, chain("Task", "Pass"))).ARN)
	}
	e.Close()

	e = engine.Open(store, echo, engine.Options{})
	defer e.Close()
	_, err := e.Wait(t.Context(), arns[0])
	fails(t, err, fault.Conflict, "", "is open, but nobody drives it")
	if record, err := e.Resume(t.Context(), arns[0]); err != nil || record.ARN != arns[0] {
		t.Errorf("resume returned %+v, %v", record, err)
	}
	outcome(t, e, arns[0])
	if record, err := e.Resume(t.Context(), arns[0]); err != nil || describe(record) != `SUCCEEDED {"day": 1.0}` {
		t.Errorf("resuming a closed execution returned %s, %v", describe(record), err)
	}
	records, err := e.Recover(t.Context())
	if err != nil || len(records) != 2 {
		t.Errorf("recovered %d executions, %v", len(records), err)
	}
	for _, arn := range arns {
		if got := outcome(t, e, arn); got != `SUCCEEDED {"day": 1.0}` {
			t.Errorf("outcome of %s is %s", arn, got)
		}
	}
}

func TestSubmittedIsNotSubmittedAgain(t *testing.T) {
	store := openStore(t, t.TempDir())
	durable := make(chan struct{})
	e := engine.Open(store, performer(func(ctx context.Context, _ engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
		submitted(value.MustParse(`{"Id": "q-1"}`))
		close(durable)
		<-ctx.Done()
		return value.Value{}, nil
	}), engine.Options{})
	arn := start(t, e, request("", chain("Sync"))).ARN
	<-durable
	e.Close()

	e = engine.Open(store, performer(func(_ context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
		return task.Submitted, nil
	}), engine.Options{})
	defer e.Close()
	if _, err := e.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := outcome(t, e, arn); got != `SUCCEEDED {"Id": "q-1"}` {
		t.Errorf("outcome is %s", got)
	}
}

func TestStopWithoutResuming(t *testing.T) {
	store := openStore(t, t.TempDir())
	e := engine.Open(store, stuck, engine.Options{})
	arn := start(t, e, request("", chain("Task"))).ARN
	e.Close()

	e = engine.Open(store, performer(func(context.Context, engine.Task, func(value.Value)) (value.Value, *engine.TaskError) {
		t.Error("the task ran again")
		return value.NullValue(), nil
	}), engine.Options{})
	defer e.Close()
	if record, err := e.Stop(t.Context(), arn, nil, nil); err != nil || describe(record) != "ABORTED" {
		t.Errorf("stop returned %s, %v", describe(record), err)
	}
}

func TestTimersKeepTheirMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := openStore(t, t.TempDir())
		e := engine.Open(store, echo, engine.Options{})
		began := time.Now()
		arn := start(t, e, request("", chain("100", "Pass"))).ARN
		time.Sleep(40 * time.Second)
		e.Close()
		time.Sleep(20 * time.Second)

		e = engine.Open(store, echo, engine.Options{})
		defer e.Close()
		if _, err := e.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		record, err := e.Wait(t.Context(), arn)
		if err != nil || record.StopTime.Sub(began) != 100*time.Second {
			t.Errorf("the wait took %v, %v", record.StopTime.Sub(began), err)
		}
	})
}

func TestWaitCap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.Open(openStore(t, t.TempDir()), echo, engine.Options{WaitCap: 200 * time.Millisecond})
		defer e.Close()
		record, err := e.Wait(t.Context(), start(t, e, request("", chain("3600", "Pass", "3600"))).ARN)
		if took := record.StopTime.Sub(record.StartTime); err != nil || took != 400*time.Millisecond {
			t.Errorf("two capped waits took %v, %v", took, err)
		}
	})
}

func TestDamagedLogHindersOnlyItself(t *testing.T) {
	store := openStore(t, t.TempDir())
	e := engine.Open(store, stuck, engine.Options{})
	bad := start(t, e, request("bad", chain("Task")))
	good := start(t, e, request("good", chain("Task")))
	e.Close()
	bad.Status = "RUNNING"
	damage := engine.Chunk{Number: 2, FirstID: 9, LastID: 9, Events: []byte(`[{"kind":"nonsense"}]`)}
	if err := store.Commit(t.Context(), []engine.Write{{Record: bad, Chunk: damage}}); err != nil {
		t.Fatal(err)
	}
	e = engine.Open(store, echo, engine.Options{})
	defer e.Close()
	records, err := e.Recover(t.Context())
	if err == nil || !strings.Contains(err.Error(), "resume "+bad.ARN+": read chunk 2") {
		t.Errorf("the damaged log: %v", err)
	}
	if len(records) != 1 || outcome(t, e, good.ARN) != `SUCCEEDED {"day": 1.0}` {
		t.Errorf("recovered %+v", records)
	}
}

func TestManyExecutionsKeepTheirOrder(t *testing.T) {
	e := openEngine(t, echo)
	definition := chain(slices.Repeat([]string{"Task", "Pass"}, 5)...)
	reference := start(t, e, request("reference", definition)).ARN
	outcome(t, e, reference)
	want := trace(t, e, reference)
	var callers sync.WaitGroup
	for range 100 {
		callers.Go(func() {
			arn := start(t, e, request("", definition)).ARN
			if got := outcome(t, e, arn); got != `SUCCEEDED {"day": 1.0}` {
				t.Errorf("outcome is %s", got)
			}
			if got := trace(t, e, arn); got != want {
				t.Errorf("history is\n%snot\n%s", got, want)
			}
		})
	}
	callers.Wait()
}
