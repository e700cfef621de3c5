package tree_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/asltest"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/value"
)

// TestTraces runs the text traces of testdata. What comes out is the tree: status, name, type, and what is not usual.
//
//	history     events as HistoryEvent.String prints them; "+3s" moves the clock, also back
//	definition  a state machine
//	run         an execution of it with the input given; every line "STATE ok 3s OUTPUT" or "STATE fail 3s ERROR CAUSE" answers
//	            a task of that state, in their order, the last one again and again; "stop 5s" ends the execution from outside
//
// With events, the history is printed too. The rules of all trees are checked for every history that is not damaged.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var definition *asl.StateMachine
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var history []machine.HistoryEvent
			switch d.Cmd {
			case "definition":
				var err error
				if definition, err = asl.Parse(d.Input, asl.Options{}); err != nil {
					return err.Error()
				}
				return "ok\n"
			case "history":
				history = asltest.History(t, d.Input)
			case "run":
				r := &runner{now: asltest.Epoch, answers: map[string][]string{}}
				history = r.run(definition, d.Input)
			}
			if !d.HasArg("damaged") {
				check(t, d.Pos, history)
			}
			return draw(history, d.HasArg("events"))
		})
	})
}

func draw(history []machine.HistoryEvent, events bool) string {
	var out strings.Builder
	built := tree.New("x")
	for _, e := range history {
		built.Add(e)
		if events {
			fmt.Fprintf(&out, "%d %d %s\n", e.ID, e.PreviousID, e.Type)
		}
	}
	drawNode(&out, built.Root, "")
	return out.String()
}

func drawNode(out *strings.Builder, n *tree.Node, indent string) {
	fmt.Fprintf(out, "%s%s %s %s", indent, n.Status, n.Name, n.Duration)
	if n.Type != "" {
		out.WriteString(" " + n.Type)
	}
	if n.Visits != 1 {
		fmt.Fprintf(out, " visits=%d", n.Visits)
	}
	if n.Retries > 0 {
		fmt.Fprintf(out, " retries=%d", n.Retries)
	}
	if n.Rows > 0 {
		fmt.Fprintf(out, " rows=%d", n.Rows)
	}
	if n.Error != "" || n.Cause != "" {
		fmt.Fprintf(out, " (%s: %s)", n.Error, n.Cause)
	}
	out.WriteString("\n")
	for _, c := range n.Children {
		drawNode(out, c, indent+"  ")
	}
}

// runner drives a machine with a virtual clock.
type runner struct {
	now     time.Time
	answers map[string][]string
	coming  []happening
	history []machine.HistoryEvent
	machine *machine.Machine
	seed    uint64
}

// happening is an event in the future; its key is the timer or task that it belongs to.
type happening struct {
	at   time.Time
	key  any
	body machine.Body
}

func (r *runner) run(definition *asl.StateMachine, input string) []machine.HistoryEvent {
	first, script, _ := strings.Cut(input, "\n")
	r.machine = machine.New(definition, machine.Execution{Name: "x", StartTime: asltest.Epoch, Input: value.MustParse(first)})
	for line := range strings.Lines(script) {
		state, answer, _ := strings.Cut(strings.TrimSpace(line), " ")
		r.answers[state] = append(r.answers[state], answer)
	}
	for _, pause := range r.answers["stop"] {
		after, _ := time.ParseDuration(pause)
		r.coming = append(r.coming, happening{at: asltest.Epoch.Add(after), body: machine.Stopped{}})
	}
	r.apply(machine.Started{Version: machine.CurrentVersion})
	for r.machine.Status() == machine.RunningStatus && len(r.coming) > 0 {
		next := 0
		for i, h := range r.coming {
			if h.at.Before(r.coming[next].at) {
				next = i
			}
		}
		h := r.coming[next]
		r.coming = append(r.coming[:next:next], r.coming[next+1:]...)
		r.now = h.at
		r.apply(h.body)
	}
	return r.history
}

func (r *runner) apply(body machine.Body) {
	r.seed++
	step := r.machine.Apply(machine.Event{At: r.now, Seed: r.seed, Body: body})
	r.history = append(r.history, step.History...)
	for _, c := range step.Commands {
		switch c := c.(type) {
		case machine.ScheduleTask:
			r.schedule(c)
		case machine.SetTimer:
			r.coming = append(r.coming, happening{c.At, c.Timer, machine.TimerFired{Timer: c.Timer}})
		case machine.CancelTimer:
			r.forget(c.Timer)
		case machine.CancelTask:
			r.forget(c.Task)
		}
	}
}

func (r *runner) forget(key any) {
	for i, h := range r.coming {
		if h.key == key {
			r.coming = append(r.coming[:i:i], r.coming[i+1:]...)
			return
		}
	}
}

func (r *runner) schedule(c machine.ScheduleTask) {
	answers := r.answers[c.State]
	if len(answers) == 0 {
		answers = []string{"ok 1s {}"}
	}
	if len(answers) > 1 {
		r.answers[c.State] = answers[1:]
	}
	words := strings.SplitN(answers[0]+"  ", " ", 4)
	after, _ := time.ParseDuration(words[1])
	cause := strings.TrimSpace(words[3])
	var body machine.Body = machine.TaskFailed{Task: c.Task, Error: &words[2], Cause: &cause}
	if words[0] == "ok" {
		body = machine.TaskSucceeded{Task: c.Task, Output: value.MustParse(words[2] + words[3])}
	}
	r.coming = append(r.coming, happening{r.now.Add(after), c.Task, body})
}
