package scheduler

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// Next is when a schedule is to be fired; it is for the timetable.
func (s *Service) Next(arn string) (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.schedules[arn]
	if one == nil {
		return time.Time{}, false
	}
	return one.fireNext()
}

// Due is what a schedule calls now; it is for the timetable.
func (s *Service) Due(arn string, now time.Time) (due time.Time, calls []target.Invocation, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.schedules[arn]
	if one == nil {
		return due, nil, false
	}
	if due, ok = one.newest(now); ok {
		return due, []target.Invocation{s.invocation(arn, one, due)}, true
	}
	if old := now.Add(-one.retry().Age()); one.Last.Before(old) {
		one.Last = old // what is too old to be fired needs no look any more
	}
	return due, nil, false
}

// Fired has a schedule remember a time, or forgets the schedule if that was its last one; it is for the timetable.
func (s *Service) Fired(ctx context.Context, arn string, due time.Time) error {
	s.mu.Lock()
	one := s.schedules[arn]
	one.Last, one.Fired = due, due
	kept := one.record
	_, more := one.next(due)
	completed := !more && one.ActionAfterCompletion == "DELETE"
	if completed {
		delete(s.schedules, arn)
	}
	s.mu.Unlock()
	if completed {
		return s.scheduleRecords.Delete(ctx, arn)
	}
	return s.scheduleRecords.Put(ctx, arn, kept)
}

// invocations is the name space of the ids of calls.
var invocations = uuid.MustParse("e3c1f8f4-0f0c-4d3e-9d59-6f3c1f3f9b1d")

func (s *Service) invocation(arn string, one *schedule, due time.Time) target.Invocation {
	id := uuid.NewSHA1(invocations, []byte(arn+"\n"+one.Created.Format(time.RFC3339Nano)+"\n"+due.UTC().Format(time.RFC3339Nano))).String()
	at := due.UTC().Format(time.RFC3339)
	input := one.Target.Input
	if input == "" {
		input = s.defaultInput(arn, id, at)
	}
	input = strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", arn, "<aws.scheduler.scheduled-time>", at, "<aws.scheduler.execution-id>", id,
		"<aws.scheduler.attempt-number>", "1",
	).Replace(input)
	return target.Invocation{ID: id, From: arn, Target: one.Target.of(one.retry()), Input: input}
}

// defaultInput is what a target gets when the schedule says nothing.
func (s *Service) defaultInput(arn, id, at string) string {
	text := func(name, text string) value.Member { return value.Member{Key: name, Value: value.OfString(text)} }
	return value.OfMembers(
		text("version", "0"), text("id", id), text("detail-type", "Scheduled Event"), text("source", "aws.scheduler"),
		text("account", s.options.Account), text("time", at), text("region", s.options.Region),
		value.Member{Key: "resources", Value: value.OfStrings(arn)}, text("detail", "{}"),
	).Compact()
}
