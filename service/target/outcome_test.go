package target_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/target"
)

// What became of the last attempts is known by the rule or schedule, also after a restart; the number is bounded.
func TestOutcomes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records := &servicetest.Records{}
		calls := 0
		publish := func(context.Context, *struct{ TopicArn, Message string }) (*struct{}, error) {
			switch calls++; calls {
			case 1:
				return nil, fault.New(fault.Unavailable, "busy")
			case 3:
				return nil, fault.New(fault.NotFound, "no such topic")
			}
			return &struct{}{}, nil
		}
		c := courier(t, records, publish)
		c.Start()
		add := func(id, from string) {
			t.Helper()
			if err := c.Add(t.Context(), target.Invocation{ID: id, From: from, Target: target.Target{ARN: "arn:aws:sns:us-east-1:1:t"}}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		add("a", "rule") // busy at first
		for len(c.Last("rule")) < 2 {
			time.Sleep(time.Second) // of the bubble's clock
		}
		add("b", "rule")
		add("c", "other")
		const want = "b 1 no such topic given up, a 2, a 1 busy"
		if got := told(c.Last("rule")); got != want {
			t.Errorf("got %s", got)
		}
		c.Close(t.Context())

		c = courier(t, records, publish)
		if got := told(c.Last("rule")); got != want {
			t.Errorf("after a restart: %s", got)
		}
		if got := told(c.Last("other")) + told(c.Last("none")); got != "c 1" {
			t.Errorf("others: %s", got)
		}
		c.Start()
		for i := range 30 {
			add(fmt.Sprint(i), "rule")
		}
		if got := c.Last("rule"); len(got) != 20 || got[0].ID != "29" {
			t.Errorf("%d outcomes, the newest %s", len(got), got[0].ID)
		}
		c.Close(t.Context())
	})
}

func courier(t *testing.T, records service.Records, publish func(context.Context, *struct{ TopicArn, Message string }) (*struct{}, error)) *target.Courier {
	t.Helper()
	c, err := target.Open(t.Context(), records, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.Attach(&service.Service{Name: "sns", Operations: []service.Operation{{Name: "Publish", Behaviour: service.Do(publish)}}})
	return c
}

func told(all []target.Outcome) string {
	var lines []string
	for _, o := range all {
		line := strings.TrimSpace(fmt.Sprint(o.ID, " ", o.Attempt, " ", o.Error))
		if o.GivenUp {
			line += " given up"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, ", ")
}
