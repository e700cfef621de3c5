package machine

import (
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// catch leaves the state through the first catcher that names the error.
func (m *Machine) catch(v *visit, f *failure) bool {
	for _, c := range v.state.Catch {
		if f.matches(c.ErrorEquals) {
			m.leaveCaught(v, c, f)
			return true
		}
	}
	return false
}

func (m *Machine) leaveCaught(v *visit, c asl.Catcher, f *failure) {
	caught := errorOutput(v, f)
	output, assigned, broken := m.caught(v, c, caught)
	switch {
	case broken == nil:
		m.exit(v, output, assigned, c.Next)
	case broken.terminal:
		m.endFailed(v.frame.last, broken)
	default:
		m.uncaught(v, broken)
	}
}

// caught returns what a catcher makes of an error.
func (m *Machine) caught(v *visit, c asl.Catcher, caught value.Value) (output, assigned value.Value, broken *failure) {
	if c.JSONata != nil {
		e := m.evaluation(v)
		e.errorOutput = caught
		return m.outcome(e, c.JSONata, caught)
	}
	if output, broken = m.resultPath(v, c.ResultPath, caught); broken == nil {
		broken = v.unfit(output)
	}
	if broken == nil {
		assigned, broken = m.assignment(v, c.Assign, caught)
	}
	return output, assigned, broken
}

// errorOutput is what a Catch receives. For what the error does not say AWS puts an empty text after a Task, null after a
// Parallel or Map.
func errorOutput(v *visit, f *failure) value.Value {
	absent := value.NullValue()
	if v.state.Type == asl.TaskType {
		absent = value.OfString("")
	}
	part := func(s *string) value.Value {
		if s == nil {
			return absent
		}
		return value.OfString(*s)
	}
	return value.OfMembers(member("Error", part(f.name)), member("Cause", part(f.cause)))
}
