package machine_test

import (
	"math/rand"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/value"
)

// TestInvariantsUnderAnyAnswers runs the definitions of the corpus with answers that have nothing to do with them, and
// with events about tasks and timers that do not exist. Whatever happens, the machine keeps its promises.
func TestInvariantsUnderAnyAnswers(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	seen := map[string]bool{}
	for _, c := range conformance.Cases(t, "execution") {
		if seen[c.Definition] || !inScope(c) {
			continue
		}
		seen[c.Definition] = true
		definition, err := asl.Parse(c.Definition, asl.Options{Express: c.Type == "EXPRESS"})
		if err != nil {
			continue
		}
		for range 3 {
			answerAnyhow(t, random, c.ID, definition, executionOf(t, c))
		}
	}
}

func TestInvariantsOfTheTroubledMachine(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	for range 200 {
		answerAnyhow(t, random, "troubled", definition(t, troubled), machine.Execution{Input: value.MustParse("[1,2,3,4,5]")})
	}
}

func answerAnyhow(t *testing.T, random *rand.Rand, name string, definition *asl.StateMachine, x machine.Execution) {
	t.Helper()
	s := simulate(definition, x, func(task machine.ScheduleTask) []reply { return anyReplies(random, task.Task) })
	var g guard
	s.observe = func(e machine.Event, step machine.Step) { g.check(t, name, e, step) }
	s.runWithNoise(t, random)
	s.checkReplay(t, name)
}

func (s *simulation) runWithNoise(t *testing.T, random *rand.Rand) {
	s.apply(t, machine.TimerFired{Timer: 1})
	s.apply(t, machine.Started{Version: machine.CurrentVersion})
	for range 300 {
		switch n := random.Intn(20); {
		case n == 0:
			s.apply(t, anyBody(random, machine.TaskID(random.Intn(9))))
		case n == 1 && random.Intn(20) == 0:
			s.apply(t, machine.Stopped{})
		case len(s.coming) > 0:
			s.step(t)
		}
	}
}

func anyReplies(random *rand.Rand, id machine.TaskID) []reply {
	var out []reply
	for range random.Intn(4) {
		out = append(out, reply{time.Duration(random.Intn(4)) * time.Second, anyBody(random, id)})
	}
	return out
}

func anyBody(random *rand.Rand, id machine.TaskID) machine.Body {
	outputs := []value.Value{{}, value.EmptyObject(), value.MustParse(`[1, "a", null]`), value.MustParse(`"x"`), value.MustParse(`{"a":{"b":[]}}`)}
	output := outputs[random.Intn(len(outputs))]
	failures := []*string{nil, pointer("E"), pointer("States.Timeout"), pointer("States.Runtime"), pointer("")}
	switch random.Intn(7) {
	case 0:
		return machine.TaskStarted{Task: id}
	case 1:
		return machine.TaskSubmitted{Task: id, Output: output}
	case 2:
		return machine.TaskHeartbeat{Task: id}
	case 3:
		return machine.TaskFailed{Task: id, Phase: machine.FailurePhase(random.Intn(3)), Error: failures[random.Intn(len(failures))]}
	case 4:
		return machine.TimerFired{Timer: machine.TimerID(id)}
	}
	return machine.TaskSucceeded{Task: id, Output: output}
}

// guard checks what holds of every history: ids count up, links point back, the end comes once and last.
type guard struct {
	last     int64
	finished bool
}

func (g *guard) check(t *testing.T, name string, e machine.Event, step machine.Step) {
	t.Helper()
	if g.finished && (len(step.History) > 0 || len(step.Commands) > 0) {
		t.Fatalf("%s: %s led to something after the end", name, e)
	}
	for _, h := range step.History {
		if h.ID != g.last+1 || h.PreviousID >= h.ID || !h.At.Equal(e.At) {
			t.Fatalf("%s: %s after event %d", name, h, g.last)
		}
		g.last = h.ID
	}
	for i, c := range step.Commands {
		if _, ok := c.(machine.Finish); ok {
			g.finished = true
			if i != len(step.Commands)-1 {
				t.Fatalf("%s: %s led to commands behind the end", name, e)
			}
		}
	}
}
