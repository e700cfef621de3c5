package engine

import (
	"context"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
)

// reopen notes that the run goes on, once for each redrive of the execution that has the Map. Children of the type EXPRESS that did not
// succeed are forgotten: they are started anew.
func (r *mapRun) reopen(ctx context.Context) error {
	if r.plan.Redrives <= r.record.RedriveCount {
		return nil
	}
	if err := r.engine.store.ForgetChildren(ctx, r.plan.ARN); err != nil {
		return err
	}
	at := now()
	r.record.Status, r.record.StopTime = machine.RunningStatus, time.Time{}
	r.record.RedriveCount, r.record.RedriveTime = r.plan.Redrives, at
	return r.engine.store.PutMapRun(ctx, r.record)
}

// redrive names this redrive of the run to its children, so that after a crash none is redriven twice; empty: there was none.
func (r *mapRun) redrive() string { return redriveOf(r.plan.Redrives) }

func redriveOf(number int64) string {
	if number == 0 {
		return ""
	}
	return "redrive " + strconv.FormatInt(number, 10)
}

// unsettled reports whether a child did not succeed before this redrive.
func (r *mapRun) unsettled(child Record) bool {
	return child.Status != machine.RunningStatus && child.Status != machine.Succeeded && child.RedriveToken != r.redrive()
}

// again goes on with a child that did not succeed, when there is room. One that cannot be redriven fails once more.
func (r *mapRun) again(ctx context.Context, child Record) error {
	if !r.enter(ctx, child.Items) {
		return context.Cause(ctx)
	}
	r.children.Go(func() {
		working := context.WithoutCancel(ctx) // what has begun is awaited, and stopped there
		record, err := r.engine.redrive(working, child.ARN, r.redrive(), Record.notRedrivable)
		r.settle()
		x := r.engine.find(child.ARN)
		if err == nil && x != nil {
			r.await(ctx, x)
			return
		}
		if err == nil {
			record, err = r.engine.Describe(working, child.ARN)
		}
		if err != nil {
			record = child
		}
		r.ended(record)
	})
	return nil
}

// settle makes room for another child that has not taken its first step.
func (r *mapRun) settle() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fresh--
	r.room.Signal()
}
