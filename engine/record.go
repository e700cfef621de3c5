package engine

import (
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// Record is what is known about an execution from outside: DescribeExecution's facts.
type Record struct {
	machine.Execution
	DefinitionHash string
	Revision       string // of the state machine, as its caller named it; empty for none
	Token          string // of the request that started it; empty for none
	// MapRunARN is the map run whose child this is, empty for others; Child and Items are its number in the run and how many items it has.
	MapRunARN    string
	Child, Items int64
	Status       machine.Status
	StopTime     time.Time   // zero while the execution runs
	Output       value.Value // there when Status is Succeeded
	Error, Cause *string     // absent where AWS leaves them out
	RedriveCount int64
	RedriveTime  time.Time // of the last redrive; zero when there was none
	RedriveToken string    // of the request that asked for it; empty for none
}

// passing reports whether only the end of the execution is kept: a child of a map run that is of type EXPRESS is started again after a
// crash.
func (r *Record) passing() bool { return r.MapRunARN != "" && r.Express() }

// follow brings the record up to date with the commands of a step that was taken at a moment.
func (r *Record) follow(commands []machine.Command, at time.Time) {
	for _, command := range commands {
		if end, ok := command.(machine.Finish); ok {
			r.Status, r.StopTime = end.Status, at
			r.Output, r.Error, r.Cause = end.Output, end.Error, end.Cause
		}
	}
}

// Filter chooses executions; the zero Filter chooses all but the children of map runs.
type Filter struct {
	StateMachineARN string
	// Version and Alias choose the executions that were started by these ARNs.
	Version, Alias string
	Status         machine.Status
	// MapRunARN chooses the children of a map run. Children says whether those of any are among the chosen; otherwise they are left out.
	MapRunARN string
	Children  bool
	// Redriven chooses the executions that were redriven, or those that were not; nil: all.
	Redriven *bool
	// Name is what the name begins with; with StateMachineARN it is found quickly. From and To bound the time of the start; To is not in it. Zero: no bound.
	Name     string
	From, To time.Time
}

// Tally is how many executions of a state machine have a status, of those that ended on one day. Children of map runs are
// not counted.
type Tally struct {
	StateMachineARN string
	Status          machine.Status
	Day             time.Time // its beginning in UTC; zero for executions that run
	Number          int64
}

// Page chooses a part of a listing. After is the cursor that the page before it returned, 0 for the first page. Limit
// is how many entries are wanted, 0 for all of them.
type Page struct {
	After int64
	Limit int
	// Brief leaves out the input and the output of executions, which can be large.
	Brief bool
}
