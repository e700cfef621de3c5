package machine

import (
	"time"

	"github.com/stepwell/stepwell/value"
)

// Command is something the engine has to do once the step that asked for it is durable: one of the types below.
type Command interface{ isCommand() }

type (
	// ScheduleTask asks for a task to be carried out. Parameters is the effective input of the state. Resource is the
	// resource as the definition has it.
	ScheduleTask struct {
		Task        TaskID
		State       string
		Resource    string
		Parameters  value.Value
		Credentials value.Value // the Credentials object, zero when the state has none
		Token       string      // what $$.Task.Token was, for .waitForTaskToken
		Attempt     int         // 0 for the first, counted up by retries
		Scheduled   int64       // the id of the event that says it, TaskScheduled and its like; 0 for a distributed Map
		Map         *MapRun     // of a distributed Map, which has no resource; nil for a task
	}

	// CancelTask says that nobody waits for the task any more.
	CancelTask struct{ Task TaskID }

	// SetTimer asks for TimerFired at a moment. Setting a timer that is set moves it.
	SetTimer struct {
		Timer   TimerID
		At      time.Time
		Purpose TimerPurpose
	}

	// CancelTimer takes a timer back.
	CancelTimer struct{ Timer TimerID }

	// Finish ends the execution. Output is there when Status is Succeeded; Error and Cause may be absent.
	Finish struct {
		Status       Status
		Output       value.Value
		Error, Cause *string
	}
)

func (ScheduleTask) isCommand() {}
func (CancelTask) isCommand()   {}
func (SetTimer) isCommand()     {}
func (CancelTimer) isCommand()  {}
func (Finish) isCommand()       {}

// TimerPurpose is what a timer is for; the engine may shorten waits in local runs.
type TimerPurpose uint8

// The purposes of timers.
const (
	WaitTimer TimerPurpose = iota
	RetryTimer
	TimeoutTimer
	HeartbeatTimer
	ExecutionTimer
	// YieldTimer is due at once: the machine has more to do and lets the engine store what is done.
	YieldTimer
)

// Status is the state of an execution, in AWS's words.
type Status string

// The statuses of executions.
const (
	RunningStatus Status = "RUNNING"
	Succeeded     Status = "SUCCEEDED"
	Failed        Status = "FAILED"
	TimedOut      Status = "TIMED_OUT"
	Aborted       Status = "ABORTED"
)
