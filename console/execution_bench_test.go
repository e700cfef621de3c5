package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/console"
	"github.com/stepwell/stepwell/service/states"
)

// long is an execution of about 25,000 events: a Map over 3,100 items.
func long(t testing.TB, s *site) (address string) {
	s.machines.Register(states.Machine{ARN: machines + "long", RoleARN: "arn:aws:iam::123456789012:role/r", Definition: `{"StartAt": "Each", "States": {
		"Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "One", "States": {
			"One": {"Type": "Pass", "Result": {"table": "public.store_sales", "rows": 210000}, "ResultPath": "$.found", "Next": "Two"},
			"Two": {"Type": "Pass", "Parameters": {"text.$": "States.Format('loaded {}', $.found.table)"}, "Next": "Three"}, "Three": {"Type": "Pass", "End": true}}}}}}`})
	item := `{"day": "2026-03-02", "file": "s3://sales/2026-03-02/part.csv"}`
	record := s.run("long", "long", "["+strings.TrimSuffix(strings.Repeat(item+",", 3100), ",")+"]")
	if record.Status != "SUCCEEDED" {
		t.Fatalf("the execution is %s: %v", record.Status, *record.Cause)
	}
	return executionPath(record.ARN)
}

// BenchmarkExecutionPage makes the parts of the page of 25,000 events: the first time it is looked at, and again.
func BenchmarkExecutionPage(b *testing.B) {
	s := open(b)
	address := long(b, s)
	for _, part := range []string{"", "?tab=timeline", "?tab=events", "?tab=events&order=newest&failed=1", "?state=Two&visit=2000", "?tab=compare"} {
		b.Run("first"+part, func(b *testing.B) {
			for b.Loop() {
				s.pages.(*console.Console).Forget()
				size(b, s, address+part)
			}
		})
		b.Run("again"+part, func(b *testing.B) {
			for b.Loop() {
				size(b, s, address+part)
			}
		})
	}
}

func size(b *testing.B, s *site, address string) {
	w := s.get(address)
	if w.Code != http.StatusOK {
		b.Fatalf("%d: %s", w.Code, w.Body)
	}
	b.ReportMetric(float64(w.Body.Len())/1024, "kB")
}
