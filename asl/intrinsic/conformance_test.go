package intrinsic_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/value"
)

// AWS's recorded answers of the suite intrinsic_functions, without a state machine around them: each definition is one
// Pass state whose Parameters have one field.
func TestRecordedAnswers(t *testing.T) {
	passed, total := 0, 0
	for _, c := range conformance.Cases(t, "execution") {
		template, ok := parametersOf(c)
		if !ok {
			continue
		}
		total++
		if differences := evaluate(t, c, template); len(differences) > 0 {
			t.Errorf("%s: %s", c.ID, strings.Join(differences, "; "))
			continue
		}
		passed++
	}
	t.Logf("intrinsic functions: %d/%d", passed, total)
}

func parametersOf(c *conformance.Case) (value.Value, bool) {
	if !strings.HasPrefix(c.ID, "intrinsic_functions/") || c.Uses("queryLanguages", "JSONata") {
		return value.Value{}, false
	}
	states, _ := value.MustParse(c.Definition).Get("States")
	state, _ := states.Get("State_0")
	return state.Get("Parameters")
}

func evaluate(t *testing.T, c *conformance.Case, template value.Value) []string {
	input := value.MustParse(c.Input)
	execution := value.EmptyObject().With("Input", input)
	machine := value.EmptyObject().With("Name", value.OfString(c.StateMachineName))
	scope := &intrinsic.Scope{
		Input:   input,
		Context: value.EmptyObject().With("Execution", execution).With("StateMachine", machine),
		Random:  func() uint64 { return 1 },
	}
	output := value.EmptyObject()
	for _, m := range template.Members() {
		e, err := intrinsic.Parse(m.Value.Str())
		if err != nil {
			return []string{err.Error()}
		}
		v, err := e.Eval(scope)
		if err != nil {
			return []string{err.Error()}
		}
		output = output.With(strings.TrimSuffix(m.Key, ".$"), v)
	}
	text := output.Compact()
	return c.CompareOutcome(conformance.Outcome{Status: "SUCCEEDED", Output: &text})
}
