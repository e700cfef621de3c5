// Package asltest reads histories that tests have written as text. It is for the tests of packages that look at histories.
//
//	1 0 ExecutionStarted
//	2 0 TaskStateEntered {"name":"Load"}
//	+3s
//	3 2 TaskScheduled
package asltest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// Epoch is when every history begins.
var Epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// History reads events as lines ID PREVIOUS TYPE {DETAILS}, as HistoryEvent.String prints them; "+3s" moves the clock, also back.
func History(t *testing.T, text string) []machine.HistoryEvent {
	t.Helper()
	var out []machine.HistoryEvent
	now := Epoch
	for line := range strings.Lines(text) {
		if pause, err := time.ParseDuration(strings.TrimSpace(line)); err == nil {
			now = now.Add(pause)
			continue
		}
		e := machine.HistoryEvent{At: now}
		if _, err := fmt.Sscan(line, &e.ID, &e.PreviousID, &e.Type); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if at := strings.Index(line, "{"); at >= 0 {
			e.DetailsKey, e.Details = "details", value.MustParse(line[at:])
		}
		out = append(out, e)
	}
	return out
}
