package machine

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/value"
)

// HistoryEvent is one event of GetExecutionHistory. DetailsKey is the member that holds the details, such as
// stateEnteredEventDetails; it is empty for events without details.
type HistoryEvent struct {
	ID         int64
	PreviousID int64
	At         time.Time
	Type       string
	DetailsKey string
	Details    value.Value
}

// Step is what one event led to: history to store, commands to carry out afterwards, in this order.
type Step struct {
	History  []HistoryEvent
	Commands []Command
	// Refused are the tasks that Machine.Refuse did not let be scheduled, with its reasons; the event has to be stored with them.
	Refused map[TaskID]string
}

// Execution is what a machine must know about the execution it is: names for the context object and for history.
type Execution struct {
	ARN              string
	Name             string
	RoleARN          string
	StateMachineARN  string
	StateMachineName string
	// StateMachineVersionARN and StateMachineAliasARN are there when the caller started a version or an alias.
	StateMachineVersionARN string
	StateMachineAliasARN   string
	Region                 string
	StartTime              time.Time
	Input                  value.Value
}

// Express reports whether the execution is one of an Express state machine, which its ARN tells.
func (x Execution) Express() bool { return strings.Contains(x.ARN, ":express:") }
