package machine

import (
	"math"
	"slices"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// matches tells whether an ErrorEquals list names the error. States.TaskFailed stands for every error but the timeout.
func (f *failure) matches(names []string) bool {
	if slices.Contains(names, "States.ALL") {
		return true
	}
	timeout := f.name != nil && *f.name == statesTimeout
	if !timeout && slices.Contains(names, "States.TaskFailed") {
		return true
	}
	if f.name != nil && slices.Contains(names, *f.name) {
		return true
	}
	return f.alias != "" && slices.Contains(names, f.alias)
}

// maxQuiet bounds the attempts in a row that fail before their task is scheduled, because its parameters are too large. They
// write nothing, so the limit of history would not end them, and none can go otherwise than the one before.
const maxQuiet = 100

// retry sets the timer of the next attempt when a retrier wants one. The first retrier that names the error decides.
func (m *Machine) retry(v *visit, f *failure) bool {
	retriers := v.state.Retry
	at := slices.IndexFunc(retriers, func(r asl.Retrier) bool { return f.matches(r.ErrorEquals) })
	if at < 0 {
		return false
	}
	if v.attempts == nil {
		v.attempts = make([]int64, len(retriers))
	}
	if v.attempts[at] >= retriers[at].MaxAttempts {
		return false
	}
	if m.quiet++; m.quiet > maxQuiet && m.version >= limitedAttempts {
		m.endFailed(m.lastEvent, v.runtime("It failed %d times in a row before its task could be scheduled.", m.quiet))
		return true
	}
	delay := m.delay(retriers[at], v.attempts[at])
	v.attempts[at]++
	v.retries++
	v.forget()
	v.timer = m.setTimer(v, RetryTimer, m.now.Add(delay))
	return true
}

// forget drops what belongs to an attempt.
func (v *visit) forget() {
	v.task, v.fork, v.token, v.context = nil, nil, "", value.Value{}
}

// delay returns the pause before an attempt. made counts the retrier's earlier ones.
func (m *Machine) delay(r asl.Retrier, made int64) time.Duration {
	pause := float64(r.IntervalSeconds)
	if pause > 0 { // nothing times an infinite power would be no number
		pause *= math.Pow(r.BackoffRate, float64(made))
	}
	longest := float64(maxWait)
	if r.MaxDelaySeconds > 0 {
		longest = float64(r.MaxDelaySeconds)
	}
	pause = min(pause, longest)
	if r.FullJitter {
		pause *= m.random.fraction()
	}
	return time.Duration(pause * float64(time.Second))
}
