package engine

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// carry runs a task, or the map run that a command asks for.
func (e *Engine) carry(ctx context.Context, task Task, submitted func(value.Value)) (value.Value, *TaskError) {
	if task.Map == nil {
		return e.tasks.Run(ctx, task, submitted)
	}
	output, err := e.runMap(ctx, task.Map)
	if err == nil {
		return output, nil
	}
	failed, ok := err.(*machine.MapRunError)
	if !ok {
		failed = &machine.MapRunError{Name: "States.Runtime", Cause: err.Error()}
	}
	return value.Value{}, &TaskError{Error: &failed.Name, Cause: &failed.Cause}
}

// mapRun is a map run that this engine drives. Its children are executions like others: what is known of them is in the store, and after
// a crash the run goes on with those that are there.
type mapRun struct {
	engine     *Engine
	plan       *machine.MapRun
	definition *asl.StateMachine
	hash       string
	stored     atomic.Bool // the definition is
	stop       context.CancelCauseFunc
	over       chan struct{} // closed when nobody drives it any more
	children   sync.WaitGroup

	mu      sync.Mutex
	room    sync.Cond // a child ended, the limits changed, or the run is stopped
	record  MapRun
	running int64
	items   int64          // of the children that run
	fresh   int64          // children that have not taken their first step
	failed  int64          // items
	total   int64          // items, 0 while they are read
	known   map[int64]bool // children that an earlier process started
}

// runMap drives a map run to its end and returns the result of its state.
func (e *Engine) runMap(ctx context.Context, plan *machine.MapRun) (value.Value, error) {
	working := context.WithoutCancel(ctx)
	r := &mapRun{engine: e, plan: plan, hash: hashOf(plan.Definition), known: map[int64]bool{}, over: make(chan struct{})}
	r.room.L = &r.mu
	var err error
	if r.definition, err = e.compile(r.hash, plan.Definition, ""); err != nil {
		return value.Value{}, err
	}
	if err := e.claimRun(working, r); err != nil {
		return value.Value{}, err
	}
	defer e.freeRun(r)
	if err := r.open(working); err != nil {
		return value.Value{}, err
	}
	err = r.process(ctx)
	if ctx.Err() != nil && fault.KindOf(context.Cause(ctx)) == fault.Unavailable {
		return value.Value{}, err // the next engine goes on with it
	}
	var output value.Value
	if ctx.Err() == nil {
		output, err = r.result(working, err)
	}
	return output, r.close(working, ctx.Err() != nil, err)
}

// claimRun makes the caller the one who drives a run, once nobody does any more: one that was stopped a moment ago still stops
// its children.
func (e *Engine) claimRun(ctx context.Context, r *mapRun) error {
	for {
		e.mu.Lock()
		driven := e.runs[r.plan.ARN]
		if driven == nil {
			e.runs[r.plan.ARN] = r
			r.mu.Lock() // until it is open
			e.mu.Unlock()
			return nil
		}
		e.mu.Unlock()
		if err := e.await(ctx, driven.over); err != nil {
			return err
		}
	}
}

func (e *Engine) freeRun(r *mapRun) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.runs, r.plan.ARN)
	close(r.over)
}

// open finds the run in the store, or puts it there. A stopped one that comes too late finds that a redrive has gone on without it.
func (r *mapRun) open(ctx context.Context) error {
	defer r.mu.Unlock()
	record, err := r.engine.store.MapRun(ctx, r.plan.ARN)
	if fault.KindOf(err) == fault.NotFound {
		record = MapRun{
			ARN: r.plan.ARN, ExecutionARN: r.plan.Parent.ARN, StateMachineARN: r.plan.StateMachineARN(),
			Status: machine.RunningStatus, StartTime: now(), MapLimits: r.plan.MapLimits,
		}
		err = r.engine.store.PutMapRun(ctx, record)
	}
	if r.record = record; err != nil {
		return err
	}
	if record.RedriveCount > r.plan.Redrives {
		return fault.New(fault.Conflict, "Map Run %s was redriven", record.ARN)
	}
	return r.reopen(ctx)
}

func (r *mapRun) close(ctx context.Context, aborted bool, reason error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.record.StopTime = now(); {
	case aborted:
		r.record.Status = machine.Aborted
	case reason != nil:
		r.record.Status = machine.Failed
	default:
		r.record.Status = machine.Succeeded
	}
	if err := r.engine.store.PutMapRun(ctx, r.record); err != nil {
		return err
	}
	return reason
}

// process starts the children and waits for all of them. The first error that breaks the run stops those that are left.
func (r *mapRun) process(ctx context.Context) error {
	ctx, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	defer context.AfterFunc(ctx, r.wake)()
	err := r.takeUp(ctx)
	if err == nil {
		err = r.dispatch(ctx)
	}
	if err != nil {
		r.stop(err)
	}
	r.children.Wait()
	if broken := context.Cause(ctx); broken != nil {
		return broken
	}
	return err
}

func (r *mapRun) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.room.Broadcast()
}

// childPage is how many children are read from the store at a time.
const childPage = 1000

