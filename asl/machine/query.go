package machine

import (
	"fmt"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/jsonata"
	"github.com/stepwell/stepwell/value"
)

const statesQueryEvaluationError = "States.QueryEvaluationError"

// evaluation is what the expressions of a state in JSONata mode see as $states.
type evaluation struct {
	m           *Machine
	visit       *visit
	iteration   *frame // of the item that ItemSelector is evaluated for
	result      value.Value
	errorOutput value.Value
	states      value.Value // built on first need
}

func (m *Machine) evaluation(v *visit) *evaluation { return &evaluation{m: m, visit: v} }

func (e *evaluation) scope() jsonata.Scope {
	return jsonata.Scope{Lookup: e.lookup, Now: e.m.now, Random: e.m.random.fraction}
}

func (e *evaluation) lookup(name string) (value.Value, bool) {
	if name != "states" {
		return e.visit.frame.variable(name)
	}
	if e.states.IsZero() {
		e.states = e.build()
	}
	return e.states, true
}

func (e *evaluation) build() value.Value {
	context := e.m.context(e.visit)
	if e.iteration != nil {
		context = e.m.contextWith(e.visit, e.iteration)
	}
	members := []value.Member{member("input", e.visit.input), member("context", context)}
	if !e.result.IsZero() {
		members = append(members, member("result", e.result))
	}
	if !e.errorOutput.IsZero() {
		members = append(members, member("errorOutput", e.errorOutput))
	}
	return value.OfMembers(members...)
}

// query evaluates a field; without one, the value is otherwise.
func (e *evaluation) query(q *asl.Query, otherwise value.Value) (value.Value, *failure) {
	if q == nil {
		return otherwise, nil
	}
	out, err := q.Eval(e.scope())
	if err == nil {
		return out, nil
	}
	location := q.Location()
	if failed, ok := err.(*asl.QueryError); ok {
		location = failed.Location
	}
	return out, e.m.evaluationFailed(e.visit, location, err.Error())
}

// typed is query for a field whose value must be of a kind.
func (e *evaluation) typed(q *asl.Query, kind value.Kind) (value.Value, *failure) {
	out, f := e.query(q, value.Value{})
	if f == nil && out.Kind() != kind {
		return out, e.unexpected(q, fmt.Sprintf("returned an unexpected result type. Expected '%s', but was '%s' for value: %s", kind, out.Kind(), out.Compact()))
	}
	return out, f
}

// unexpected fails a field because of the value that its expression gave.
func (e *evaluation) unexpected(q *asl.Query, problem string) *failure {
	text, _ := q.Expression()
	cause := fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' %s", text, q.Location(), problem)
	return e.m.evaluationFailed(e.visit, q.Location(), cause)
}

// integer evaluates a field that must be a whole number of at least least.
func (e *evaluation) integer(n asl.Number, least, otherwise int64) (int64, *failure) {
	if n.Query == nil {
		if n.Constant != nil {
			otherwise = int64(*n.Constant)
		}
		return otherwise, nil
	}
	found, f := e.typed(n.Query, value.Number)
	if f != nil {
		return 0, f
	}
	i, whole := found.Int()
	if !whole || i < least {
		return 0, e.unexpected(n.Query, fmt.Sprintf("returned a value that is not an integer of at least %d: %s", least, found.Compact()))
	}
	return i, nil
}

// text evaluates a field that must be a text; nil when it is absent.
func (e *evaluation) text(t asl.Text) (*string, *failure) {
	if t.Query == nil {
		return t.Constant, nil
	}
	found, f := e.typed(t.Query, value.String)
	if f != nil {
		return nil, f
	}
	s := found.Str()
	return &s, nil
}

// evaluationFailed records that an expression has no usable value and returns the error. location may be empty.
func (m *Machine) evaluationFailed(v *visit, location, cause string) *failure {
	f := newFailure(statesQueryEvaluationError, v.located(cause))
	f.evaluated = true
	frame := v.frame
	previous := frame.last
	// What fails before the state has done anything follows what the state itself follows: recorded so on AWS.
	if previous == v.entered && v.state.Type != asl.WaitType {
		previous = v.before
	}
	details := errorDetails(f.name, f.cause)
	if location != "" {
		details = append(details, text("location", location))
	}
	frame.last = m.record(previous, "EvaluationFailed", "evaluationFailedEventDetails", append(details, text("state", v.state.Name))...)
	return f
}

// concludeQuery is conclude for a state in JSONata mode: a result is all there is besides the state's input.
func (m *Machine) concludeQuery(v *visit, result value.Value) {
	m.trial.see("result", result)
	e := m.evaluation(v)
	e.result = result
	m.leaveQuery(e, v.state.JSONata, result, v.state.Next)
}

// leaveQuery evaluates Output and Assign, both with the variables as they were when the state was entered, and exits.
func (m *Machine) leaveQuery(e *evaluation, q *asl.Queries, otherwise value.Value, next string) {
	output, assigned, f := m.outcome(e, q, otherwise)
	if f != nil {
		m.fail(e.visit, f)
		return
	}
	m.exit(e.visit, output, assigned, next)
}

func (m *Machine) outcome(e *evaluation, q *asl.Queries, otherwise value.Value) (output, assigned value.Value, f *failure) {
	if output, f = e.query(q.Output, otherwise); f == nil {
		f = e.visit.unfit(output)
	}
	if f == nil {
		assigned, f = e.query(q.Assign, value.Value{})
	}
	if f == nil {
		f = m.unassignable(e.visit, assigned)
	}
	return output, assigned, f
}
