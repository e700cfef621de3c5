package machine

import (
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/value"
)

func (m *Machine) runWait(v *visit) {
	input, f := m.path(v, v.state.InputPath, v.input) // in JSONata mode there is no path
	var at time.Time
	if f == nil {
		at, f = m.waitUntil(v, input)
	}
	switch {
	case f != nil:
		m.fail(v, f)
	case at.After(m.now):
		v.timer = m.setTimer(v, WaitTimer, at)
	default:
		m.waited(v)
	}
}

func (m *Machine) waited(v *visit) {
	if q := v.state.JSONata; q != nil {
		m.leaveQuery(m.evaluation(v), q, v.input, v.state.Next)
		return
	}
	input, f := m.path(v, v.state.InputPath, v.input)
	if f != nil {
		m.fail(v, f)
		return
	}
	m.leave(v, input, input, v.state.Assign, v.state.Next)
}

func (m *Machine) waitUntil(v *visit, input value.Value) (time.Time, *failure) {
	wait := v.state.Wait
	if v.state.JSONata != nil {
		return m.waitQuery(v)
	}
	if !wait.Timestamp.IsZero() {
		return m.waitTimestamp(v, wait.Timestamp, input)
	}
	n, f := m.waitSeconds(v, wait.Seconds, input)
	return m.now.Add(seconds(n)), f
}

func (m *Machine) waitQuery(v *visit) (time.Time, *failure) {
	e, wait := m.evaluation(v), v.state.Wait
	if wait.Timestamp.IsZero() {
		n, f := e.integer(wait.Seconds, 0, 0)
		return m.now.Add(seconds(min(n, maxWait))), f
	}
	s, f := e.text(wait.Timestamp)
	if f != nil {
		return m.now, f
	}
	at, ok := m.timestamps()(*s)
	if !ok {
		f = m.evaluationFailed(v, "Timestamp", "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "+*s)
	}
	return at, f
}

// maxWait is the longest that an execution lives, in seconds.
const maxWait = 366 * 24 * 3600

func (m *Machine) waitSeconds(v *visit, field asl.Number, input value.Value) (int64, *failure) {
	if field.Path == nil {
		return int64(*field.Constant), nil
	}
	found, f := m.waitValue(v, "SecondsPath", field.Path, input)
	if f != nil {
		return 0, f
	}
	n, ok := found.Int()
	switch {
	case !ok:
		return 0, v.runtime("The SecondsPath parameter cannot be parsed as a long value: %s == %s", field.Path, plain(found))
	case n < 0:
		return 0, v.runtime("The SecondsPath parameter references a negative value: %s == %d", field.Path, n)
	}
	return min(n, maxWait), nil
}

func (m *Machine) waitTimestamp(v *visit, field asl.Text, input value.Value) (time.Time, *failure) {
	if field.Path == nil {
		at, ok := m.timestamps()(*field.Constant)
		if !ok {
			return at, v.runtime("The Timestamp parameter is not a valid ISO-8601 extended offset date-time format string: %s", *field.Constant)
		}
		return at, nil
	}
	found, f := m.waitValue(v, "TimestampPath", field.Path, input)
	if f != nil {
		return time.Time{}, f
	}
	at, ok := m.timestamps()(found.Str())
	if !ok {
		return at, v.runtime("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s",
			field.Path, plain(found))
	}
	return at, nil
}

func (m *Machine) waitValue(v *visit, field string, path *intrinsic.Expression, input value.Value) (value.Value, *failure) {
	found, err := path.Eval(m.scope(v, input))
	if err != nil {
		return found, v.evaluationFailure(err, func(string) *failure {
			return v.runtime("The %s parameter does not reference an input value: %s", field, path)
		})
	}
	return found, nil
}

// plain returns a value as AWS puts it into sentences: strings without quotes.
func plain(v value.Value) string {
	if v.Kind() == value.String {
		return v.Str()
	}
	return v.Compact()
}
