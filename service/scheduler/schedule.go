package scheduler

import (
	"hash/fnv"
	"time"

	expression "github.com/stepwell/stepwell/schedule"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// definition is what a caller says about a schedule.
type definition struct {
	ActionAfterCompletion      string              `enum:"NONE|DELETE"`
	ClientToken                string              `aws:"token,min=1,max=64"`
	Description                string              `aws:"max=512"`
	EndDate                    time.Time           `json:",omitzero"`
	FlexibleTimeWindow         *flexibleTimeWindow `aws:"required"`
	GroupName                  string              `pattern:"[0-9a-zA-Z-_.]{1,64}"`
	KmsKeyArn                  string              `aws:"min=1,max=2048"`
	Name                       string              `aws:"required" pattern:"[0-9a-zA-Z-_.]{1,64}"`
	ScheduleExpression         string              `aws:"required,min=1,max=256"`
	ScheduleExpressionTimezone string              `aws:"min=1,max=50"`
	StartDate                  time.Time           `json:",omitzero"`
	State                      string              `enum:"ENABLED|DISABLED"`
	Target                     *targetMember       `aws:"required"`
}

type flexibleTimeWindow struct {
	MaximumWindowInMinutes *int64 `aws:"min=1,max=1440"`
	Mode                   string `aws:"required" enum:"OFF|FLEXIBLE"`
}

type targetMember struct {
	Arn                         string            `aws:"required,min=1,max=1600"`
	DeadLetterConfig            *deadLetterConfig `json:",omitempty"`
	EcsParameters               value.Value       `json:",omitzero"`
	EventBridgeParameters       *eventParameters  `json:",omitempty"`
	Input                       string            `aws:"json,min=1,max=262144"`
	KinesisParameters           value.Value       `json:",omitzero"`
	RetryPolicy                 *retryPolicy      `json:",omitempty"`
	RoleArn                     string            `aws:"required,min=1,max=1600"`
	SageMakerPipelineParameters value.Value       `json:",omitzero"`
	SqsParameters               value.Value       `json:",omitzero"`
}

type deadLetterConfig struct{ Arn string }

type retryPolicy = target.RetryPolicy

type eventParameters struct {
	DetailType string `aws:"required,min=1,max=128"`
	Source     string `aws:"required,min=1,max=256"`
}

// record is a schedule as it is kept.
type record struct {
	definition
	Created, Modified time.Time
	// Anchor is the first time of a rate without a start date.
	Anchor time.Time
	// Last is the newest time that has been fired, or has nothing before it to be fired; Fired is the newest that was.
	Last  time.Time
	Fired time.Time `json:",omitzero"`
}

// schedule is a record with what its texts mean.
type schedule struct {
	record
	expression *expression.Expression
	frame      expression.Frame
}

// compile reads the texts of a record. Faults are those of CreateSchedule.
func compile(r record) (*schedule, error) {
	e, err := expression.Parse(r.ScheduleExpression)
	if err != nil {
		return nil, invalid("Invalid Schedule Expression %s: %v", r.ScheduleExpression, err)
	}
	zone, err := time.LoadLocation(r.ScheduleExpressionTimezone)
	if err != nil || r.ScheduleExpressionTimezone == "Local" {
		return nil, invalid("Invalid Schedule Expression Timezone %s.", r.ScheduleExpressionTimezone)
	}
	from := r.Anchor
	if !r.StartDate.IsZero() {
		from = r.StartDate
	}
	return &schedule{record: r, expression: e, frame: expression.Frame{Zone: zone, From: from}}, nil
}

// next returns the first time behind a moment at which the schedule is due, its start and end date regarded.
func (s *schedule) next(after time.Time) (time.Time, bool) {
	if s.State == disabled {
		return time.Time{}, false
	}
	if !s.expression.Once() && after.Before(s.StartDate) {
		after = s.StartDate.Add(-1)
	}
	t, ok := s.expression.Next(after, s.frame)
	if !s.expression.Once() && !s.EndDate.IsZero() && t.After(s.EndDate) {
		return time.Time{}, false
	}
	return t, ok
}

// fireTime is when the target is called for a due time: within the flexible window, at a moment that is always the same one.
func (s *schedule) fireTime(due time.Time) time.Time {
	w := s.FlexibleTimeWindow
	if w == nil || w.MaximumWindowInMinutes == nil {
		return due
	}
	h := fnv.New64a()
	h.Write([]byte(s.GroupName + "/" + s.Name + due.UTC().String()))
	return due.Add(time.Duration(h.Sum64() % uint64(*w.MaximumWindowInMinutes*int64(time.Minute))))
}

// fireNext returns when the schedule is to be fired, as far as it was not yet.
func (s *schedule) fireNext() (at time.Time, ok bool) {
	next, ok := s.next(s.Last)
	return s.fireTime(next), ok
}

// newest returns the newest due time that is to be fired at a moment: behind the last one, and not too old.
func (s *schedule) newest(now time.Time) (newest time.Time, ok bool) {
	after := s.Last
	if oldest := now.Add(-s.retry().Age()); oldest.After(after) {
		after = oldest
	}
	for {
		due, more := s.next(after)
		if !more || s.fireTime(due).After(now) {
			return newest, ok
		}
		newest, ok, after = due, true, due
	}
}

func (s *schedule) retry() target.RetryPolicy {
	if s.Target.RetryPolicy == nil {
		return target.RetryPolicy{}
	}
	return *s.Target.RetryPolicy
}

// Plans says of all schedules when they are due next.
func (s *Service) Plans() []target.Plan {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []target.Plan
	for arn, one := range s.schedules {
		p := target.Plan{
			Name: one.Name, ARN: arn, Expression: one.ScheduleExpression, Zone: one.ScheduleExpressionTimezone, State: one.State,
			Targets: []string{one.Target.Arn}, Last: one.Fired,
		}
		if one.GroupName != defaultGroup {
			p.Name = one.GroupName + "/" + one.Name
		}
		after := one.Last
		if oldest := time.Now().Add(-one.retry().Age()); oldest.After(after) {
			after = oldest
		}
		if next, ok := one.next(after); ok {
			p.Next = one.fireTime(next)
		}
		all = append(all, p)
	}
	return all
}

const (
	enabled  = "ENABLED"
	disabled = "DISABLED"
)

// check holds a definition against what its members' own constraints do not say, and gives what is left out its default.
func (d *definition) check(courier *target.Courier) error {
	for member, preset := range map[*string]string{
		&d.GroupName: defaultGroup, &d.ScheduleExpressionTimezone: "UTC", &d.State: enabled, &d.ActionAfterCompletion: "NONE",
	} {
		if *member == "" {
			*member = preset
		}
	}
	w := d.FlexibleTimeWindow
	switch {
	case w.Mode == "FLEXIBLE" && w.MaximumWindowInMinutes == nil:
		return invalid("MaximumWindowInMinutes must be provided when the FlexibleTimeWindow's mode is FLEXIBLE.")
	case w.Mode == "OFF" && w.MaximumWindowInMinutes != nil:
		return invalid("MaximumWindowInMinutes must not be provided when the FlexibleTimeWindow's mode is OFF.")
	case !d.StartDate.IsZero() && !d.EndDate.IsZero() && !d.StartDate.Before(d.EndDate):
		return invalid("The StartDate must come before the EndDate.")
	}
	return d.Target.check(courier)
}

func (m *targetMember) check(courier *target.Courier) error {
	for name, given := range map[string]value.Value{
		"EcsParameters": m.EcsParameters, "KinesisParameters": m.KinesisParameters,
		"SageMakerPipelineParameters": m.SageMakerPipelineParameters, "SqsParameters": m.SqsParameters,
	} {
		if !given.IsZero() {
			return unsupported("targets with %s are not supported", name)
		}
	}
	if courier == nil {
		return nil
	}
	return withCode(courier.Check(m.Arn))
}

// of makes the courier's target of a schedule's.
func (m *targetMember) of(retry target.RetryPolicy) target.Target {
	t := target.Target{ARN: m.Arn, Retry: retry}
	if m.DeadLetterConfig != nil {
		t.DeadLetter = m.DeadLetterConfig.Arn
	}
	if p := m.EventBridgeParameters; p != nil {
		t.Parameters = value.OfMembers(
			value.Member{Key: "DetailType", Value: value.OfString(p.DetailType)}, value.Member{Key: "Source", Value: value.OfString(p.Source)},
		)
	}
	return t
}
