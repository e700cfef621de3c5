package machine

import (
	"slices"

	"github.com/stepwell/stepwell/value"
)

func (m *Machine) succeed(output value.Value) {
	if m.status != RunningStatus {
		return
	}
	m.write(m.root.last, "ExecutionSucceeded", "executionSucceededEventDetails",
		text("output", output.Text()), member("outputDetails", notTruncated))
	m.finish(Finish{Status: Succeeded, Output: output})
}

func (m *Machine) endFailed(previous int64, f *failure) {
	if m.status != RunningStatus {
		return
	}
	m.write(previous, "ExecutionFailed", "executionFailedEventDetails", errorDetails(f.name, f.cause)...)
	m.finish(Finish{Status: Failed, Error: f.name, Cause: f.cause})
}

// timeOut ends the execution because of its TimeoutSeconds. The error stands in history only; DescribeExecution has none.
func (m *Machine) timeOut() {
	m.write(m.lastEvent, "ExecutionTimedOut", "executionTimedOutEventDetails", text("error", statesTimeout))
	m.finish(Finish{Status: TimedOut})
}

func (m *Machine) abort(s Stopped) {
	m.write(m.lastEvent, "ExecutionAborted", "executionAbortedEventDetails", errorDetails(s.Error, s.Cause)...)
	m.finish(Finish{Status: Aborted, Error: s.Error, Cause: s.Cause})
}

// finish takes back everything that was asked for: AWS cancels the running jobs of an execution that ends, but writes
// no event about the states that they belonged to.
func (m *Machine) finish(end Finish) {
	for _, c := range slices.Backward(m.Pending()) {
		switch c := c.(type) {
		case ScheduleTask:
			m.command(CancelTask{c.Task})
		case SetTimer:
			m.command(CancelTimer{c.Timer})
		}
	}
	clear(m.tasks)
	clear(m.timers)
	m.command(end)
	m.status = end.Status
}
