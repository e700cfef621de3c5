package machine

import "github.com/stepwell/stepwell/value"

func (m *Machine) runParallel(v *visit) {
	input, f := m.branchInput(v)
	if f != nil {
		m.fail(v, f)
		return
	}
	branches := v.state.Parallel.Branches
	v.fork = newFork(len(branches))
	started := m.chain(v.frame, "ParallelStateStarted", "")
	for i, branch := range branches {
		f := &frame{workflow: branch, owner: v, index: i, last: started}
		v.fork.live[i] = f
		m.arrive(f, branch.StartAt, input)
	}
}

func (m *Machine) branchInput(v *visit) (value.Value, *failure) {
	if q := v.state.JSONata; q != nil {
		return m.evaluation(v).query(q.Arguments, v.input)
	}
	_, input, f := m.parameters(v)
	return input, f
}

func (m *Machine) joinParallel(v *visit, branch *frame, output value.Value) {
	v.frame.last = branch.last
	if v.fork.take(branch.index, output) {
		m.joined(v)
	}
}
