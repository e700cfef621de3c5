package machine

func (m *Machine) runSucceed(v *visit) {
	input, f := m.path(v, v.state.InputPath, v.input)
	if f != nil {
		m.fail(v, f)
		return
	}
	m.leave(v, input, input, nil, "")
}
