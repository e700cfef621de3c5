package events_test

import (
	"testing"

	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// What leaves a template is disabled, comes back enabled, and is deleted with its targets; to do that twice is no error.
func TestUndeclare(t *testing.T) {
	p := begin(t, &servicetest.Records{}, &servicetest.Machines{})
	defer p.end()
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
	const rule = `{"Name": "r", "ScheduleExpression": "rate(1 day)", "Targets": [{"Id": "a", "Arn": "` + machine + `"}]}`
	declare("AWS::Events::EventBus", `{"Name": "b", "Description": "one"}`)
	declare("AWS::Events::EventBus", `{"Name": "b", "Description": "two"}`)
	declare("AWS::Events::Rule", rule)
	declare("AWS::Events::Rule", `{"Name": "on", "EventBusName": "b", "EventPattern": {"source": ["x"]}}`)
	for range 2 {
		if err := p.Disable(t.Context(), "r"); err != nil || state() != "DISABLED" {
			t.Errorf("disabled, it is %s, %v", state(), err)
		}
	}
	if declare("AWS::Events::Rule", rule); state() != "ENABLED" {
		t.Errorf("declared again, it is %s", state())
	}
	for range 2 {
		for _, one := range [][2]string{{"AWS::Events::Rule", "r"}, {"AWS::Events::Rule", "b/on"}, {"AWS::Events::EventBus", "b"}} {
			if err := p.Undeclare(t.Context(), one[0], one[1]); err != nil {
				t.Errorf("%v: %v", one, err)
			}
		}
	}
	if state() != "gone" {
		t.Errorf("it is %s", state())
	}
}
