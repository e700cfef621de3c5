package engine

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
)

// AWS's limits on redriving.
const (
	redrivable     = 14 * 24 * time.Hour // after the end
	redriveHistory = 24_999              // events
)

// Redrive lets a closed execution that did not succeed go on from where it ended, and returns its record. The same token again is a
// repetition, which changes nothing; empty: no request is known again by it. Errors: ExecutionDoesNotExist (NotFound),
// ExecutionNotRedrivable (Conflict), Unavailable.
func (e *Engine) Redrive(ctx context.Context, arn, token string) (Record, error) {
	return e.redrive(ctx, arn, token, Record.NotRedrivable)
}

// redrive is Redrive with a reason of its own to refuse.
func (e *Engine) redrive(ctx context.Context, arn, token string, refuse func(Record, time.Time) string) (Record, error) {
	for {
		x, busy, err := e.reopen(ctx, arn, token, refuse)
		switch {
		case err != nil:
			return Record{}, err
		case busy != nil: // it closed this moment, or somebody else redrives it
			if err := e.await(ctx, busy); err != nil {
				return Record{}, err
			}
		case x == nil:
			return e.Describe(ctx, arn)
		default:
			err := x.send(ctx, machine.Redriven{})
			return x.snapshot(), err
		}
	}
}

// reopen makes a closed execution live, nil when the request is a repetition. busy tells when to try again.
func (e *Engine) reopen(ctx context.Context, arn, token string, refuse func(Record, time.Time) string) (x *execution, busy <-chan struct{}, err error) {
	e.adopting.Lock()
	defer e.adopting.Unlock()
	record, err := e.store.Execution(ctx, arn)
	if err != nil || token != "" && token == record.RedriveToken {
		return nil, nil, err
	}
	if reason := refuse(record, now()); reason != "" {
		return nil, nil, notRedrivable(reason)
	}
	if x, err = e.rebuild(ctx, record); err != nil {
		return nil, nil, fault.New(fault.KindOf(err), "redrive %s", arn).Because(err)
	}
	if x.last.LastID >= redriveHistory {
		return nil, nil, notRedrivable("Execution history event limit exceeded and cannot be redriven")
	}
	// Whoever looks at it from now on waits for its news, as for those of any that runs.
	x.record.Status, x.record.RedriveToken = machine.RunningStatus, token
	if other := e.occupy(x); other != nil {
		_, busy = other.state()
		return nil, busy, nil
	}
	return x, nil, nil
}

func notRedrivable(reason string) error {
	return fault.New(fault.Conflict, "%s", reason).WithCode("ExecutionNotRedrivable")
}

// NotRedrivable says why an execution cannot be redriven at a moment; empty when it can, as far as the record tells.
func (r Record) NotRedrivable(at time.Time) string {
	if r.RedrivableByMapRun(at) {
		return "Execution was started by a Map Run and cannot be redriven by itself"
	}
	return r.notRedrivable(at)
}

// RedrivableByMapRun reports whether an execution goes on when the execution that has its Map is redriven.
func (r Record) RedrivableByMapRun(at time.Time) bool {
	return r.MapRunARN != "" && r.notRedrivable(at) == ""
}

func (r Record) notRedrivable(at time.Time) string {
	switch {
	case r.Express():
		return "Execution is EXPRESS and cannot be redriven"
	case r.Status == machine.RunningStatus || r.Status == machine.Succeeded:
		return "Execution is " + string(r.Status) + " and cannot be redriven"
	case at.Sub(r.StopTime) > redrivable:
		return "Execution has exceeded its redrivable period and cannot be redriven"
	}
	return ""
}

// reopened is the record of an execution that goes on at a moment.
func (r *Record) reopened(at time.Time) {
	r.Status, r.StopTime = machine.RunningStatus, time.Time{}
	r.Error, r.Cause = nil, nil
	r.RedriveCount, r.RedriveTime = r.RedriveCount+1, at
}
