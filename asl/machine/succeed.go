package machine

func (m *Machine) runSucceed(v *visit) {
	if q := v.state.JSONata; q != nil {
		m.leaveQuery(m.evaluation(v), q, v.input, "")
		return
	}
	input, f := m.path(v, v.state.InputPath, v.input)
	if f != nil {
		m.fail(v, f)
		return
	}
	m.leave(v, input, input, nil, "")
}
