// Package machine is the States Language interpreter: one event in, history events and commands out.
//
// It is pure. It reads no clock, draws no random number, starts no goroutine and does no input or output: the time and
// a seed arrive inside events, and everything that has to wait is asked for by a command. What it is not: it keeps
// nothing, times nothing and performs no task. That is the engine's work, in this order: apply an event, make the event
// and the history durable, carry the commands out, bring their results back as events.
//
//	m := machine.New(definition, execution)
//	step := m.Apply(machine.Event{At: now, Seed: seed, Body: machine.Started{Version: machine.CurrentVersion}})
//	// store step.History, then obey step.Commands; a ScheduleTask is answered by a TaskSucceeded or TaskFailed
//	step = m.Apply(machine.Event{At: later, Seed: seed, Body: machine.TaskSucceeded{Task: 1, Output: answer}})
//
// A machine runs through every state that needs no answer from outside in one Apply, or, where that would write very much
// history, sets a timer that is due at once and goes on when it fires. Applying the stored events of an
// execution to a new machine gives the same machine, and Pending then tells what it still waits for.
package machine

import (
	"cmp"
	"slices"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// CurrentVersion is the behaviour of this program; it is stored in Started.
const CurrentVersion = 4

// limitedAttempts is the version from which attempts that write no history are counted.
const limitedAttempts = 2

// limitedVariables is the version from which all variables together have a limit.
const limitedVariables = 3

// pairedItems is the version from which a distributed Map takes the members of an object for items, whatever says where they are.
const pairedItems = 4

// countedForks is the version from which the context object of a Parallel or Map has a RetryCount.
const countedForks = 4

// strictTimestamps is the version from which timestamps have the very shape that the States Language prescribes.
const strictTimestamps = 4

// positiveBatches is the version from which the limits of a batch must not be negative.
const positiveBatches = 4

// Machine is one execution. It must not be used by several goroutines at once.
type Machine struct {
	// Refuse says why a task cannot be scheduled: its parameters are not those of its resource. It is asked for tasks that
	// are new, not for those of stored events, and may be nil.
	Refuse func(ScheduleTask) (reason string, refused bool)

	trial      *Trial // nil in an execution
	definition *asl.StateMachine
	execution  Execution
	status     Status
	root       *frame

	version int // of Started
	quiet   int // retries since the last history event

	now    time.Time
	random generator
	step   Step
	replay map[TaskID]string // Event.Refused
	queue  []arrival         // what is left of it waits for yield
	yield  TimerID

	redrives  int64
	redriven  time.Time // last
	lastEvent int64
	stored    int   // bytes of all variables
	written   int   // bytes of texts in the step's history
	asked     int64 // tasks and timers so far: the order of Pending
	lastTask  TaskID
	lastTimer TimerID
	tasks     map[TaskID]*task
	timers    map[TimerID]*timer

	executionContext value.Value
	machineContext   value.Value
}

// New returns the machine of an execution that has not started.
func New(definition *asl.StateMachine, execution Execution) *Machine {
	if execution.Input.IsZero() {
		execution.Input = value.EmptyObject()
	}
	return &Machine{
		definition: definition,
		execution:  execution,
		status:     RunningStatus,
		tasks:      map[TaskID]*task{},
		timers:     map[TimerID]*timer{},
	}
}

// Status returns the state of the execution.
func (m *Machine) Status() Status { return m.status }

// Apply takes one event and returns what it led to. An event for a task or timer that is over leads to nothing.
func (m *Machine) Apply(e Event) Step {
	if _, again := e.Body.(Redriven); again && !m.redrivable() || !again && m.status != RunningStatus {
		return Step{}
	}
	m.now, m.random, m.step, m.replay, m.written = e.At, generator{e.Seed}, Step{}, e.Refused, 0
	m.take(e.Body)
	for len(m.queue) > 0 && m.status == RunningStatus {
		if m.written > maxStep {
			m.interrupt()
			return m.step
		}
		next := m.queue[0]
		m.queue = m.queue[1:]
		m.enter(next)
	}
	m.queue = nil
	return m.step
}

// maxStep bounds the texts in the history of one Apply, in bytes: a loop that carries large payloads around must not fill
// the memory before anything of it is durable. It is part of the recorded behaviour (CurrentVersion).
const maxStep = 4 << 20

// interrupt asks for another event, with which the machine goes on.
func (m *Machine) interrupt() {
	if m.timers[m.yield] == nil {
		m.yield = m.setTimer(nil, YieldTimer, m.now)
	}
}

func (m *Machine) take(body Body) {
	if started, ok := body.(Started); ok {
		m.start(started.Version)
		return
	}
	if m.root == nil {
		return
	}
	switch b := body.(type) {
	case TaskStarted:
		m.withTask(b.Task, func(t *task) { m.taskStarted(t, b.Worker) })
	case TaskSubmitted:
		m.withTask(b.Task, func(t *task) { m.taskSubmitted(t, orNull(b.Output)) })
	case TaskSucceeded:
		m.withTask(b.Task, func(t *task) { m.taskSucceeded(t, orNull(b.Output)) })
	case TaskFailed:
		m.withTask(b.Task, func(t *task) { m.taskFailed(t, b) })
	case TaskHeartbeat:
		m.withTask(b.Task, m.putHeartbeatOff)
	case TimerFired:
		m.timerFired(b.Timer)
	case Stopped:
		m.abort(b)
	case Redriven:
		m.redrive()
	}
}

// orNull makes the answer of a service that has none a JSON value.
func orNull(output value.Value) value.Value {
	if output.IsZero() {
		return value.NullValue()
	}
	return output
}

func (m *Machine) withTask(id TaskID, do func(*task)) {
	if t := m.tasks[id]; t != nil {
		do(t)
	}
}

func (m *Machine) start(version int) {
	if m.root != nil {
		return
	}
	m.version = version
	m.root = &frame{workflow: &m.definition.Workflow}
	m.recordExecutionStarted()
	m.limitLife()
	m.arrive(m.root, m.root.workflow.StartAt, m.execution.Input)
}

func (m *Machine) limitLife() {
	if limit := m.lifetime(); limit > 0 {
		m.setTimer(nil, ExecutionTimer, m.now.Add(seconds(limit)))
	}
}

// expressLifetime is how long an Express execution may take, in seconds.
const expressLifetime = 300

// lifetime is how many seconds the execution may take, 0 for no limit.
func (m *Machine) lifetime() int64 {
	limit := m.definition.TimeoutSeconds
	if m.execution.Express() && (limit == 0 || limit > expressLifetime) {
		return expressLifetime
	}
	return limit
}

func (m *Machine) recordExecutionStarted() {
	details := []value.Member{
		text("input", m.execution.Input.Text()), member("inputDetails", notTruncated), text("roleArn", m.execution.RoleARN),
	}
	if alias := m.execution.StateMachineAliasARN; alias != "" {
		details = append(details, text("stateMachineAliasArn", alias))
	}
	if version := m.execution.StateMachineVersionARN; version != "" {
		details = append(details, text("stateMachineVersionArn", version))
	}
	m.record(0, "ExecutionStarted", "executionStartedEventDetails", details...)
}

// Pending returns the ScheduleTask and SetTimer commands that had no answer yet, in the order in which they were given.
// After a crash the engine applies the stored events to a new machine and carries these out again.
func (m *Machine) Pending() []Command {
	type asked struct {
		order   int64
		command Command
	}
	var all []asked
	for _, t := range m.tasks {
		all = append(all, asked{t.order, t.command})
	}
	for _, t := range m.timers {
		all = append(all, asked{t.order, t.command})
	}
	slices.SortFunc(all, func(a, b asked) int { return cmp.Compare(a.order, b.order) })
	commands := make([]Command, len(all))
	for i, a := range all {
		commands[i] = a.command
	}
	return commands
}

// Submitted returns the answer of the first half of a pending .sync or .waitForTaskToken task; ok is false when that
// half is not done.
func (m *Machine) Submitted(task TaskID) (answer value.Value, ok bool) {
	t := m.tasks[task]
	if t == nil || !t.submitted {
		return value.Value{}, false
	}
	return t.answer, true
}

// Taken reports whether a pending activity task was taken by a worker.
func (m *Machine) Taken(task TaskID) bool {
	t := m.tasks[task]
	return t != nil && t.started
}

func (m *Machine) command(c Command) {
	if m.status == RunningStatus {
		m.step.Commands = append(m.step.Commands, c)
	}
}

func (m *Machine) nextOrder() int64 {
	m.asked++
	return m.asked
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
