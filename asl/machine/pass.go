package machine

func (m *Machine) runPass(v *visit) {
	if q := v.state.JSONata; q != nil {
		m.leaveQuery(m.evaluation(v), q, v.input, v.state.Next)
		return
	}
	_, result, f := m.parameters(v)
	if f != nil {
		m.fail(v, f)
		return
	}
	if !v.state.Result.IsZero() {
		result = v.state.Result
	}
	if tooLarge(result) {
		m.fail(v, dataLimitExceeded(v.state.Name))
		return
	}
	m.conclude(v, result)
}
