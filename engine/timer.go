package engine

import (
	"time"

	"github.com/stepwell/stepwell/asl/machine"
)

// timerKey is a timer of all executions.
type timerKey struct {
	execution *execution
	timer     machine.TimerID
}

// fire tells a timer's execution that its moment has come.
func (k timerKey) fire() { k.execution.post(letter{body: machine.TimerFired{Timer: k.timer}}) }

func (x *execution) setTimer(c machine.SetTimer) {
	x.timers[c.Timer] = true
	x.engine.timers.Set(timerKey{x, c.Timer}, x.moment(c))
}

func (x *execution) moment(c machine.SetTimer) time.Time {
	limit := x.engine.options.WaitCap
	pause := c.Purpose == machine.WaitTimer || c.Purpose == machine.RetryTimer
	if latest := now().Add(limit); limit > 0 && pause && c.At.After(latest) {
		return latest
	}
	return c.At
}

func (x *execution) cancelTimer(timer machine.TimerID) {
	delete(x.timers, timer)
	x.engine.timers.Drop(timerKey{x, timer})
}
