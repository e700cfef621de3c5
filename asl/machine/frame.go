package machine

import (
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// frame is one running workflow: the top level, a branch of Parallel or an iteration of Map.
type frame struct {
	workflow  *asl.Workflow
	owner     *visit      // the Parallel or Map state that runs it; nil for the top level
	index     int         // which branch or item
	item      value.Value // of Map, else zero
	key       *string     // of an item that an object holds
	source    string      // where the item of a distributed Map comes from, else empty
	last      int64       // the history event that the next one of this chain follows
	variables map[string]value.Value
	kept      map[string]value.Value // the variables of a workflow that is over, for a redrive
	visit     *visit                 // the state that it is in, nil between states
	due       *arrival               // the state that it goes into next, between states
	over      bool
	tolerated bool // it failed, and its Map went on
}

// visit is one stay in a state. Its life: entered, run (again after each Retry), exited or failed.
type visit struct {
	frame     *frame
	state     *asl.State
	input     value.Value
	before    int64 // the event that the state's first one follows
	entered   int64
	enteredAt time.Time
	retries   int
	attempts  []int64 // by retrier
	token     string
	task      *task
	timer     TimerID // of Wait or of a pause before a retry
	fork      *fork
	// exitAfter is the event that the exit follows where that is not the last one of the chain.
	exitAfter int64
	context   value.Value
}

// arrival is a frame on its way into a state.
type arrival struct {
	frame *frame
	state string
	input value.Value
}

// arrive queues an arrival: a chain of states must not nest calls, and branches take turns.
func (m *Machine) arrive(f *frame, state string, input value.Value) {
	f.due = &arrival{f, state, input}
	m.queue = append(m.queue, *f.due)
}

func (m *Machine) enter(a arrival) {
	if a.frame.over {
		return
	}
	state := a.frame.workflow.State(a.state)
	if state == nil {
		panic("machine: no state " + a.state)
	}
	v := &visit{frame: a.frame, state: state, input: a.input, enteredAt: m.now, before: a.frame.last}
	a.frame.visit, a.frame.due = v, nil
	v.entered = m.chain(a.frame, string(state.Type)+"StateEntered", "stateEnteredEventDetails",
		text("name", state.Name), text("input", a.input.Text()), member("inputDetails", notTruncated))
	m.run(v)
}

func (m *Machine) run(v *visit) {
	switch v.state.Type {
	case asl.PassType:
		m.runPass(v)
	case asl.TaskType:
		m.runTask(v)
	case asl.ChoiceType:
		m.runChoice(v)
	case asl.WaitType:
		m.runWait(v)
	case asl.SucceedType:
		m.runSucceed(v)
	case asl.FailType:
		m.runFail(v)
	case asl.ParallelType:
		m.runParallel(v)
	case asl.MapType:
		m.runMap(v)
	}
}

// conclude takes the result of a state through ResultSelector, ResultPath and OutputPath and leaves the state.
func (m *Machine) conclude(v *visit, result value.Value) {
	if v.state.JSONata != nil {
		m.concludeQuery(v, result)
		return
	}
	m.trial.see("result", result)
	selected, f := m.template(v, v.state.ResultSelector, result, result)
	if f != nil {
		m.fail(v, f)
		return
	}
	m.trial.see("afterResultSelector", selected)
	output, f := m.resultPath(v, v.state.ResultPath, selected)
	if f != nil {
		m.fail(v, f)
		return
	}
	m.trial.see("afterResultPath", output)
	m.leave(v, output, result, v.state.Assign, v.state.Next)
}

// leave takes a state's value through OutputPath, assigns variables and exits. Assign sees the variables as they were
// when the state was entered, and OutputPath does too.
func (m *Machine) leave(v *visit, unfiltered, assignInput value.Value, assign *asl.Template, next string) {
	output, f := m.path(v, v.state.OutputPath, unfiltered)
	if f == nil {
		f = v.unfit(output)
	}
	var assigned value.Value
	if f == nil {
		assigned, f = m.assignment(v, assign, assignInput)
	}
	if f != nil {
		m.fail(v, f)
		return
	}
	m.exit(v, output, assigned, next)
}

func (m *Machine) exit(v *visit, output, assigned value.Value, next string) {
	if m.trial != nil {
		m.trial.left(output, assigned, next)
		return
	}
	frame := v.frame
	previous := frame.last
	if v.exitAfter != 0 {
		previous = v.exitAfter
	}
	details := []value.Member{
		text("name", v.state.Name), text("output", output.Text()), member("outputDetails", notTruncated),
	}
	if !assigned.IsZero() {
		details = append(details, member("assignedVariables", textsOf(assigned)), member("assignedVariablesDetails", notTruncated))
	}
	frame.last = m.record(previous, string(v.state.Type)+"StateExited", "stateExitedEventDetails", details...)
	frame.visit = nil
	m.assign(frame, assigned)
	if next != "" {
		m.arrive(frame, next, output)
		return
	}
	m.close(frame)
	if frame.owner == nil {
		m.succeed(output)
		return
	}
	m.join(frame, output)
}
