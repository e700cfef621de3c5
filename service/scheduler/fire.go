package scheduler

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// plan puts a schedule onto the agenda for its next time. The caller holds the lock.
func (s *Service) plan(arn string, one *schedule) {
	if s.agenda == nil {
		return
	}
	next, ok := one.next(one.Last)
	if !ok {
		s.agenda.Drop(arn)
		return
	}
	s.agenda.Set(arn, one.fireTime(next))
}

func (s *Service) report(arn string, err error) {
	s.options.Log.Error("schedule not fired; it is tried again", "schedule", arn, "error", err)
}

// fire calls the target of a schedule for the time that is due, and plans the next. The call is durable before the schedule
// remembers the time; after a crash between the two, it is the same call.
func (s *Service) fire(arn string) error {
	ctx := context.Background()
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.schedules[arn]
	if one == nil {
		return nil
	}
	due, ok := one.newest(time.Now())
	if ok {
		if err := s.courier.Add(ctx, s.invocation(arn, one, due)); err != nil {
			return err
		}
		one.Last, one.Fired = due, due
		if _, more := one.next(due); !more && one.ActionAfterCompletion == "DELETE" {
			return s.remove(ctx, arn)
		}
		if err := s.scheduleRecords.Put(ctx, arn, one.record); err != nil {
			return err
		}
	} else if old := time.Now().Add(-one.retry().Age()); one.Last.Before(old) {
		one.Last = old // what is too old to be fired needs no look any more
	}
	s.plan(arn, one)
	return nil
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
