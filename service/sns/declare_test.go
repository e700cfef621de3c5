package sns_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/value"
)

// A topic changes with its template; subscriptions that the template has said end with it, those of callers stay.
func TestDeclareAgain(t *testing.T) {
	o := sns.Options{Transports: map[string]sns.Transport{"email": func(context.Context, sns.Delivery) error { return nil }}}
	s := open(t, &servicetest.Records{}, o)
	defer s.Close(t.Context())
	ask := func(operation, request string) string {
		t.Helper()
		table := s.Table()
		row, _ := table.Operation(operation)
		answer, err := row.Call(t.Context(), value.MustParse(request), "")
		if err != nil {
			t.Fatal(err)
		}
		printed, err := table.Print(answer)
		if err != nil {
			t.Fatal(err)
		}
		return printed.Compact()
	}
	const topic = `"TopicArn": "arn:aws:sns:us-east-1:123456789012:alerts"`
	for _, step := range []struct {
		title         string
		said          []string
		subscriptions []string
	}{
		{"", []string{"a@example.com", "b@example.com"}, []string{"a@", "b@"}},
		{"Alerts", []string{"b@example.com"}, []string{"b@", "own@"}},
		{"Alarms", nil, []string{"own@"}},
	} {
		d := sns.Declared{Name: "alerts", Attributes: map[string]string{"DisplayName": step.title}}
		for _, endpoint := range step.said {
			d.Subscriptions = append(d.Subscriptions, sns.DeclaredSubscription{Protocol: "email", Endpoint: endpoint})
		}
		if err := s.Declare(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		listed := ask("ListSubscriptionsByTopic", "{"+topic+"}")
		for _, endpoint := range step.subscriptions {
			if strings.Count(listed, "@example.com") != len(step.subscriptions) || !strings.Contains(listed, endpoint) {
				t.Errorf("%v: %s, want %v", step.said, listed, step.subscriptions)
			}
		}
		if got := ask("GetTopicAttributes", "{"+topic+"}"); !strings.Contains(got, `"DisplayName":"`+step.title+`"`) {
			t.Errorf("the title is not %q: %s", step.title, got)
		}
		if step.title == "" {
			ask("Subscribe", `{`+topic+`, "Protocol": "email", "Endpoint": "own@example.com"}`)
		}
	}
}
