package machine

import "time"

type timer struct {
	command SetTimer
	visit   *visit // nil for those of the execution
	order   int64
}

func (m *Machine) setTimer(v *visit, purpose TimerPurpose, at time.Time) TimerID {
	if m.status != RunningStatus {
		return 0
	}
	m.lastTimer++
	t := &timer{command: SetTimer{Timer: m.lastTimer, At: at, Purpose: purpose}, visit: v, order: m.nextOrder()}
	m.timers[m.lastTimer] = t
	m.command(t.command)
	return m.lastTimer
}

func (m *Machine) moveTimer(id TimerID, at time.Time) {
	if t := m.timers[id]; t != nil {
		t.command.At = at
		m.command(t.command)
	}
}

func (m *Machine) cancelTimer(id TimerID) {
	if m.timers[id] != nil {
		delete(m.timers, id)
		m.command(CancelTimer{id})
	}
}

func (m *Machine) timerFired(id TimerID) {
	t := m.timers[id]
	if t == nil {
		return
	}
	delete(m.timers, id)
	switch t.command.Purpose {
	case WaitTimer:
		m.waited(t.visit)
	case RetryTimer:
		m.run(t.visit)
	case TimeoutTimer:
		m.taskTimedOut(t.visit.task, timedOut(""))
	case HeartbeatTimer:
		m.taskTimedOut(t.visit.task, timedOut("States.HeartbeatTimeout"))
	case ExecutionTimer:
		m.timeOut()
	case YieldTimer: // Apply goes on with the queue after every event
	}
}
