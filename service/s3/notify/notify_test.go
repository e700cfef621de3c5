package notify_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/service/s3/notify"
)

const topic = "arn:aws:sns:us-east-1:1:t"

func TestMatches(t *testing.T) {
	r := notify.Rule{Target: topic, Events: []string{"s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"}, Prefix: "in/", Suffix: ".csv"}
	for event, want := range map[string]bool{
		"ObjectCreated:Put in/a.csv": true, "ObjectCreated:Copy in/x/a.csv": true, "ObjectRemoved:Delete in/a.csv": true,
		"ObjectRemoved:DeleteMarkerCreated in/a.csv": false, "ObjectCreated:Put out/a.csv": false, "ObjectCreated:Put in/a.txt": false,
	} {
		kind, key, _ := strings.Cut(event, " ")
		if r.Matches(kind, key) != want {
			t.Errorf("%s: %t", event, !want)
		}
	}
}

func TestCheck(t *testing.T) {
	created, removed := []string{"s3:ObjectCreated:*"}, []string{"s3:ObjectRemoved:*"}
	for _, c := range []struct {
		name  string
		rules []notify.Rule
		want  string
	}{
		{"none", nil, ""},
		{"other prefixes", []notify.Rule{{Target: topic, Events: created, Prefix: "a/"}, {Target: topic, Events: created, Prefix: "b/"}}, ""},
		{"other suffixes", []notify.Rule{{Target: topic, Events: created, Suffix: ".csv"}, {Target: topic, Events: created, Suffix: ".gz"}}, ""},
		{"other events", []notify.Rule{{Target: topic, Events: created}, {Target: topic, Events: removed}}, ""},
		{"the same", []notify.Rule{{Target: topic, Events: created}, {Target: topic, Events: []string{"s3:ObjectCreated:Put"}}}, "ambiguously defined"},
		{"a prefix in another", []notify.Rule{{Target: topic, Events: created, Prefix: "a/", Suffix: ".csv"}, {Target: topic, Events: created, Prefix: "a/b/"}}, "ambiguously defined"},
		{"a queue", []notify.Rule{{Target: "arn:aws:sqs:us-east-1:1:q", Events: created}}, "queues are not supported: arn:aws:sqs:us-east-1:1:q"},
		{"no ARN", []notify.Rule{{Target: "t", Events: created}}, `"t" is no topic and no function`},
		{"no event", []notify.Rule{{Target: topic}}, "has no event"},
		{"an unknown event", []notify.Rule{{Target: topic, Events: []string{"s3:ObjectMade:*"}}}, "'s3:ObjectMade:*' is not supported"},
	} {
		err := notify.Check(c.rules)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
