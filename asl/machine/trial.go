package machine

import (
	"maps"
	"math"
	"slices"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// Trial is one state that is entered to be looked at: a machine that ends with the state. It writes no history.
//
//	t, ok := machine.NewTrial(definition, execution, machine.TrialOptions{State: "Load"})
//	step := t.Enter(now, seed)
//	// answer a ScheduleTask with t.Apply, until t.Verdict tells what became of the state
type Trial struct {
	machine *Machine
	options TrialOptions
	visit   *visit
	verdict *Verdict
	seen    map[string]value.Value
}

// TrialOptions is what a state is tried with.
type TrialOptions struct {
	State     string
	Variables value.Value // an object with those that are set before, or zero
	Context   value.Value // members of the context object that take the place of ours, or zero
	// Retries is how often the retrier that wants the error has tried already.
	Retries int64
	// Items is the array or object that the ItemReader of a Map has read, before ItemsPointer; zero when it has none.
	Items value.Value
	// FailedItems is how many iterations of a Map count as failed.
	FailedItems int64
	// Fork is the mocked answer of a Parallel or a Map; their workflows are never run.
	Fork ForkAnswer
}

// ForkAnswer is the result of a Parallel or a Map, or when that is zero, its error.
type ForkAnswer struct {
	Result       value.Value
	Error, Cause *string
}

// Outcome is what became of a state, as TestState calls it.
type Outcome string

// The outcomes.
const (
	StateSucceeded Outcome = "SUCCEEDED"
	StateFailed    Outcome = "FAILED"
	StateRetriable Outcome = "RETRIABLE"
	StateCaught    Outcome = "CAUGHT_ERROR"
)

// Verdict is what a trial found out.
type Verdict struct {
	Outcome      Outcome
	Output       value.Value // zero unless the state was left
	Next         string      // empty when the state ends its workflow
	Error, Cause *string
	// Inspection is what the data was like on its way, by the name that TestState gives each step: afterInputPath.
	Inspection map[string]value.Value
}

// NewTrial returns a trial of a state of the definition, at any level. ok is false when there is no such state.
func NewTrial(definition *asl.StateMachine, execution Execution, options TrialOptions) (t *Trial, ok bool) {
	workflow, ok := definition.Find(options.State)
	if !ok {
		return nil, false
	}
	m := New(definition, execution)
	t = &Trial{machine: m, options: options, seen: map[string]value.Value{}}
	m.trial, m.version = t, CurrentVersion
	m.root = &frame{workflow: workflow}
	return t, true
}

// State returns the definition of the state.
func (t *Trial) State() *asl.State { return t.machine.root.workflow.State(t.options.State) }

// Enter enters the state. Commands are as those of Machine.Apply.
func (t *Trial) Enter(e Event) Step {
	m := t.machine
	m.now, m.random = e.At, generator{e.Seed}
	m.assign(m.root, t.options.Variables)
	t.visit = &visit{frame: m.root, state: t.State(), input: m.execution.Input, enteredAt: m.now, retries: int(t.options.Retries)}
	m.root.visit = t.visit
	t.see("input", t.visit.input)
	if t.visit.state.JSONata == nil && t.visit.state.Result.IsZero() {
		if input, f := m.path(t.visit, t.visit.state.InputPath, t.visit.input); f == nil {
			t.see("afterInputPath", input)
		}
	}
	if t.visit.forks() {
		t.enterFork()
	} else {
		m.run(t.visit)
	}
	return m.step
}

// Apply takes what a command led to, as Machine.Apply does.
func (t *Trial) Apply(e Event) Step {
	if t.verdict != nil {
		return Step{}
	}
	return t.machine.Apply(e)
}

// Verdict returns what became of the state; nil when it still runs.
func (t *Trial) Verdict() *Verdict { return t.verdict }

// unseen are the steps that AWS does not show of a type of state.
var unseen = map[asl.Type][]string{
	asl.ParallelType: {"afterInputPath", "afterParameters", "afterArguments", "result"},
	asl.MapType:      {"afterArguments", "result"},
}

// see notes what the data is like at a step.
func (t *Trial) see(step string, v value.Value) {
	if t == nil || v.IsZero() || slices.Contains(unseen[t.visit.state.Type], step) {
		return
	}
	pass := t.visit.state.Type == asl.PassType
	if result := t.visit.state.Result; pass && (step == "result" && result.IsZero() || step == "afterParameters" && !result.IsZero()) {
		return
	}
	t.seen[step] = v
}

// end ends the trial: what the state leads to is not carried out.
func (t *Trial) end(v Verdict) {
	v.Inspection = maps.Clone(t.seen)
	t.verdict = &v
	t.machine.finish(Finish{Status: Succeeded})
}

func (t *Trial) left(output, assigned value.Value, next string) {
	t.see("variables", assigned)
	t.end(Verdict{Outcome: StateSucceeded, Output: output, Next: next})
}

// failed says which retrier or catcher of the state takes an error.
func (t *Trial) failed(f *failure) {
	verdict := Verdict{Outcome: StateFailed, Error: f.name, Cause: f.cause}
	if !f.terminal {
		t.take(&verdict, f)
	}
	t.end(verdict)
}

func (t *Trial) take(verdict *Verdict, f *failure) {
	var details []value.Member
	state := t.visit.state
	if at := slices.IndexFunc(state.Retry, func(r asl.Retrier) bool { return f.matches(r.ErrorEquals) }); at >= 0 {
		details = append(details, number("retryIndex", int64(at)))
		if r := state.Retry[at]; t.options.Retries < r.MaxAttempts {
			verdict.Outcome = StateRetriable
			details = append(details, number("retryBackoffIntervalSeconds", backoff(r, t.options.Retries)))
		}
	}
	if verdict.Outcome == StateFailed {
		details = append(details, t.catch(verdict, f)...)
	}
	if details != nil {
		t.see("errorDetails", value.OfMembers(details...))
	}
}

// backoff returns the seconds before an attempt, without jitter.
func backoff(r asl.Retrier, made int64) int64 {
	r.FullJitter = false
	return int64(math.Round((&Machine{}).delay(r, made).Seconds()))
}

func (t *Trial) catch(verdict *Verdict, f *failure) (details []value.Member) {
	state := t.visit.state
	at := slices.IndexFunc(state.Catch, func(c asl.Catcher) bool { return f.matches(c.ErrorEquals) })
	if at < 0 {
		return nil
	}
	output, assigned, broken := t.machine.caught(t.visit, state.Catch[at], errorOutput(t.visit, f))
	if broken != nil {
		verdict.Error, verdict.Cause = broken.name, broken.cause
		return nil
	}
	t.see("variables", assigned)
	verdict.Outcome, verdict.Output, verdict.Next = StateCaught, output, state.Catch[at].Next
	return []value.Member{number("catchIndex", int64(at))}
}
