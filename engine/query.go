package engine

import (
	"context"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
)

// Describe returns the record of an execution. Error: ExecutionDoesNotExist (NotFound).
func (e *Engine) Describe(ctx context.Context, arn string) (Record, error) {
	return e.store.Execution(ctx, arn)
}

// Drives reports whether this engine drives the execution: it is open and was started or taken up here.
func (e *Engine) Drives(arn string) bool { return e.find(arn) != nil }

// Definition returns the text that an execution runs.
func (e *Engine) Definition(ctx context.Context, arn string) (string, error) {
	record, err := e.store.Execution(ctx, arn)
	if err != nil {
		return "", err
	}
	return e.store.Definition(ctx, record.DefinitionHash)
}

// List returns executions, newest first, and the cursor of the next page, 0 when there is none.
func (e *Engine) List(ctx context.Context, filter Filter, page Page) ([]Record, int64, error) {
	return e.store.Executions(ctx, filter, page)
}

// Failures returns the executions that failed or timed out since a moment, the last first, without inputs and outputs.
// Children of map runs are left out.
func (e *Engine) Failures(ctx context.Context, since time.Time, limit int) ([]Record, error) {
	return e.store.Failures(ctx, since, limit)
}

// Tallies counts the executions that run, and those that ended since the beginning of a day, in UTC.
func (e *Engine) Tallies(ctx context.Context, since time.Time) ([]Tally, error) {
	return e.store.Tallies(ctx, since)
}

// History returns history events of an execution in the order of their ids, or the other way with reverse. The cursor of
// a page is the id of its last event. Error: ExecutionDoesNotExist (NotFound).
func (e *Engine) History(ctx context.Context, arn string, page Page, reverse bool) ([]machine.HistoryEvent, error) {
	if _, err := e.store.Execution(ctx, arn); err != nil {
		return nil, err
	}
	return e.history(ctx, arn, page, reverse, math.MaxInt)
}

// history reads a page that ends early, behind a whole chunk, when its JSON text has reached a size in bytes.
func (e *Engine) history(ctx context.Context, arn string, page Page, reverse bool, size int) ([]machine.HistoryEvent, error) {
	from := page.After + 1
	if reverse {
		from = max(page.After-1, 0)
	}
	var events []machine.HistoryEvent
	var wanted func(id int64) bool
	for chunk, err := range e.store.Chunks(ctx, arn, from, reverse) {
		if err != nil {
			return nil, err
		}
		if wanted == nil {
			wanted = page.span(reverse, chunk.LastID)
		}
		items, err := e.taken.of(arn, &chunk)
		if err != nil {
			return nil, err
		}
		part, err := chunk.history(items, wanted)
		if err != nil {
			return nil, err
		}
		if reverse {
			slices.Reverse(part)
		}
		events = append(events, part...)
		if page.Limit > 0 && len(events) >= page.Limit {
			return events[:page.Limit], nil
		}
		if size -= len(chunk.History); size <= 0 && len(events) > 0 {
			break
		}
	}
	return events, nil
}

// span tells which events are on a page of a history, whose ids have no gaps. The newest is the last id there is.
func (p Page) span(reverse bool, newest int64) func(id int64) bool {
	first, last := p.After+1, p.After+int64(p.Limit)
	if reverse {
		last = newest
		if p.After != 0 {
			last = p.After - 1
		}
		first = last - int64(p.Limit) + 1
	}
	if p.Limit == 0 && reverse {
		first = 0
	} else if p.Limit == 0 {
		last = math.MaxInt64
	}
	return func(id int64) bool { return first <= id && id <= last }
}

// Wait returns the record of an execution once it is closed. Errors: ExecutionDoesNotExist (NotFound); Conflict when the
// execution is open but nobody drives it; Unavailable when the engine stopped; the context's.
func (e *Engine) Wait(ctx context.Context, arn string) (Record, error) {
	for {
		record, changed, err := e.state(ctx, arn)
		if err != nil || record.Status != machine.RunningStatus {
			return record, err
		}
		if err := e.await(ctx, changed); err != nil {
			return Record{}, err
		}
	}
}

// Watch yields the history of an execution after the event with the id after, as it becomes durable, each event once, until
// the execution is closed. It ends with an error in the cases of Wait.
func (e *Engine) Watch(ctx context.Context, arn string, after int64) iter.Seq2[machine.HistoryEvent, error] {
	return func(yield func(machine.HistoryEvent, error) bool) {
		for {
			events, err := e.news(ctx, arn, after)
			if err != nil {
				yield(machine.HistoryEvent{}, err)
				return
			}
			if len(events) == 0 {
				return
			}
			for _, event := range events {
				if !yield(event, nil) {
					return
				}
				after = event.ID
			}
		}
	}
}

// watchPage and watchSize are how many events, and about how many bytes of them, Watch holds at a time. It reads them before it yields the first, because its caller may take
// any time, and a query that is left open keeps the store from cleaning up.
const (
	watchPage = 5000
	watchSize = 16 << 20
)

// news waits for events after the one with the id after; there are none when the execution is closed.
func (e *Engine) news(ctx context.Context, arn string, after int64) ([]machine.HistoryEvent, error) {
	for {
		// The state is taken before the history is read, so no event can fall between the two.
		record, changed, err := e.state(ctx, arn)
		if err != nil {
			return nil, err
		}
		events, err := e.history(ctx, arn, Page{After: after, Limit: watchPage}, false, watchSize)
		if err != nil || len(events) > 0 || record.Status != machine.RunningStatus {
			return events, err
		}
		if err := e.await(ctx, changed); err != nil {
			return nil, err
		}
	}
}

// state returns the durable record of an execution and, while it runs, what tells that there is news.
func (e *Engine) state(ctx context.Context, arn string) (Record, <-chan struct{}, error) {
	if x := e.find(arn); x != nil {
		record, changed := x.state()
		return record, changed, nil
	}
	record, err := e.store.Execution(ctx, arn)
	if err == nil && record.Status == machine.RunningStatus {
		err = fault.New(fault.Conflict, "execution %s is open, but nobody drives it: resume it first", arn)
	}
	return record, nil, err
}
