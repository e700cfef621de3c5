package engine

import (
	"context"
	"sync"
	"time"

	"github.com/stepwell/stepwell/agenda"
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/fault"
)

// Options are the choices of whoever opens an engine.
type Options struct {
	// WaitCap shortens every pause of a Wait state or before a retry to at most this; 0 leaves them as they are.
	// Timeouts are never shortened.
	WaitCap time.Duration
	// Items reads and writes for distributed Maps; nil: there are no buckets.
	Items Items
	// ResultFile is how many bytes a file of a ResultWriter may have before another is begun; 0 is AWS's limit, 5 GB.
	ResultFile int64
	// Observe is told what has become durable: an execution's record, and the history events that one commit added to it, a
	// JSON array that must not be changed. It is called in the order of the history and has to return at once. Nil: nobody is.
	Observe func(record Record, history []byte)
}

// Engine drives the executions of one Store. Its methods may be called by several goroutines.
type Engine struct {
	store   Store
	tasks   Tasks
	options Options

	// working ends, with the reason as its cause, when the engine is closed or a commit fails.
	working context.Context
	end     context.CancelCauseFunc
	work    sync.WaitGroup // owners of executions, tasks and the timers
	commits *committer
	timers  *agenda.Queue[timerKey]
	taken   taken

	adopting sync.Mutex // held while executions are rebuilt or names are claimed, so that each is driven once

	mu       sync.Mutex
	live     map[string]*execution // by ARN
	leaving  int                   // performers of cancelled tasks that have not returned yet
	left     sync.Cond             // leaving is 0 again, or the engine has ceased
	held     map[string]holding    // by task token
	compiled map[string]*asl.StateMachine
	runs     map[string]*mapRun // by ARN
}

// Open returns an engine over a store. Executions that an earlier engine left are not touched before Recover or Resume.
func Open(store Store, tasks Tasks, options Options) *Engine {
	e := &Engine{
		store: store, tasks: tasks, options: options,
		live: map[string]*execution{}, held: map[string]holding{}, compiled: map[string]*asl.StateMachine{}, runs: map[string]*mapRun{},
	}
	e.left.L = &e.mu
	e.working, e.end = context.WithCancelCause(context.Background())
	e.commits = newCommitter(store, e.cease)
	e.timers = agenda.NewQueue[timerKey]()
	e.work.Go(func() { e.timers.Serve(e.working.Done(), timerKey.fire) })
	return e
}

// Close ends all work and waits for it. Open executions can be taken up by another engine. Closing again is no matter.
func (e *Engine) Close() {
	e.awaitLeaving()
	e.cease(fault.New(fault.Unavailable, "the engine is closed"))
	e.work.Wait()
	e.commits.close()
}

// cease lets no work begin any more; the first reason stays.
func (e *Engine) cease(reason error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.end(reason)
	e.left.Broadcast()
}

// awaitLeaving waits for the performers of cancelled tasks: nobody would cancel again after a restart what they started,
// and for that they may need the engine, as a task that awaits another execution does.
func (e *Engine) awaitLeaving() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.leaving > 0 && e.working.Err() == nil {
		e.left.Wait()
	}
}

// begin runs f on a goroutine that Close waits for, unless the engine has ceased.
func (e *Engine) begin(f func()) {
	// The lock orders this before or after cease: a WaitGroup must not grow from zero while Close waits for it.
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.working.Err() == nil {
		e.work.Go(f)
	}
}

// await waits for a signal, the caller's patience or the engine's end, whichever comes first.
func (e *Engine) await(ctx context.Context, signal <-chan struct{}) error {
	var reason error
	select {
	case <-signal:
		return nil
	case <-ctx.Done():
		reason = ctx.Err()
	case <-e.working.Done():
		reason = context.Cause(e.working)
	}
	select {
	case <-signal: // what has happened is not to be denied because the end came in the same moment
		return nil
	default:
		return reason
	}
}

func (e *Engine) find(arn string) *execution {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.live[arn]
}

func (e *Engine) forget(x *execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.live, x.arn)
}
