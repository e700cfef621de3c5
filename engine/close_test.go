package engine_test

import (
	"context"
	"testing"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Whoever sees the end of an execution may close the engine at once: what the execution's tasks have to cancel, here another
// execution, is cancelled before.
func TestCloseWaitsForCancelledTasks(t *testing.T) {
	for range 20 {
		store := openStore(t, t.TempDir())
		var e *engine.Engine
		var child engine.Record
		scheduled := make(chan struct{}, 2)
		e = engine.Open(store, performer(func(ctx context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
			scheduled <- struct{}{}
			<-ctx.Done()
			if task.Execution.Name == "parent" && fault.KindOf(context.Cause(ctx)) != fault.Unavailable {
				if _, err := e.Stop(context.WithoutCancel(ctx), child.ARN, nil, nil); err != nil {
					t.Errorf("stop the child: %v", err)
				}
			}
			return value.Value{}, nil
		}), engine.Options{})
		child = start(t, e, request("child", chain("Task")))
		parent := start(t, e, request("parent", chain("Task")))
		<-scheduled
		<-scheduled
		seen := make(chan struct{})
		go func() {
			defer close(seen)
			outcome(t, e, parent.ARN)
			e.Close()
		}()
		if _, err := e.Stop(t.Context(), parent.ARN, nil, nil); err != nil && fault.KindOf(err) != fault.Unavailable {
			t.Fatal(err)
		}
		<-seen
		if record, err := e.Describe(t.Context(), child.ARN); err != nil || record.Status != "ABORTED" {
			t.Fatalf("the child is %s, %v", record.Status, err)
		}
	}
}
