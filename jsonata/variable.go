package jsonata

// variableOp reads a variable: of the scopes inside out, then of the caller, then a built-in function.
type variableOp struct {
	name    string
	builtin item
}

func (v *variableOp) eval(m *evaluation, _ item, env *frame) (item, error) {
	if x, ok := env.lookup(v.name); ok {
		return x, nil
	}
	if v.name == "$" {
		return m.root, nil
	}
	if m.lookup != nil {
		if x, ok := m.lookup(v.name); ok {
			if x.IsZero() {
				return nil, nil
			}
			return x, nil
		}
	}
	return v.builtin, nil
}

// evalContext gives the context: $.
func evalContext(_ *evaluation, in item, _ *frame) (item, error) {
	if l, ok := in.(*list); ok && l.outer && len(l.items) > 0 {
		return l.items[0], nil
	}
	return in, nil
}
