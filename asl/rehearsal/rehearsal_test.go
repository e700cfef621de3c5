package rehearsal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/rehearsal"
	"github.com/stepwell/stepwell/value"
)

// Waits take no time, retries go on, and what is cut off is not performed.
func TestRun(t *testing.T) {
	definition, err := asl.Parse(`{"StartAt": "Pause", "States": {
		"Pause": {"Type": "Wait", "Seconds": 86400, "Next": "Both"},
		"Both": {"Type": "Parallel", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "When"}], "End": true, "Branches": [
			{"StartAt": "Breaks", "States": {"Breaks": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
				"Retry": [{"ErrorEquals": ["Oops"], "IntervalSeconds": 60, "MaxAttempts": 1}]}}},
			{"StartAt": "Works", "States": {"Works": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Rest"},
				"Rest": {"Type": "Wait", "Seconds": 90, "Next": "Late"},
				"Late": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}}}]},
		"When": {"Type": "Pass", "Parameters": {"at.$": "$$.State.EnteredTime", "error.$": "$.Error"}, "End": true}}}`, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	result := rehearsal.Run(definition, machine.Execution{StartTime: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, func(c machine.ScheduleTask) machine.Body {
		asked = append(asked, c.State)
		if c.State == "Breaks" {
			name := "Oops"
			return machine.TaskFailed{Task: c.Task, Error: &name}
		}
		return machine.TaskSucceeded{Task: c.Task, Output: value.EmptyObject()}
	})
	if got, want := strings.Join(asked, " "), "Breaks Works Breaks"; got != want {
		t.Errorf("performed %s, not %s", got, want)
	}
	if got, want := strings.Join(result.Path, " "), "Pause Both Breaks Works Rest When"; got != want {
		t.Errorf("path is %s, not %s", got, want)
	}
	if got, want := string(result.Status)+" "+result.Output.Text(), `SUCCEEDED {"at":"2026-01-02T00:01:00.000Z","error":"Oops"}`; got != want {
		t.Errorf("ended with %s, not %s", got, want)
	}
}
