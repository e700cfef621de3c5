package machine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// endless goes round between A and B.
const endless = `"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Choice", "Choices": [
	{"Variable": "$", "IsNull": true, "Next": "Z"}], "Default": "A"}, "Z": {"Type": "Succeed"}}`

// withLargeInput simulates a definition with an input of 200,000 characters.
func withLargeInput(t *testing.T, text string) *simulation {
	t.Helper()
	return simulate(definition(t, text), machine.Execution{Input: value.OfString(strings.Repeat("x", 200_000))},
		func(machine.ScheduleTask) []reply { return nil })
}

func textsIn(history []machine.HistoryEvent) (size int) {
	for _, h := range history {
		for _, d := range h.Details.Members() {
			size += len(d.Value.Str())
		}
	}
	return size
}

// A long row of states with a large payload is given out in pieces that can be made durable one by one.
func TestLargeHistoryComesInPieces(t *testing.T) {
	const states = 100
	var text strings.Builder
	text.WriteString(`{"StartAt": "S1", "States": {`)
	for i := range states {
		fmt.Fprintf(&text, `"S%d": {"Type": "Pass", "Next": "S%d"}, `, i+1, i+2)
	}
	fmt.Fprintf(&text, `"S%d": {"Type": "Succeed"}}}`, states+1)
	s := withLargeInput(t, text.String())
	steps := 0
	s.observe = func(_ machine.Event, step machine.Step) {
		steps++
		if size := textsIn(step.History); size > 5<<20 {
			t.Errorf("step %d has %d bytes of history", steps, size)
		}
	}
	s.run(t)
	if s.end.Status != machine.Succeeded || len(s.history) != 2*states+4 || steps < 9 {
		t.Errorf("%s after %d events in %d steps", s.end.Status, len(s.history), steps)
	}
	s.checkReplay(t, "row")
}

// What happens between two pieces counts: a stop, and the failure of another branch.
func TestEventsBetweenPieces(t *testing.T) {
	s := withLargeInput(t, "{"+endless+"}")
	s.apply(t, machine.Started{Version: machine.CurrentVersion})
	if pending := describeAll(s.machine.Pending()); !strings.Contains(pending, "yield") {
		t.Fatalf("pending is %s", pending)
	}
	s.apply(t, machine.Stopped{})
	if s.end == nil || s.end.Status != machine.Aborted || len(s.machine.Pending()) > 0 {
		t.Errorf("stopped: %+v", s.end)
	}
	s.checkReplay(t, "stop")

	s = withLargeInput(t, `{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [{`+endless+`},
		{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "Next": "F"}, "F": {"Type": "Fail", "Error": "Broken"}}}]}}}`)
	s.apply(t, machine.Started{Version: machine.CurrentVersion})
	s.apply(t, machine.TimerFired{Timer: 1})
	for s.end == nil && len(s.coming) > 0 {
		s.step(t)
	}
	if s.end == nil || *s.end.Error != "Broken" || len(s.history) > 200 {
		t.Errorf("failed beside the loop: %+v, %d events", s.end, len(s.history))
	}
	s.checkReplay(t, "fail")
}

// A task that cannot even be scheduled writes no history, however often it is tried again.
func TestQuietRetriesEnd(t *testing.T) {
	const text = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
		"Parameters": {"x.$": "$", "y.$": "$"}, "Retry": [{"ErrorEquals": ["States.ALL"], "BackoffRate": 1, "MaxAttempts": 99999999}]}}}`
	s := withLargeInput(t, text)
	s.run(t)
	const want = "It failed 101 times in a row before its task could be scheduled."
	if s.end == nil || s.end.Status != machine.Failed || !strings.HasSuffix(*s.end.Cause, want) || len(s.history) != 3 {
		t.Errorf("ended as %s %s after %d events", *s.end.Error, *s.end.Cause, len(s.history))
	}
	s.checkReplay(t, "quiet")
}
