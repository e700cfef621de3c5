package machine

import (
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

func (m *Machine) runFail(v *visit) {
	name, f := m.failText(v, "ErrorPath", v.state.Fail.Error)
	if f != nil {
		m.fail(v, f)
		return
	}
	cause, f := m.failText(v, "CausePath", v.state.Fail.Cause)
	if f != nil {
		m.fail(v, f)
		return
	}
	m.fail(v, &failure{name: name, cause: cause})
}

func (m *Machine) failText(v *visit, field string, t asl.Text) (*string, *failure) {
	if t.Query != nil {
		return m.evaluation(v).text(t)
	}
	if t.Path == nil {
		return t.Constant, nil
	}
	found, err := t.Path.Eval(m.scope(v, v.input))
	if err != nil {
		return nil, v.fieldFailure(field, t.Path, v.input, err)
	}
	if found.Kind() != value.String {
		return nil, v.runtime("The %s field refers to a value that is not a string: %s == %s", field, t.Path, found.Compact())
	}
	s := found.Str()
	return &s, nil
}
