package machine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// TestTraces runs the text traces of testdata: a definition and events in, history and commands out.
//
//	definition            a new definition
//	start                 an execution with the input given; "brief" prints the types of events and counts them
//	begin task=1 worker=w TaskStarted
//	submit task=1         TaskSubmitted with the answer given
//	succeed task=1        TaskSucceeded with the output given
//	fail task=1 error=E cause=C starting (or submitting)
//	beat task=1           TaskHeartbeat
//	fire timer=1          TimerFired, without moving the clock
//	wait 90s              moves the clock and fires the timers that are due
//	stop error=E cause=C  Stopped
//	redrive               Redriven
//	pending               what the machine still waits for
//
// At the end of every file and before every definition, the log so far is replayed.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata/trace", func(t *testing.T, path string) {
		tr := &trace{}
		datadriven.RunTest(t, path, tr.run)
		tr.checkReplay(t)
	})
}

type trace struct {
	definition *asl.StateMachine
	sim        *simulation
	out        strings.Builder
	brief      bool
}

func (tr *trace) run(t *testing.T, d *datadriven.TestData) string {
	tr.out.Reset()
	tr.brief = d.HasArg("brief")
	switch d.Cmd {
	case "definition":
		tr.checkReplay(t)
		return tr.define(d.Input)
	case "start":
		tr.start(t, d.Input)
	case "wait":
		tr.wait(t, d.CmdArgs[0].Key)
	case "pending":
		tr.pending()
	default:
		tr.sim.apply(t, tr.body(t, d))
	}
	if tr.out.Len() == 0 {
		return "nothing\n"
	}
	return tr.out.String()
}

func (tr *trace) checkReplay(t *testing.T) {
	if tr.sim != nil {
		tr.sim.checkReplay(t, t.Name())
	}
}

func (tr *trace) define(text string) string {
	var err error
	if tr.definition, err = asl.Parse(text, asl.Options{}); err != nil {
		return err.Error()
	}
	return "ok\n"
}

func (tr *trace) start(t *testing.T, input string) {
	t.Helper()
	tr.checkReplay(t)
	tr.sim = simulate(tr.definition, machine.Execution{
		ARN: "arn:aws:states:eu-west-1:123456789012:execution:m:x", Name: "x", RoleARN: "role", Region: "eu-west-1",
		StateMachineARN: "arn:aws:states:eu-west-1:123456789012:stateMachine:m", StateMachineName: "m",
		StartTime: epoch, Input: parse(t, input),
	}, func(machine.ScheduleTask) []reply { return nil })
	tr.sim.observe = tr.print
	tr.sim.apply(t, machine.Started{Version: machine.CurrentVersion})
}

func (tr *trace) print(_ machine.Event, step machine.Step) {
	if tr.brief {
		counts := map[string]int{}
		for _, h := range step.History {
			counts[h.Type]++
		}
		fmt.Fprintf(&tr.out, "%v\n", counts)
		if n := len(step.History); n > 0 {
			fmt.Fprintf(&tr.out, "%s\n", step.History[n-1])
		}
	} else {
		for _, h := range step.History {
			fmt.Fprintf(&tr.out, "%s\n", shorten(h.String()))
		}
	}
	for _, c := range step.Commands {
		fmt.Fprintf(&tr.out, "> %s\n", shorten(machine.Describe(c)))
	}
}

// shorten keeps the lines of oversized payloads readable.
func shorten(line string) string {
	if len(line) <= 1500 {
		return line
	}
	return fmt.Sprintf("%s... (%d bytes)", line[:100], len(line))
}

func (tr *trace) wait(t *testing.T, duration string) {
	t.Helper()
	d, err := time.ParseDuration(duration)
	if err != nil {
		t.Fatal(err)
	}
	until := tr.sim.now.Add(d)
	for tr.sim.next(until) {
		tr.sim.step(t)
	}
	tr.sim.now = until
}

func (tr *trace) pending() {
	for _, c := range tr.sim.machine.Pending() {
		fmt.Fprintf(&tr.out, "> %s\n", machine.Describe(c))
		if task, ok := c.(machine.ScheduleTask); ok {
			if answer, ok := tr.sim.machine.Submitted(task.Task); ok {
				fmt.Fprintf(&tr.out, "  submitted %s\n", answer.Text())
			}
		}
	}
	fmt.Fprintf(&tr.out, "%s\n", tr.sim.machine.Status())
}

func (tr *trace) body(t *testing.T, d *datadriven.TestData) machine.Body {
	t.Helper()
	var task, timer int64
	d.MaybeScanArgs(t, "task", &task)
	d.MaybeScanArgs(t, "timer", &timer)
	id := machine.TaskID(task)
	switch d.Cmd {
	case "begin":
		return machine.TaskStarted{Task: id, Worker: *argument(d, "worker")}
	case "submit":
		return machine.TaskSubmitted{Task: id, Output: parse(t, d.Input)}
	case "succeed":
		return machine.TaskSucceeded{Task: id, Output: parse(t, d.Input)}
	case "fail":
		return machine.TaskFailed{Task: id, Phase: phase(d), Error: argument(d, "error"), Cause: argument(d, "cause")}
	case "beat":
		return machine.TaskHeartbeat{Task: id}
	case "fire":
		return machine.TimerFired{Timer: machine.TimerID(timer)}
	case "stop":
		return machine.Stopped{Error: argument(d, "error"), Cause: argument(d, "cause")}
	case "redrive":
		return machine.Redriven{}
	}
	t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
	return nil
}

func phase(d *datadriven.TestData) machine.FailurePhase {
	switch {
	case d.HasArg("starting"):
		return machine.Starting
	case d.HasArg("submitting"):
		return machine.Submitting
	}
	return machine.Running
}

func argument(d *datadriven.TestData, name string) *string {
	for _, a := range d.CmdArgs {
		if a.Key == name {
			return pointer(a.Vals[0])
		}
	}
	return nil
}

// parse reads a JSON text. BIG stands for 300,000 letters, HALF for 150,000: the limit is 262,144 bytes.
func parse(t testing.TB, text string) value.Value {
	t.Helper()
	letters := strings.NewReplacer("BIG", strings.Repeat("a", 300_000), "HALF", strings.Repeat("a", 150_000))
	v, err := value.Parse(letters.Replace(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
