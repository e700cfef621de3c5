package states_test

import (
	"fmt"
	"testing"
)

// BenchmarkHistory reads a history of 25,000 events, page by page.
func BenchmarkHistory(b *testing.B) {
	w := enter(b, b.TempDir())
	machine := w.create("m", `{"StartAt": "A", "States": {
		"A": {"Type": "Pass", "Result": {"day": "2024-01-02", "rows": 12345}, "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$.day", "StringEquals": "never", "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}}}`)
	execution := w.start(machine, "one")
	w.wait(execution)
	for b.Loop() {
		token, events := "", 0
		for more := true; more; more = token != "" {
			request := `{"executionArn": "` + execution + `", "maxResults": 1000`
			if token != "" {
				request += fmt.Sprintf(`, "nextToken": %q`, token)
			}
			answer := w.call("GetExecutionHistory", request+"}")
			list, _ := answer.Get("events")
			events, token = events+list.Len(), text(answer, "nextToken")
			_ = answer.Compact()
		}
		if events != 25_000 {
			b.Fatalf("%d events", events)
		}
	}
}
