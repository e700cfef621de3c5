package engine_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// counted fails odd numbers until it is mended, and counts the tasks of each number.
type counted struct {
	mended
	mu   sync.Mutex
	runs map[string]int
}

func (c *counted) run(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
	c.mu.Lock()
	c.runs[task.Parameters.Compact()]++
	c.mu.Unlock()
	if n, _ := task.Parameters.Int(); n%2 == 1 {
		return c.mended.run(ctx, task, submitted)
	}
	return task.Parameters, nil
}

// A redriven distributed Map goes on with the children that did not succeed, in the same map run.
func TestMapRunRedrive(t *testing.T) {
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		for _, fields := range []string{`"ToleratedFailureCount": 1, "ItemBatcher": {"MaxItemsPerBatch": 1},`, `"MaxConcurrency": 1,`} {
			t.Run(kind, func(t *testing.T) { redriveMap(t, kind, fields) })
		}
	}
}

func redriveMap(t *testing.T, kind, fields string) {
	c := counted{runs: map[string]int{}}
	c.broken.Store(true)
	e := openEngine(t, performer(c.run))
	state := tasking
	want := `SUCCEEDED [2,1,3,4]`
	if strings.Contains(fields, "Batcher") {
		state += `, "InputPath": "$.Items[0]"`
	}
	record := start(t, e, mapping("m", each(fields, kind, state), `[2, 1, 3, 4]`))
	for range 2 {
		if got := outcome(t, e, record.ARN); !strings.HasPrefix(got, "FAILED States.ExceedToleratedFailureThreshold") {
			t.Fatal(got)
		}
		if _, err := e.Redrive(t.Context(), record.ARN, ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := outcome(t, e, record.ARN); !strings.HasPrefix(got, "FAILED") {
		t.Fatal(got)
	}
	c.broken.Store(false)
	if _, err := e.Redrive(t.Context(), record.ARN, ""); err != nil {
		t.Fatal(err)
	}
	if got := outcome(t, e, record.ARN); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if c.runs["2"] != 1 || c.runs["1"] < 2 {
		t.Errorf("tasks ran so often: %v", c.runs)
	}
	runs, err := e.MapRuns(t.Context(), record.ARN)
	if err != nil || len(runs) != 1 || runs[0].RedriveCount != 3 || runs[0].Status != machine.Succeeded || runs[0].RedriveTime.IsZero() {
		t.Fatalf("%+v, %v", runs, err)
	}
	_, counts, err := e.MapRun(t.Context(), runs[0].ARN)
	if err != nil || counts.Executions[machine.Succeeded] != 4 || len(counts.Executions) > 2 || counts.Executions[machine.RunningStatus] != 0 {
		t.Errorf("%+v, %v", counts, err)
	}
	history := trace(t, e, record.ARN)
	if strings.Count(history, "MapRunRedriven") != 3 || strings.Count(history, "MapRunStarted") != 1 {
		t.Errorf("history is\n%s", history)
	}
}

// A redriven run that a crash interrupts goes on with what is left of it.
func TestMapRunRedriveIsDurable(t *testing.T) {
	store := openStore(t, t.TempDir())
	c := counted{runs: map[string]int{}}
	c.broken.Store(true)
	first := engine.Open(store, performer(c.run), engine.Options{})
	record := start(t, first, mapping("m", each(``, "STANDARD", tasking), `[2, 1, 4]`))
	outcome(t, first, record.ARN)
	first.Close()
	countFailures(t, store, record.ARN)

	second := engine.Open(store, stuck, engine.Options{})
	if _, err := second.Redrive(t.Context(), record.ARN, ""); err != nil {
		t.Fatal(err)
	}
	second.Close()

	c.broken.Store(false)
	third := engine.Open(store, performer(c.run), engine.Options{})
	defer third.Close()
	if _, err := third.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := outcome(t, third, record.ARN), `SUCCEEDED [2,1,4]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// countFailures expects one child that waits for a redrive, as long as it is not too old for that.
func countFailures(t *testing.T, store engine.Store, arn string) {
	t.Helper()
	runs, err := store.MapRuns(t.Context(), arn)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	one := engine.MapCount{Executions: 1, Items: 1}
	for limit, want := range map[time.Time][2]engine.MapCount{{}: {one, {}}, time.Now().Add(time.Hour): {{}, one}} {
		counts, err := store.MapCounts(t.Context(), runs[0].ARN, "redrive 1", limit)
		if got := [2]engine.MapCount{counts.PendingRedrive, counts.NotRedrivable}; got != want || err != nil {
			t.Errorf("pending and not redrivable: %v, want %v, %v", got, want, err)
		}
	}
}

// A stopped Map is redriven at once, while its run still stops the children.
func TestMapRunRedriveOfStopped(t *testing.T) {
	var c gate
	e := openEngine(t, performer(c.run))
	record := start(t, e, mapping("m", each(``, "STANDARD", tasking), `[2, 4, 6]`))
	if _, err := e.Stop(t.Context(), record.ARN, nil, nil); err != nil {
		t.Fatal(err)
	}
	c.open.Store(true)
	if _, err := e.Redrive(t.Context(), record.ARN, ""); err != nil {
		t.Fatal(err)
	}
	if got, want := outcome(t, e, record.ARN), `SUCCEEDED [2,4,6]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	runs, err := e.MapRuns(t.Context(), record.ARN)
	if err != nil || len(runs) != 1 || runs[0].Status != machine.Succeeded {
		t.Errorf("%+v, %v", runs, err)
	}
}

// gate lets no task end before it is open.
type gate struct{ open atomic.Bool }

func (g *gate) run(ctx context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	if !g.open.Load() {
		<-ctx.Done()
	}
	return task.Parameters, nil
}

// A child is not redriven by itself.
func TestMapRunChildNotRedrivable(t *testing.T) {
	e := openEngine(t, odd)
	record := start(t, e, mapping("m", each(``, "STANDARD", tasking), `[1]`))
	outcome(t, e, record.ARN)
	runs, err := e.MapRuns(t.Context(), record.ARN)
	if err != nil {
		t.Fatal(err)
	}
	children, _, err := e.List(t.Context(), engine.Filter{MapRunARN: runs[0].ARN}, engine.Page{})
	if err != nil || len(children) != 1 {
		t.Fatalf("%+v, %v", children, err)
	}
	_, err = e.Redrive(t.Context(), children[0].ARN, "")
	fails(t, err, fault.Conflict, "ExecutionNotRedrivable", "Execution was started by a Map Run and cannot be redriven by itself")
}
