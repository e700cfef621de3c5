package batch_test

import (
	"testing"
	"testing/synctest"

	"github.com/stepwell/stepwell/service/batch"
	"github.com/stepwell/stepwell/value"
)

// The observer hears of every status of a job once, in the words of DescribeJobs over HTTP.
func TestObserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.service.Close()
		heard := ""
		s, err := batch.Open(t.Context(), w.records, batch.Options{
			Region: "us-east-1", Account: "123456789012", Runner: w.actor,
			Observe: func(job value.Value) { heard += text(job, "status") + " " },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		s.Start()
		w.service, w.table = s, *s.Table()
		w.call(t, "SubmitJob", `{"JobName": "one", "JobQueue": "q", "JobDefinition": "etl"}`)
		s.Idle(t.Context())
		if want := "SUBMITTED RUNNING SUCCEEDED "; heard != want {
			t.Errorf("heard %s", heard)
		}
	})
}
