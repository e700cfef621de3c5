package engine_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/value"
)

const (
	items = 120
	wide  = `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemsPath": "$.list", "End": true,
	"ItemProcessor": {"StartAt": "One", "States": {
		"One": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "Next": "Two"},
		"Two": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true}}}}}}`
)

func wideRequest() engine.StartRequest {
	r := request("x", wide)
	r.Input = `{"list": [` + strings.Trim(strings.Repeat("{},", items), ",") + `]}`
	return r
}

// fanned performs the tasks of the wide machine.
var fanned = performer(func(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
	if task.State == "Two" {
		return submitter(ctx, task, submitted)
	}
	return task.Parameters, nil
})

// Many tasks of one execution end at the same time, and the store dies under them: each event happens once all the same.
func TestConcurrentEventsOfOneExecution(t *testing.T) {
	for _, left := range []int{1, 2, 5, 20, 1 << 30} {
		store := openStore(t, t.TempDir())
		e := engine.Open(&dyingStore{Store: store, left: left}, fanned, engine.Options{})
		record := start(t, e, wideRequest())
		_, err := e.Wait(t.Context(), record.ARN)
		e.Close()
		if err != nil {
			e = engine.Open(store, fanned, engine.Options{})
			if records, err := e.Recover(t.Context()); err != nil || len(records) != 1 {
				t.Fatalf("recovered %d executions, %v", len(records), err)
			}
			outcome(t, e, record.ARN)
			e.Close()
		}
		checkWide(t, e, record.ARN)
	}
}

func checkWide(t *testing.T, e *engine.Engine, arn string) {
	t.Helper()
	events, err := e.History(t.Context(), arn, engine.Page{}, false)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for i, event := range events {
		if event.ID != int64(i+1) || event.PreviousID >= event.ID {
			t.Fatalf("event %d of the history is %d<%d", i+1, event.ID, event.PreviousID)
		}
		if i > 0 && event.At.Before(events[i-1].At) {
			t.Errorf("event %d is earlier than the one before it", event.ID)
		}
		counts[event.Type]++
	}
	for event, want := range map[string]int{
		"MapIterationStarted": items, "MapIterationSucceeded": items, "TaskScheduled": 2 * items, "TaskSubmitted": items,
		"TaskSucceeded": 2 * items, "TaskStateExited": 2 * items, "ExecutionSucceeded": 1,
	} {
		if counts[event] != want {
			t.Errorf("%s happened %d times, not %d", event, counts[event], want)
		}
	}
	record, err := e.Describe(t.Context(), arn)
	if want := `{"Two":{"Id":"Two"}}`; err != nil || strings.Count(record.Output.Text(), want) != items {
		t.Errorf("output is %s, %v", record.Output.Text(), err)
	}
}
