package scheduler_test

import (
	"context"
	"testing"

	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// What leaves a template is disabled, comes back enabled, and is deleted; to do that twice is no error.
func TestUndeclare(t *testing.T) {
	p := begin(t, &servicetest.Records{}, &servicetest.Machines{})
	defer p.courier.Close(context.Background())
	defer p.Close()
	declare := func(kind, properties string) {
		t.Helper()
		if err := p.Declare(t.Context(), kind, value.MustParse(properties)); err != nil {
			t.Fatal(err)
		}
	}
	state := func() string {
		if plans := p.Plans(); len(plans) > 0 {
			return plans[0].State
		}
		return "gone"
	}
	const schedule = `{"Name": "s", "GroupName": "g", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
		"Target": {"Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:load", "RoleArn": "arn:aws:iam::123456789012:role/r"}}`
	declare("AWS::Scheduler::ScheduleGroup", `{"Name": "g"}`)
	declare("AWS::Scheduler::ScheduleGroup", `{"Name": "g", "Tags": [{"Key": "team", "Value": "etl"}]}`)
	declare("AWS::Scheduler::Schedule", schedule)
	for range 2 {
		if err := p.Disable(t.Context(), "g/s"); err != nil || state() != "DISABLED" {
			t.Errorf("disabled, it is %s, %v", state(), err)
		}
	}
	if declare("AWS::Scheduler::Schedule", schedule); state() != "ENABLED" {
		t.Errorf("declared again, it is %s", state())
	}
	for range 2 {
		for _, one := range [][2]string{{"AWS::Scheduler::Schedule", "g/s"}, {"AWS::Scheduler::Schedule", "none"}, {"AWS::Scheduler::ScheduleGroup", "g"}} {
			if err := p.Undeclare(t.Context(), one[0], one[1]); err != nil {
				t.Errorf("%v: %v", one, err)
			}
		}
	}
	if state() != "gone" {
		t.Errorf("it is %s", state())
	}
}
