package engine

import (
	"context"
	"io"
	"iter"

	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// Task is one scheduled task of an execution as its performer sees it. The Token of a .waitForTaskToken or activity task is
// what SucceedTask and its like end it by.
type Task struct {
	machine.ScheduleTask
	Execution machine.Execution
	// MapRun is the ARN of the map run whose child the execution is; empty for others.
	MapRun string
	// Submitted is the answer of the first half of a .sync or .waitForTaskToken task that was made before a restart; it
	// must not be submitted again. Zero when there was none.
	Submitted value.Value
	// Taken says that a worker took the activity task before a restart: it is not to be offered again.
	Taken bool
}

// TaskError is how a task failed, in the States Language's terms. It is data, not a Go error.
type TaskError struct {
	Phase        machine.FailurePhase
	Error, Cause *string
}

// Items is how distributed Maps reach buckets. Its errors are sentences for people: they become the cause of States.ItemReaderFailed and
// States.ResultWriterFailed.
type Items interface {
	// Read yields the items that a reader names, as it reads; it ends behind the first error.
	Read(ctx context.Context, reader *machine.ItemReader) iter.Seq2[item.Item, error]
	// Create makes an object of what write writes, and returns its size in bytes.
	Create(ctx context.Context, bucket, key string, write func(io.Writer) error) (int64, error)
}

// Tasks carries tasks out. The engine calls Run on a goroutine of its own, once the schedule is durable; after a crash it
// calls it again for a task that had no result, with the same execution and task id, so performers that must not act
// twice can tell. Run returns when the work is done. It calls submitted, at most once, when the first half of a .sync or
// .waitForTaskToken task has been accepted; that returns after the fact is durable. When ctx ends, nobody
// wants the result; Run has to return soon, because Engine.Close waits for it.
//
// Refuse says why a task cannot be scheduled: its parameters are not those of its resource. It is asked before the task is
// written down, by the goroutine that drives the execution, so it must return at once.
type Tasks interface {
	Run(ctx context.Context, task Task, submitted func(answer value.Value)) (value.Value, *TaskError)
	Refuse(task machine.ScheduleTask) (reason string, refused bool)
}