// takeUp goes on with the children that an earlier process started, or stops them when nobody wants the run.
func (r *mapRun) takeUp(ctx context.Context) error {
	for child, err := range r.inOrder(context.WithoutCancel(ctx)) {
		if err != nil {
			return err
		}
		r.known[child.Child] = true
		if r.unsettled(child) && ctx.Err() == nil {
			if err := r.again(ctx, child); err != nil {
				return err
			}
			continue
		}
		r.begin(child.Items)
		switch {
		case child.Status != machine.RunningStatus:
			r.ended(child)
		case ctx.Err() != nil:
			child, err = r.engine.Stop(context.WithoutCancel(ctx), child.ARN, nil, nil)
			r.ended(child)
		default:
			err = r.rejoin(ctx, child.ARN)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin counts one more child that runs.
func (r *mapRun) begin(items int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running++
	r.items += items
}

func (r *mapRun) rejoin(ctx context.Context, arn string) error {
	if _, err := r.engine.Resume(ctx, arn); err != nil {
		return err
	}
	if x := r.engine.find(arn); x != nil {
		r.children.Go(func() { r.await(ctx, x) })
		return nil
	}
	child, err := r.engine.Describe(ctx, arn) // it ended a moment ago
	r.ended(child)
	return err
}

// inOrder yields the children that the store has, in their order.
func (r *mapRun) inOrder(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		after := int64(-1)
		for {
			page, err := r.engine.store.Children(ctx, r.plan.ARN, after, childPage)
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, child := range page {
				if !yield(child, nil) {
					return
				}
				after = child.Child
			}
			if len(page) < childPage {
				return
			}
		}
	}
}

// dispatch reads the items and starts a child for each, as there is room.
func (r *mapRun) dispatch(ctx context.Context) error {
	var total int64
	for child, err := range r.plan.Children(r.read(ctx)) {
		if err != nil {
			return err
		}
		total += child.Items
		if r.known[child.Index] {
			continue
		}
		if !r.enter(ctx, child.Items) {
			return context.Cause(ctx)
		}
		x := r.newChild(child)
		x.post(letter{body: machine.Started{Version: machine.CurrentVersion}})
		r.children.Go(func() {
			r.begun(ctx, x)
			r.await(ctx, x)
		})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total = total
	return r.check()
}

func (r *mapRun) read(ctx context.Context) iter.Seq2[item.Item, error] {
	switch {
	case r.plan.Reader == nil:
		return func(yield func(item.Item, error) bool) {
			for _, i := range r.plan.Items {
				if !yield(i, nil) {
					return
				}
			}
		}
	case r.engine.options.Items == nil:
		return func(yield func(item.Item, error) bool) {
			yield(item.Item{}, fault.New(fault.Unsupported, "there are no buckets to read items from"))
		}
	}
	return r.engine.options.Items.Read(ctx, r.plan.Reader)
}

// maxFresh is how many children may wait for their first step: those that end with it must not pile up in the memory.
const maxFresh = 500

// enter waits until one more child may run. It reports false when the run is stopped.
func (r *mapRun) enter(ctx context.Context, items int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.full() && ctx.Err() == nil {
		r.room.Wait()
	}
	if ctx.Err() != nil {
		return false
	}
	r.running++
	r.items += items
	r.fresh++
	return true
}

func (r *mapRun) full() bool {
	return r.fresh >= maxFresh || r.record.MaxConcurrency > 0 && r.running >= r.record.MaxConcurrency
}

// begun waits for the first step of a child.
func (r *mapRun) begun(ctx context.Context, x *execution) {
	_ = r.engine.await(ctx, x.settled) // whatever the reason, the child has its place no more
	r.settle()
}

func (r *mapRun) newChild(c machine.Child) *execution {
	record := Record{
		Execution: r.plan.Execution(c), DefinitionHash: r.hash, Status: machine.RunningStatus,
		MapRunARN: r.plan.ARN, Child: c.Index, Items: c.Items, RedriveToken: r.redrive(),
	}
	record.StartTime = now()
	x := r.engine.newExecution(machine.New(r.definition, record.Execution), record)
	x.machine.Refuse = r.engine.tasks.Refuse
	if !r.stored.Load() {
		x.definition = r.plan.Definition
	}
	r.engine.occupy(x)
	return x
}

// await waits for the end of a child, or stops it when the run is stopped.
func (r *mapRun) await(ctx context.Context, x *execution) {
	for {
		record, changed := x.state()
		if record.Status != machine.RunningStatus {
			r.stored.Store(true)
			r.ended(record)
			return
		}
		if r.engine.await(ctx, changed) == nil {
			continue
		}
		if r.engine.working.Err() != nil {
			return
		}
		if x.send(context.WithoutCancel(ctx), machine.Stopped{}) != nil {
			return
		}
		ctx = context.WithoutCancel(ctx)
	}
}

// ended makes room for another child, and breaks the run when too many items failed.
func (r *mapRun) ended(child Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
	r.items -= child.Items
	if child.Status != machine.Succeeded {
		r.failed += child.Items
	}
	if err := r.check(); err != nil {
		r.stop(err)
	}
	r.room.Signal()
}

// check says whether too many items failed. The caller holds the lock.
func (r *mapRun) check() error {
	if r.record.Exceeded(r.failed, r.total) {
		return machine.ThresholdExceeded()
	}
	return nil
}

func (r *mapRun) update(ctx context.Context, change func(*machine.MapLimits)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.record.MapLimits)
	r.room.Broadcast()
	return r.engine.store.PutMapRun(ctx, r.record)
}
