package machine

import (
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/value"
)

func (m *Machine) scope(v *visit, input value.Value) *intrinsic.Scope {
	return &intrinsic.Scope{Input: input, Context: m.context(v), Variable: v.frame.variable, Random: m.random.next}
}

// path applies InputPath or OutputPath.
func (m *Machine) path(v *visit, field asl.PathField, input value.Value) (value.Value, *failure) {
	if field.Null {
		return value.EmptyObject(), nil
	}
	if field.Expr == nil {
		return input, nil
	}
	out, err := field.Expr.Eval(m.scope(v, input))
	if err != nil {
		return out, v.pathFailure(field.Expr, err)
	}
	return out, nil
}

// template builds a payload template; without one, the value is otherwise.
func (m *Machine) template(v *visit, t *asl.Template, input, otherwise value.Value) (value.Value, *failure) {
	if t == nil {
		return otherwise, nil
	}
	out, err := t.Eval(m.scope(v, input))
	if err != nil {
		return out, v.templateFailure(input, err)
	}
	return out, nil
}

// parameters applies InputPath and then Parameters. It returns both values.
func (m *Machine) parameters(v *visit) (input, parameters value.Value, f *failure) {
	if input, f = m.path(v, v.state.InputPath, v.input); f != nil {
		return
	}
	if parameters, f = m.template(v, v.state.Parameters, input, input); f == nil {
		m.trial.see("afterParameters", parameters)
	}
	return
}

// resultPath combines a result with the state's own input.
func (m *Machine) resultPath(v *visit, field asl.PathField, result value.Value) (value.Value, *failure) {
	if field.Null {
		return v.input, nil
	}
	if field.Expr == nil {
		return result, nil
	}
	out, err := field.Expr.Path().Set(v.input, result)
	if err != nil {
		return out, v.conflict(err.Error())
	}
	return out, nil
}

// number evaluates the Path form of a numeric field; ok is false when the field is absent.
func (m *Machine) number(v *visit, n asl.Number, input value.Value) (out value.Value, ok bool, f *failure) {
	if n.Path != nil {
		found, err := n.Path.Eval(m.scope(v, input))
		if err != nil {
			return out, false, v.pathFailure(n.Path, err)
		}
		return found, true, nil
	}
	if n.Constant != nil {
		return value.OfFloat(*n.Constant), true, nil
	}
	return out, false, nil
}
