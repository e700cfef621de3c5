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

// assign sets variables of the frame.
func (m *Machine) assign(f *frame, variables value.Value) {
	for _, v := range variables.Members() {
		if f.variables == nil {
			f.variables = map[string]value.Value{}
		}
		m.stored += len(v.Value.Text()) - len(f.variables[v.Key].Text())
		f.variables[v.Key] = v.Value
	}
}

// close ends a frame, and with it its variables.
func (m *Machine) close(f *frame) {
	f.over = true
	for _, v := range f.variables {
		m.stored -= len(v.Text())
	}
	f.variables, f.kept = nil, f.variables
}

// maxVariables is the size in bytes that all variables of an execution must not exceed.
const maxVariables = 10 << 20

// unassignable says why variables cannot be assigned; nil when they can.
func (m *Machine) unassignable(v *visit, variables value.Value) *failure {
	if tooLarge(variables) {
		return dataLimitExceeded(v.state.Name)
	}
	total := m.stored
	for _, assigned := range variables.Members() {
		total += len(assigned.Value.Text()) - len(v.frame.variables[assigned.Key].Text())
	}
	if total > maxVariables && m.version >= limitedVariables {
		return newFailure(statesDataLimitExceeded, v.located("The variables of the execution exceed the maximum number of bytes service limit."))
	}
	return nil
}

// assignment evaluates an Assign, which may be nil. Nothing is assigned before the state is left.
func (m *Machine) assignment(v *visit, t *asl.Template, input value.Value) (value.Value, *failure) {
	variables, f := m.template(v, t, input, value.Value{})
	if f == nil {
		f = m.unassignable(v, variables)
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
