package machine

import (
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// fail is the end of a state's attempt: it is tried again, caught, or ends the workflow that the state stands in.
func (m *Machine) fail(v *visit, f *failure) {
	if m.trial != nil {
		m.trial.failed(f)
		return
	}
	v.exitAfter = 0
	if v.fork != nil && f.name != nil && *f.name == statesDataLimitExceeded {
		v.fork.whole = true
	}
	if f.terminal {
		m.endFailed(v.frame.last, f)
		return
	}
	if m.retry(v, f) {
		return
	}
	if v.fork != nil || f.evaluated && v.forks() {
		m.chain(v.frame, string(v.state.Type)+"StateFailed", "")
	}
	if !m.catch(v, f) {
		m.uncaught(v, f)
	}
}

// forks reports whether the state runs workflows of its own.
func (v *visit) forks() bool { return v.state.Type == asl.ParallelType || v.state.Type == asl.MapType }

func (m *Machine) uncaught(v *visit, f *failure) {
	frame := v.frame
	m.close(frame)
	if frame.owner == nil {
		m.endFailed(frame.last, f)
		return
	}
	if v.state.Type == asl.TaskType {
		m.record(frame.last, "TaskStateAborted", "")
	}
	m.breakFork(frame, f)
}

// breakFork fails a Parallel or Map because one of its workflows failed. Everything that it records follows the last
// event of that workflow, and so does what comes next.
func (m *Machine) breakFork(failed *frame, f *failure) {
	v := failed.owner
	if t := v.fork.tolerance; t != nil {
		if !t.exceeded(len(v.fork.items)) {
			m.recordIterationFailed(failed)
			failed.tolerated = true
			v.fork.breakOff(failed)
			v.frame.last = failed.last
			m.iterationEnded(v, failed, value.Value{})
			return
		}
		f = thresholdExceeded()
	}
	v.fork.breakOff(failed)
	m.cutBranches(v, failed.last)
	if v.state.Type == asl.MapType {
		m.recordIterationFailed(failed)
	}
	v.frame.last = failed.last
	m.fail(v, f)
}

func (m *Machine) recordIterationFailed(f *frame) {
	m.record(f.last, "MapIterationFailed", "mapIterationFailedEventDetails", iterationDetails(f.owner, f.index)...)
}

// cutBranches ends the workflows of a Parallel or Map that still run.
func (m *Machine) cutBranches(v *visit, previous int64) {
	for _, index := range v.fork.running() {
		if v.state.Type == asl.MapType {
			m.record(previous, "MapIterationAborted", "mapIterationAbortedEventDetails", iterationDetails(v, index)...)
		}
		m.cut(v.fork.live[index], previous)
		v.fork.breakOff(v.fork.live[index])
	}
}

func (m *Machine) cut(f *frame, previous int64) {
	m.close(f)
	v := f.visit
	if v == nil {
		return
	}
	switch v.state.Type {
	case asl.TaskType, asl.WaitType, asl.ParallelType, asl.MapType:
		m.record(previous, string(v.state.Type)+"StateAborted", "")
	}
	m.cancelTimer(v.timer)
	if v.task != nil {
		m.dropTask(v.task)
		m.command(CancelTask{v.task.command.Task})
	}
	if v.fork != nil {
		m.cutBranches(v, previous)
	}
}
