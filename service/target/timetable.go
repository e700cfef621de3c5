package target

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/stepwell/stepwell/agenda"
)

// Schedules are what a timetable fires: schedules, or rules with one, known by their ARNs.
type Schedules interface {
	// Due returns the newest time that has come for a schedule, and what it calls then; ok is false when none has.
	Due(arn string, now time.Time) (due time.Time, calls []Invocation, ok bool)
	// Fired has the schedule remember a time durably.
	Fired(ctx context.Context, arn string, due time.Time) error
	// Next returns when a schedule is to be fired next; ok is false for never, or when there is no such schedule.
	Next(arn string) (at time.Time, ok bool)
}

// Timetable calls the targets of schedules when they are due, many at once, so that these share what durable writes cost. The calls are
// durable before the schedule remembers the time; after a crash between the two, they are the same calls.
type Timetable struct {
	schedules Schedules
	courier   *Courier
	log       *slog.Logger

	gate   sync.RWMutex // held for reading by those who fire, for writing by those who change schedules
	mu     sync.Mutex
	agenda *agenda.Agenda[string] // nil before Start
}

// NewTimetable returns a timetable on which nothing is planned before Start.
func NewTimetable(schedules Schedules, courier *Courier, log *slog.Logger) *Timetable {
	return &Timetable{schedules: schedules, courier: courier, log: log}
}

// Start begins to fire schedules: at once those that were due meanwhile.
func (t *Timetable) Start(arns []string) {
	t.mu.Lock()
	t.agenda = agenda.New(atOnce, t.fire, func(arn string, err error) {
		t.log.Error("schedule not fired; it is tried again", "schedule", arn, "error", err)
	})
	t.mu.Unlock()
	t.gate.RLock()
	defer t.gate.RUnlock()
	for _, arn := range arns {
		at, ok := t.schedules.Next(arn)
		t.Plan(arn, at, ok)
	}
}

// Close waits for the schedules that fire.
func (t *Timetable) Close() {
	if a := t.started(); a != nil {
		a.Close()
	}
}

func (t *Timetable) started() *agenda.Agenda[string] {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.agenda
}

// Hold takes the lock that the schedules have of their own, for a change of some. None fires before the change is done.
func (t *Timetable) Hold(schedules sync.Locker) (done func()) {
	t.gate.Lock()
	schedules.Lock()
	return func() {
		schedules.Unlock()
		t.gate.Unlock()
	}
}

// Plan says when a schedule is to be fired next; ok is false for never.
func (t *Timetable) Plan(arn string, at time.Time, ok bool) {
	a := t.started()
	switch {
	case a == nil:
	case ok:
		a.Set(arn, at)
	default:
		a.Drop(arn)
	}
}

func (t *Timetable) fire(arn string) error {
	t.gate.RLock()
	defer t.gate.RUnlock()
	ctx := context.Background()
	if due, calls, ok := t.schedules.Due(arn, time.Now()); ok {
		if err := t.courier.Add(ctx, calls...); err != nil {
			return err
		}
		if err := t.schedules.Fired(ctx, arn, due); err != nil {
			return err
		}
	}
	at, ok := t.schedules.Next(arn)
	t.Plan(arn, at, ok)
	return nil
}
