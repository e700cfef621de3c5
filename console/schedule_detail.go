package console

import (
	"fmt"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/schedule"
	"github.com/stepwell/stepwell/value"
)

var scheduleCrumbs = []view.Link{{Text: "Schedules and rules", URL: "/console/schedules"}}

func (c *Console) schedule(r *request) (view.Page, error) {
	answer, err := r.call("scheduler", "GetSchedule", member("GroupName", value.OfString(r.PathValue("group"))), member("Name", value.OfString(r.PathValue("name"))))
	if err != nil {
		return view.Page{}, err
	}
	s := view.Schedule{
		Kind: "schedule", Name: text(answer, "Name"), Group: text(answer, "GroupName"), ARN: text(answer, "Arn"), State: text(answer, "State"),
		Description: text(answer, "Description"), Expression: text(answer, "ScheduleExpression"), Zone: text(answer, "ScheduleExpressionTimezone"),
		Ends: instant(answer, "EndDate"), Created: instant(answer, "CreationDate"), Changed: instant(answer, "LastModificationDate"),
	}
	if window, ok := answer.Get("FlexibleTimeWindow"); ok && text(window, "Mode") == "FLEXIBLE" {
		s.Flexible = strconv.FormatInt(number(window, "MaximumWindowInMinutes"), 10) + " min"
	}
	one, _ := answer.Get("Target")
	s.Targets = []view.ScheduleTarget{scheduleTarget(one)}
	return c.schedulePage(s)
}

func (c *Console) rule(r *request) (view.Page, error) {
	name, bus := value.OfString(r.PathValue("name")), member("EventBusName", value.OfString(r.PathValue("group")))
	answer, err := r.call("eventbridge", "DescribeRule", member("Name", name), bus)
	if err != nil {
		return view.Page{}, err
	}
	s := view.Schedule{
		Kind: "rule", Name: text(answer, "Name"), Group: text(answer, "EventBusName"), ARN: text(answer, "Arn"), State: text(answer, "State"),
		Description: text(answer, "Description"), Expression: text(answer, "ScheduleExpression"), Pattern: view.Document{Full: text(answer, "EventPattern")},
	}
	targets, err := r.call("eventbridge", "ListTargetsByRule", member("Rule", name), bus)
	if err != nil {
		return view.Page{}, err
	}
	for _, one := range items(targets, "Targets") {
		s.Targets = append(s.Targets, scheduleTarget(one))
	}
	return c.schedulePage(s)
}

// schedulePage adds what is known of both kinds.
func (c *Console) schedulePage(s view.Schedule) (view.Page, error) {
	s.URL = planURL(s.ARN)
	for _, plan := range c.plans() {
		if plan.ARN == s.ARN {
			s.Last, s.Next = plan.Last, coming(s, plan.Next)
		}
	}
	s.Outcomes = c.outcomes(s.ARN)
	var err error
	s.Letters, err = c.letters("events", s.ARN, letterOfCall)
	return view.Page{Title: s.Name, Section: view.SchedulesSection, Crumbs: scheduleCrumbs, Content: s}, err
}

// comingTimes is how many of the next times are told.
const comingTimes = 5

// coming are the next times of a schedule, of which the first is known.
func coming(s view.Schedule, next time.Time) []time.Time {
	expression, err := schedule.Parse(s.Expression)
	zone, zoneErr := time.LoadLocation(s.Zone)
	if next.IsZero() || err != nil || zoneErr != nil {
		return nil
	}
	times := []time.Time{next.UTC()}
	for ok := true; ok && len(times) < comingTimes; {
		var then time.Time
		if then, ok = expression.Next(times[len(times)-1], schedule.Frame{Zone: zone, From: next}); ok && (s.Ends.IsZero() || !then.After(s.Ends)) {
			times = append(times, then.UTC())
		} else {
			ok = false
		}
	}
	return times
}

// scheduleTarget is a target as both APIs spell it.
func scheduleTarget(one value.Value) view.ScheduleTarget {
	t := view.ScheduleTarget{Link: targetLink(text(one, "Arn")), ID: text(one, "Id"), Input: view.Document{Full: text(one, "Input")}}
	for _, name := range []string{"InputPath", "InputTransformer", "RedshiftDataParameters", "BatchParameters", "EventBridgeParameters"} {
		if more, ok := one.Get(name); ok && t.Input.Full == "" {
			t.Input.Full = value.OfMembers(member(name, more)).Text()
		}
	}
	if policy, ok := one.Get("RetryPolicy"); ok {
		t.Retry = fmt.Sprintf("at most %d retries, for at most %d s", number(policy, "MaximumRetryAttempts"), number(policy, "MaximumEventAgeInSeconds"))
	}
	letters, _ := one.Get("DeadLetterConfig")
	t.DeadLetter = text(letters, "Arn")
	return t
}
