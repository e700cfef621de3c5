package machine

import (
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// variable looks a name up in the frame and then in those around it.
func (f *frame) variable(name string) (value.Value, bool) {
	for scope := f; scope != nil; scope = scope.outer() {
		if v, ok := scope.variables[name]; ok {
			return v, true
		}
	}
	return value.Value{}, false
}

func (f *frame) outer() *frame {
	if f.owner == nil {
		return nil
	}
	return f.owner.frame
}

func (f *frame) assign(variables value.Value) {
	for _, m := range variables.Members() {
		if f.variables == nil {
			f.variables = map[string]value.Value{}
		}
		f.variables[m.Key] = m.Value
	}
}

// assignment evaluates an Assign, which may be nil. Nothing is assigned before the state is left.
func (m *Machine) assignment(v *visit, t *asl.Template, input value.Value) (value.Value, *failure) {
	variables, f := m.template(v, t, input, value.Value{})
	if f == nil && tooLarge(variables) {
		f = dataLimitExceeded(v.state.Name)
	}
	return variables, f
}

// textsOf returns an object with the JSON texts of the members, as history shows assigned variables.
func textsOf(object value.Value) value.Value {
	members := make([]value.Member, object.Len())
	for i, m := range object.Members() {
		members[i] = text(m.Key, m.Value.Compact())
	}
	return value.OfMembers(members...)
}
