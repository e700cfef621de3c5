package machine

import (
	"time"

	"github.com/stepwell/stepwell/value"
)

// TaskID names one attempt of a task within its execution: a retry has another id.
type TaskID int64

// TimerID names one timer within its execution.
type TimerID int64

// Event is one thing that happened to an execution. At and Seed are the only time and chance a machine ever sees; the
// engine stores every applied event, and applying the stored events again gives the same machine.
type Event struct {
	At   time.Time
	Seed uint64
	Body Body
	// Refused has, in an event that is applied again, what its first application returned as Step.Refused.
	Refused map[TaskID]string
}

// Body is what happened: one of the types below.
type Body interface{ isBody() }

type (
	// Started begins the execution. Version is the behaviour that this log was recorded with (CurrentVersion then).
	Started struct{ Version int }

	// TaskStarted says that a worker took an activity task.
	TaskStarted struct {
		Task   TaskID
		Worker string
	}

	// TaskSubmitted says that the first half of a .sync or .waitForTaskToken task is done: Output is the service's answer.
	TaskSubmitted struct {
		Task   TaskID
		Output value.Value
	}

	// TaskSucceeded ends a task with its result.
	TaskSucceeded struct {
		Task   TaskID
		Output value.Value
	}

	// TaskFailed ends a task with a States Language error. Error and Cause may be absent. Phase tells which history
	// event it becomes.
	TaskFailed struct {
		Task         TaskID
		Phase        FailurePhase
		Error, Cause *string
	}

	// TaskHeartbeat puts the task's heartbeat timeout off.
	TaskHeartbeat struct{ Task TaskID }

	// TimerFired says that a timer's moment has come.
	TimerFired struct{ Timer TimerID }

	// Stopped is the wish of a caller to abort the execution.
	Stopped struct{ Error, Cause *string }

	// Redriven lets an execution that did not succeed go on from where it ended.
	Redriven struct{}
)

func (Started) isBody()       {}
func (TaskStarted) isBody()   {}
func (TaskSubmitted) isBody() {}
func (TaskSucceeded) isBody() {}
func (TaskFailed) isBody()    {}
func (TaskHeartbeat) isBody() {}
func (TimerFired) isBody()    {}
func (Stopped) isBody()       {}
func (Redriven) isBody()      {}

// FailurePhase is the part of a task's life in which it failed.
type FailurePhase uint8

const (
	// Running is a failure of the work itself: TaskFailed, LambdaFunctionFailed, ActivityFailed.
	Running FailurePhase = iota
	// Starting is a failure before the work began: TaskStartFailed, LambdaFunctionStartFailed.
	Starting
	// Submitting is a failure of the first half of a .sync or .waitForTaskToken task: TaskSubmitFailed.
	Submitting
)
