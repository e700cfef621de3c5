package secretsmanager

import (
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
)

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		s := New(&servicetest.Records{}, "us-east-1", "123456789012")
		servicetest.Trace(t, path, []*service.Service{s.Table()}, map[string]servicetest.Command{
			"later": func(t *testing.T, d *datadriven.TestData) string { // the clock goes on
				var days int
				d.ScanArgs(t, "days", &days)
				before := s.now
				s.now = func() time.Time { return before().AddDate(0, 0, days) }
				return ""
			},
		})
	})
}

// Another process finds the secrets.
func TestDurable(t *testing.T) {
	records := &servicetest.Records{}
	text := "x"
	answer, err := New(records, "us-east-1", "1").createSecret(t.Context(), &createSecretRequest{Name: "a", content: content{SecretString: &text}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := New(records, "us-east-1", "1").getSecretValue(t.Context(), &getSecretValueRequest{SecretId: answer.ARN})
	if err != nil || *got.SecretString != "x" || got.VersionId != answer.VersionId {
		t.Errorf("%+v, %v", got, err)
	}
	records.Fail = fault.New(fault.Unavailable, "no space left")
	if _, err := New(records, "us-east-1", "1").createSecret(t.Context(), &createSecretRequest{Name: "b"}); err != records.Fail {
		t.Errorf("got %v", err)
	}
}

// Versions without a label are forgotten at last; those with one stay.
func TestPrune(t *testing.T) {
	var x secret
	for i := range maxVersions + 10 {
		text := fmt.Sprint(i)
		stages := []string{current}
		if i == 0 {
			stages = append(stages, "FIRST")
		}
		if _, err := x.add("", &content{SecretString: &text}, stages, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	first, err := x.version("", "FIRST")
	before, _ := x.version("", previous)
	last, _ := x.version("", current)
	if err != nil || *first.Text != "0" || *last.Text != "109" || *before.Text != "108" || len(x.Versions) != maxVersions+3 {
		t.Errorf("%v: first %+v, before %+v, last %+v, %d versions", err, first, before, last, len(x.Versions))
	}
}
