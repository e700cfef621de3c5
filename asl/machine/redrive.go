package machine

import "github.com/stepwell/stepwell/value"

// redrive goes on with an execution that did not succeed: the states that failed or were cut off do their work again, with
// new retries, and what had succeeded stays. History goes on behind the end that it had; each state's goes on where it stopped,
// as after a retry.
func (m *Machine) redrive() {
	m.status = RunningStatus
	m.redriven, m.redrives = m.now, m.redrives+1
	m.executionContext = value.Value{}
	m.record(m.lastEvent, "ExecutionRedriven", "executionRedrivenEventDetails", number("redriveCount", m.redrives))
	m.limitLife()
	m.revive(m.root)
}

// redrivable says whether there is something to go on with. The history must have room for more than the event that says so.
func (m *Machine) redrivable() bool {
	return m.root != nil && m.status != RunningStatus && m.status != Succeeded && m.lastEvent < maxHistory-1
}

// revive goes on with a workflow that ended early.
func (m *Machine) revive(f *frame) {
	if f.over {
		f.over = false
		f.variables, f.kept = f.kept, nil
		for _, v := range f.variables {
			m.stored += len(v.Text())
		}
	}
	switch {
	case f.visit != nil:
		m.again(f.visit)
	case f.due != nil:
		m.arrive(f, f.due.state, f.due.input)
	}
}

// again does the work of a state once more: of a Parallel or Map only what did not succeed.
func (m *Machine) again(v *visit) {
	v.attempts, v.retries, v.exitAfter = nil, 0, 0
	k := v.fork
	if k != nil && k.run != nil && !k.whole {
		m.redriveRun(v, *k.run)
		return
	}
	if k == nil || k.whole || len(k.live)+len(k.broken)+len(k.waiting) == 0 {
		v.forget()
		m.run(v)
		return
	}
	v.context = value.Value{}
	k.reopen()
	for range min(len(k.waiting), k.most()) {
		// One that fails at once may end the state.
		if v.fork != k || v.frame.visit != v || m.status != RunningStatus {
			return
		}
		m.reviveNext(k)
	}
}

// redriveRun goes on with the run of a distributed Map: with the children that did not succeed, and those that had not started.
func (m *Machine) redriveRun(v *visit, r MapRun) {
	r.Redrives++
	v.context, v.fork.run = value.Value{}, &r
	m.chain(v.frame, "MapRunRedriven", "mapRunRedrivenEventDetails", text("mapRunArn", r.ARN), number("redriveCount", r.Redrives))
	m.schedule(v, &r)
}

// reviveNext goes on with a workflow that waits for its turn.
func (m *Machine) reviveNext(k *fork) {
	next := k.waiting[0]
	k.waiting = k.waiting[1:]
	k.live[next.index] = next
	m.revive(next)
}

// most is how many workflows run at a time.
func (k *fork) most() int {
	if k.limit > 0 {
		return k.limit
	}
	return len(k.results)
}

// breakOff keeps a workflow that ended early for a redrive.
func (k *fork) breakOff(f *frame) {
	delete(k.live, f.index)
	if k.broken == nil {
		k.broken = map[int]*frame{}
	}
	k.broken[f.index] = f
}

// reopen lets every workflow that has not succeeded wait for its turn.
func (k *fork) reopen() {
	for index, f := range k.broken {
		k.live[index] = f
		if f.tolerated {
			f.tolerated = false
			k.missing++
		}
	}
	for _, f := range k.waiting {
		k.live[f.index] = f
	}
	k.broken, k.waiting = nil, nil
	for _, index := range k.running() {
		k.waiting = append(k.waiting, k.live[index])
	}
	clear(k.live)
	if k.tolerance != nil {
		k.tolerance.failed = 0
	}
}
