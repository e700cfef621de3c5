package engine_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

func TestHistoryPages(t *testing.T) {
	e := openEngine(t, echo)
	arn := start(t, e, request("", chain("Task", "Pass", "Task"))).ARN
	outcome(t, e, arn)
	whole, err := e.History(t.Context(), arn, engine.Page{}, false)
	if err != nil || len(whole) < 10 {
		t.Fatalf("history has %d events, %v", len(whole), err)
	}
	for _, reverse := range []bool{false, true} {
		want := slices.Clone(whole)
		if reverse {
			slices.Reverse(want)
		}
		for _, size := range []int{1, 3, len(whole), 1000} {
			if got := readPages(t, e, arn, size, reverse); linesOf(got) != linesOf(want) {
				t.Errorf("pages of %d, reverse %v:\n%s", size, reverse, linesOf(got))
			}
		}
	}
	_, err = e.History(t.Context(), arn+"x", engine.Page{}, false)
	fails(t, err, fault.NotFound, "ExecutionDoesNotExist", arn)
}

func readPages(t *testing.T, e *engine.Engine, arn string, size int, reverse bool) (all []machine.HistoryEvent) {
	page := engine.Page{Limit: size}
	for {
		events, err := e.History(t.Context(), arn, page, reverse)
		if err != nil || len(events) > size {
			t.Fatalf("a page of %d has %d events, %v", size, len(events), err)
		}
		if len(events) == 0 {
			return all
		}
		all = append(all, events...)
		page.After = events[len(events)-1].ID
	}
}

func TestList(t *testing.T) {
	e := openEngine(t, stuck)
	for _, name := range []string{"a", "b", "c"} {
		start(t, e, request(name, chain("Pass")))
	}
	open := start(t, e, request("d", chain("Task")))
	names := func(f engine.Filter, p engine.Page) (names string, next int64) {
		records, next, err := e.List(t.Context(), f, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			names += r.Name
		}
		return names, next
	}
	if got, next := names(engine.Filter{}, engine.Page{}); got != "dcba" || next != 0 {
		t.Errorf("all: %s, next %d", got, next)
	}
	got, next := names(engine.Filter{Status: machine.Succeeded, StateMachineARN: machineARN}, engine.Page{Limit: 2})
	if got != "cb" || next == 0 {
		t.Errorf("the first page: %s, next %d", got, next)
	}
	if got, next := names(engine.Filter{Status: machine.Succeeded}, engine.Page{Limit: 2, After: next}); got != "a" || next != 0 {
		t.Errorf("the second page: %s, next %d", got, next)
	}
	if got, _ := names(engine.Filter{Status: machine.RunningStatus}, engine.Page{}); got != open.Name {
		t.Errorf("running: %s", got)
	}
	if got, _ := names(engine.Filter{StateMachineARN: "other"}, engine.Page{}); got != "" {
		t.Errorf("of another machine: %s", got)
	}
}

func TestWatchSeesEachEventOnce(t *testing.T) {
	e := openEngine(t, echo)
	tasks := slices.Repeat([]string{"Task", "Pass"}, 20)
	arn := start(t, e, request("", chain(tasks...))).ARN
	var watchers sync.WaitGroup
	seen := make([][]machine.HistoryEvent, 8)
	for i := range seen {
		watchers.Go(func() {
			for event, err := range e.Watch(t.Context(), arn, 0) {
				if err != nil {
					t.Error(err)
				}
				// There are more watchers than connections, and each may ask while it watches.
				if _, err := e.Describe(t.Context(), arn); err != nil {
					t.Error(err)
				}
				seen[i] = append(seen[i], event)
			}
		})
	}
	watchers.Wait()
	want := trace(t, e, arn)
	for i := range seen {
		if got := linesOf(seen[i]); got != want {
			t.Errorf("watcher %d saw\n%s", i, got)
		}
	}
	for event, err := range e.Watch(t.Context(), arn, 5) {
		if err != nil || event.ID != 6 {
			t.Errorf("after event 5 came %d, %v", event.ID, err)
		}
		break
	}
}

func TestWatchIsLive(t *testing.T) {
	results := make(chan value.Value)
	e := openEngine(t, performer(func(context.Context, engine.Task, func(value.Value)) (value.Value, *engine.TaskError) {
		return <-results, nil
	}))
	arn := start(t, e, request("", chain("Task", "Task"))).ARN
	given := 0
	for event, err := range e.Watch(t.Context(), arn, 0) {
		if err != nil {
			t.Fatal(err)
		}
		// The result is given only once the watcher has seen that the task was scheduled.
		if event.Type == "TaskScheduled" {
			given++
			results <- value.OfInt(int64(given))
		}
	}
	if got := outcome(t, e, arn); got != "SUCCEEDED 2" {
		t.Errorf("outcome is %s", got)
	}
}

func TestWaitEnds(t *testing.T) {
	e := openEngine(t, stuck)
	arn := start(t, e, request("", chain("Task"))).ARN
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Wait(ctx, arn); err != context.Canceled {
		t.Errorf("a caller without patience: %v", err)
	}
	_, err := e.Wait(t.Context(), arn+"x")
	fails(t, err, fault.NotFound, "ExecutionDoesNotExist", arn)

	var waiters sync.WaitGroup
	waiters.Go(func() {
		_, err := e.Wait(t.Context(), arn)
		fails(t, err, fault.Unavailable, "", "the engine is closed")
	})
	waiters.Go(func() {
		var last error
		for _, last = range e.Watch(t.Context(), arn, 0) {
		}
		fails(t, last, fault.Unavailable, "", "the engine is closed")
	})
	e.Close()
	waiters.Wait()
	_, err = e.Start(t.Context(), request("", chain("Pass")))
	fails(t, err, fault.Unavailable, "", "the engine is closed")
}
