package machine

func (m *Machine) runPass(v *visit) {
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
