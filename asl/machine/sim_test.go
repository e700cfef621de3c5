package machine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// epoch is when every simulated execution starts.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// reply is an event that a simulated worker sends some time after the task was scheduled.
type reply struct {
	after time.Duration
	body  machine.Body
}

// simulation drives a machine with a virtual clock and a table of tasks, as the engine does with real ones. It keeps the
// encoded log, so that a test can replay it.
type simulation struct {
	machine *machine.Machine
	fresh   func() *machine.Machine // another one, as at the start
	now     time.Time
	seed    uint64
	perform func(machine.ScheduleTask) []reply
	coming  []happening
	log     [][]byte
	history []machine.HistoryEvent
	end     *machine.Finish
	observe func(machine.Event, machine.Step) // may be nil
}

type happening struct {
	at    time.Time
	body  machine.Body
	timer machine.TimerID
	task  machine.TaskID
}

func simulate(definition *asl.StateMachine, execution machine.Execution, perform func(machine.ScheduleTask) []reply) *simulation {
	fresh := func() *machine.Machine { return machine.New(definition, execution) }
	return &simulation{machine: fresh(), fresh: fresh, now: epoch, perform: perform}
}

// run starts the execution and brings it to its end.
func (s *simulation) run(t testing.TB) {
	t.Helper()
	s.apply(t, machine.Started{Version: machine.CurrentVersion})
	s.finish(t)
}

// finish goes on until nothing can happen any more.
func (s *simulation) finish(t testing.TB) {
	t.Helper()
	for s.end == nil && len(s.coming) > 0 {
		s.step(t)
	}
}

// next reports whether something happens until a moment.
func (s *simulation) next(until time.Time) bool {
	return len(s.coming) > 0 && !s.coming[s.first()].at.After(until)
}

func (s *simulation) first() int {
	first := 0
	for i, h := range s.coming {
		if h.at.Before(s.coming[first].at) {
			first = i
		}
	}
	return first
}

// step moves the clock to what happens next.
func (s *simulation) step(t testing.TB) {
	t.Helper()
	first := s.first()
	next := s.coming[first]
	s.coming = slices.Delete(s.coming, first, first+1)
	s.now = next.at
	s.apply(t, next.body)
}

func (s *simulation) apply(t testing.TB, body machine.Body) machine.Step {
	t.Helper()
	s.seed++
	event := machine.Event{At: s.now, Seed: s.seed, Body: body}
	s.log = append(s.log, machine.EncodeEvent(event))
	step := s.machine.Apply(event)
	if s.observe != nil {
		s.observe(event, step)
	}
	s.history = append(s.history, step.History...)
	for _, c := range step.Commands {
		s.obey(c)
	}
	return step
}

func (s *simulation) obey(c machine.Command) {
	switch c := c.(type) {
	case machine.ScheduleTask:
		for _, r := range s.perform(c) {
			s.coming = append(s.coming, happening{at: s.now.Add(r.after), body: r.body, task: c.Task})
		}
	case machine.SetTimer:
		s.forgetTimer(c.Timer)
		s.coming = append(s.coming, happening{at: c.At, body: machine.TimerFired{Timer: c.Timer}, timer: c.Timer})
	case machine.CancelTimer:
		s.forgetTimer(c.Timer)
	case machine.CancelTask:
		s.coming = slices.DeleteFunc(s.coming, func(h happening) bool { return h.task == c.Task })
	case machine.Finish:
		s.end = &c
	}
}

func (s *simulation) forgetTimer(id machine.TimerID) {
	s.coming = slices.DeleteFunc(s.coming, func(h happening) bool { return h.timer == id })
}

// checkReplay applies the stored log to a new machine, which must come out the same.
func (s *simulation) checkReplay(t testing.TB, name string) {
	t.Helper()
	again := s.fresh()
	var history []machine.HistoryEvent
	for _, text := range s.log {
		event, err := machine.DecodeEvent(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		history = append(history, again.Apply(event).History...)
	}
	if !slices.EqualFunc(s.history, history, sameEvent) {
		t.Errorf("%s: the replayed history differs", name)
	}
	if again.Status() != s.machine.Status() || describeAll(again.Pending()) != describeAll(s.machine.Pending()) {
		t.Errorf("%s: the replayed machine differs: %s, pending\n%s", name, again.Status(), describeAll(again.Pending()))
	}
}

func sameEvent(a, b machine.HistoryEvent) bool { return a.JSON().Text() == b.JSON().Text() }

func describeAll(commands []machine.Command) string {
	var out strings.Builder
	for _, c := range commands {
		out.WriteString("> " + machine.Describe(c) + "\n")
	}
	return out.String()
}

// events returns the history as GetExecutionHistory shows it.
func (s *simulation) events() []value.Value {
	out := make([]value.Value, len(s.history))
	for i, h := range s.history {
		out[i] = h.JSON()
	}
	return out
}

func pointer(s string) *string { return &s }
