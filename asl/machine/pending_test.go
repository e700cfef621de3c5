package machine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

const troubled = `{"StartAt": "P", "TimeoutSeconds": 500, "States": {"P": {"Type": "Parallel", "Branches": [
	{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:a", "TimeoutSeconds": 9, "HeartbeatSeconds": 3,
		"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 5, "JitterStrategy": "FULL"}], "Next": "W"}, "W": {"Type": "Wait", "Seconds": 4, "End": true}}},
	{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 3, "ItemProcessor": {"StartAt": "T", "States": {
		"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 7, "End": true}}},
		"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 4}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}], "End": true}, "D": {"Type": "Succeed"}}}],
	"End": true}}}`

// What Pending returns after any event is what was asked for and neither answered nor taken back. The tasks answer in ways
// that depend on their number: never, late, with heartbeats, with an error.
func TestPendingIsWhatWasAskedFor(t *testing.T) {
	s := simulate(definition(t, troubled), machine.Execution{Input: value.MustParse("[1,2,3,4,5,6,7]")}, func(c machine.ScheduleTask) []reply {
		failed := machine.TaskFailed{Task: c.Task, Error: pointer("E")}
		done := machine.TaskSucceeded{Task: c.Task, Output: value.NullValue()}
		return [][]reply{
			{},
			{{time.Second, machine.TaskStarted{Task: c.Task, Worker: "w"}}, {2 * time.Second, machine.TaskHeartbeat{Task: c.Task}}, {4 * time.Second, done}},
			{{0, machine.TaskSubmitted{Task: c.Task, Output: value.NullValue()}}, {time.Second, done}, {time.Second, done}},
			{{3 * time.Second, failed}},
			{{time.Second, done}},
		}[c.Task%5]
	})
	var open outstanding
	s.observe = func(e machine.Event, step machine.Step) {
		open.answer(e.Body)
		for _, c := range step.Commands {
			open.ask(c)
		}
		if got, want := describeAll(s.machine.Pending()), describeAll(open); got != want {
			t.Fatalf("after %s, Pending is\n%swant\n%s", e, got, want)
		}
	}
	s.run(t)
	s.checkReplay(t, "troubled")
	if s.end == nil || len(open) > 0 {
		t.Fatalf("ended with %v, outstanding\n%s", s.end, describeAll(open))
	}
	if n := strings.Count(describeHistory(s), "MapIterationAborted"); n == 0 {
		t.Error("no iteration was ever cut: the test lost its point")
	}
}

// outstanding is the commands without an answer, in the order in which they were given.
type outstanding []machine.Command

func (o *outstanding) ask(c machine.Command) {
	switch c := c.(type) {
	case machine.ScheduleTask:
		*o = append(*o, c)
	case machine.CancelTask:
		o.dropTask(c.Task)
	case machine.SetTimer:
		if i := slices.IndexFunc(*o, isTimer(c.Timer)); i >= 0 {
			(*o)[i] = c
			return
		}
		*o = append(*o, c)
	case machine.CancelTimer:
		*o = slices.DeleteFunc(*o, isTimer(c.Timer))
	}
}

func (o *outstanding) answer(body machine.Body) {
	switch b := body.(type) {
	case machine.TaskSucceeded:
		o.dropTask(b.Task)
	case machine.TaskFailed:
		o.dropTask(b.Task)
	case machine.TimerFired:
		*o = slices.DeleteFunc(*o, isTimer(b.Timer))
	}
}

func (o *outstanding) dropTask(id machine.TaskID) {
	*o = slices.DeleteFunc(*o, func(c machine.Command) bool {
		task, ok := c.(machine.ScheduleTask)
		return ok && task.Task == id
	})
}

func isTimer(id machine.TimerID) func(machine.Command) bool {
	return func(c machine.Command) bool {
		timer, ok := c.(machine.SetTimer)
		return ok && timer.Timer == id
	}
}

func describeHistory(s *simulation) string {
	var out strings.Builder
	for _, h := range s.history {
		out.WriteString(h.String() + "\n")
	}
	return out.String()
}

// What was refused is in the event, so that a machine of another time, which would refuse otherwise, goes the same way.
func TestRefusedTaskIsNeverScheduled(t *testing.T) {
	d := definition(t, `{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "P"}], "Branches": [
		{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}}},
		{"StartAt": "B", "States": {"B": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}}}]}}}`)
	m := machine.New(d, machine.Execution{})
	m.Refuse = func(c machine.ScheduleTask) (string, bool) { return "No queue.", c.State == "B" }
	event := machine.Event{At: epoch, Body: machine.Started{Version: machine.CurrentVersion}}
	step := m.Apply(event)
	history := historyLines(step.History)
	if strings.Count(history, "TaskScheduled") != 1 || !strings.Contains(history, "(entered at the event id #6). No queue.") {
		t.Errorf("history:\n%s", history)
	}

	event.Refused = step.Refused
	stored, err := machine.DecodeEvent(machine.EncodeEvent(event))
	if err != nil {
		t.Fatal(err)
	}
	if again := historyLines(machine.New(d, machine.Execution{}).Apply(stored).History); again != history {
		t.Errorf("applied again:\n%s", again)
	}
}

func historyLines(history []machine.HistoryEvent) string {
	var lines strings.Builder
	for _, h := range history {
		lines.WriteString(h.String() + "\n")
	}
	return lines.String()
}
