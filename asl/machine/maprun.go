package machine

import (
	"crypto/sha256"
	"fmt"
	"strconv"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/value"
)

// MapRun is what a distributed Map asks for: an execution of its own, a child, for each item or batch of items. TaskSucceeded answers it with
// the state's result, TaskFailed with the error of the run. Children and their names depend on nothing but the run and the items, so a
// run that is taken up after a crash finds those that it has.
type MapRun struct {
	ARN        string
	Parent     Execution
	Label      string
	Definition string // of the children
	Express    bool   // their type
	Redrives   int64  // how often the run was redriven
	MapLimits
	Items  []item.Item   // when Reader is nil
	Reader *ItemReader   // nil: the items are in Items
	Writer *ResultWriter // nil: the results are not written

	state      string
	transform  string // what the results become where they are not written
	batch      *batch // nil: each item is a child's input
	selector   *selector
	childOfRun arn.ARN // of the children's state machine
}

// MapLimits are what can be changed while a map run runs.
type MapLimits struct {
	MaxConcurrency int64 // children at a time, 0 for as many as there may be
	// ToleratedFailureCount and ToleratedFailurePercentage are how many items may fail; nil when the state does not say.
	ToleratedFailureCount      *int64
	ToleratedFailurePercentage *float64
}

// Exceeded reports whether too many items failed. total is 0 as long as nobody knows how many there are.
func (l MapLimits) Exceeded(failed, total int64) bool {
	count, percentage := l.ToleratedFailureCount, l.ToleratedFailurePercentage
	if count == nil && percentage == nil {
		return failed > 0
	}
	if count != nil && failed > *count {
		return true
	}
	return percentage != nil && total > 0 && float64(failed)*100 > *percentage*float64(total)
}

// Size is how many children the run has, as far as that is known before its items are read: 0 when they stand in a file or are put
// together in batches.
func (r *MapRun) Size() int64 {
	if r.Reader != nil || r.batch != nil {
		return 0
	}
	return int64(len(r.Items))
}

// ItemReader is where the items are, with the values of its fields.
type ItemReader struct {
	*asl.ItemReader
	Parameters value.Value // what the request to S3 has
	MaxItems   int64       // 0: all of them
}

// ResultWriter is where the results go.
type ResultWriter struct {
	Bucket, Prefix string
	*asl.ResultWriter
}

// MapRunError is how a map run fails: an error of the States Language.
type MapRunError struct{ Name, Cause string }

// Error returns name and cause.
func (e *MapRunError) Error() string { return e.Name + ": " + e.Cause }

const (
	statesItemReaderFailed   = "States.ItemReaderFailed"
	statesResultWriterFailed = "States.ResultWriterFailed"
)

// ReaderFailed is the error of a run whose items cannot be read.
func ReaderFailed(err error) *MapRunError { return &MapRunError{statesItemReaderFailed, err.Error()} }

// WriterFailed is the error of a run whose results cannot be written.
func WriterFailed(err error) *MapRunError {
	return &MapRunError{statesResultWriterFailed, err.Error()}
}

// ThresholdExceeded is the error of a run in which more items failed than may.
func ThresholdExceeded() *MapRunError { return runError(thresholdExceeded()) }

func runError(f *failure) *MapRunError { return &MapRunError{*f.name, *f.cause} }

// newMapRun returns the run of a state, before its fields are evaluated.
func (m *Machine) newMapRun(v *visit, input value.Value) *MapRun {
	d := v.state.Map.Distributed
	r := &MapRun{
		Parent: m.execution, Label: d.Label, Definition: d.Definition, Express: d.Express, state: v.state.Name,
		transform: "COMPACT", selector: m.selectorOf(v, input),
	}
	if r.Label == "" {
		r.Label = uuidOf(m.execution.StateMachineARN + "\n" + v.state.Name)
	}
	if d.Writer != nil {
		r.transform = d.Writer.Transformation
	}
	name := m.execution.StateMachineName + "/" + r.Label
	r.childOfRun, _ = arn.Parse(m.execution.StateMachineARN)
	r.childOfRun.Resource = "mapRun:" + name + ":" + uuidOf(m.execution.ARN+"\n"+strconv.FormatInt(int64(m.lastTask+1), 10))
	r.ARN = r.childOfRun.String()
	r.childOfRun.Resource = "stateMachine:" + name
	return r
}

// uuidOf makes a name of a text that looks like the random ones of AWS.
func uuidOf(text string) string {
	h := sha256.Sum256([]byte(text))
	h[6], h[8] = h[6]&0x0f|0x40, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// StateMachineARN names the children's state machine: one that has no definition outside of its Map.
func (r *MapRun) StateMachineARN() string { return r.childOfRun.String() }

// Execution returns a child as an execution that has not started.
func (r *MapRun) Execution(c Child) Execution {
	machineName := r.Parent.StateMachineName + "/" + r.Label
	name := uuidOf(r.ARN + "\n" + strconv.FormatInt(c.Index, 10))
	of := r.childOfRun
	of.Resource = "execution:" + machineName + ":" + name
	if r.Express {
		of.Resource = "express:" + machineName + ":" + name + ":" + uuidOf(name)
	}
	return Execution{
		ARN: of.String(), Name: name, RoleARN: r.Parent.RoleARN, Region: r.Parent.Region,
		StateMachineARN: r.StateMachineARN(), StateMachineName: machineName, Input: c.Input,
	}
}
