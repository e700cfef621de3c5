package engine

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
)

// MapRun is what is known about the run of a distributed Map from outside: DescribeMapRun's facts.
type MapRun struct {
	ARN             string
	ExecutionARN    string // of the execution that has the Map
	StateMachineARN string // of the children
	Status          machine.Status
	StartTime       time.Time
	StopTime        time.Time // zero while it runs
	RedriveCount    int64
	RedriveTime     time.Time // of the last one; zero: there was none
	machine.MapLimits
}

// MapCounts counts the children of a map run, and the items that they have, by status.
type MapCounts struct {
	Executions, Items map[machine.Status]int64
	// NotRedrivable are those that did not succeed and ended too long ago to be redriven. PendingRedrive wait for it, in a run that is.
	NotRedrivable, PendingRedrive MapCount
	// Pending wait for their turn in a run that is driven, as far as MapRun.Size tells.
	Pending MapCount
}

// MapCount counts children and the items that they have.
type MapCount struct{ Executions, Items int64 }

// MapRun returns a map run with its counts. Error: ResourceNotFound (NotFound).
func (e *Engine) MapRun(ctx context.Context, arn string) (MapRun, MapCounts, error) {
	run, err := e.store.MapRun(ctx, arn)
	if err != nil {
		return run, MapCounts{}, err
	}
	counts, err := e.store.MapCounts(ctx, arn, redriveOf(run.RedriveCount), now().Add(-redrivable))
	if run.Status != machine.RunningStatus || run.RedriveCount == 0 {
		counts.PendingRedrive = MapCount{}
	}
	e.mu.Lock()
	driven := e.runs[arn]
	e.mu.Unlock()
	if driven != nil && driven.plan.Express { // of which the store has only those that ended
		driven.mu.Lock()
		defer driven.mu.Unlock()
		counts.Executions[machine.RunningStatus] += driven.running
		counts.Items[machine.RunningStatus] += driven.items
	}
	if driven != nil {
		counts.Pending = driven.pending(counts)
	}
	return run, counts, err
}

// pending counts the children that are not among those counted, each of which has one item.
func (r *mapRun) pending(counts MapCounts) MapCount {
	left := r.plan.Size()
	for _, n := range counts.Executions {
		left -= n
	}
	return MapCount{max(left, 0), max(left, 0)}
}

// MapRuns returns the map runs of an execution, newest first.
func (e *Engine) MapRuns(ctx context.Context, executionARN string) ([]MapRun, error) {
	return e.store.MapRuns(ctx, executionARN)
}

// UpdateMapRun changes the limits of a map run that runs. Errors: ResourceNotFound (NotFound); Conflict when it has ended or nobody drives it.
func (e *Engine) UpdateMapRun(ctx context.Context, arn string, change func(*machine.MapLimits)) error {
	e.mu.Lock()
	driven := e.runs[arn]
	e.mu.Unlock()
	if driven != nil {
		return driven.update(ctx, change)
	}
	if _, err := e.store.MapRun(ctx, arn); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "Map Run %s is not running", arn).WithCode("ValidationException")
}
