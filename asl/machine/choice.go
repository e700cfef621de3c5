package machine

import (
	"errors"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/jsonpath"
	"github.com/stepwell/stepwell/value"
)

func (m *Machine) runChoice(v *visit) {
	if v.state.JSONata != nil {
		m.chooseQuery(v)
		return
	}
	input, f := m.path(v, v.state.InputPath, v.input)
	if f != nil {
		m.fail(v, f)
		return
	}
	scope := m.scope(v, input)
	for _, rule := range v.state.Choice.Choices {
		holds, f := m.holds(v, rule.Condition, scope)
		if f != nil {
			m.fail(v, f)
			return
		}
		if holds {
			m.leave(v, input, input, rule.Assign, rule.Next)
			return
		}
	}
	if v.state.Choice.Default == "" {
		m.fail(v, v.noChoice())
		return
	}
	m.leave(v, input, input, v.state.Assign, v.state.Choice.Default)
}

// chooseQuery is a Choice in JSONata mode. What a choice does not say about the output and variables, the state does not say for it.
func (m *Machine) chooseQuery(v *visit) {
	e := m.evaluation(v)
	for _, rule := range v.state.Choice.Choices {
		holds, f := e.typed(rule.JSONata.Condition, value.Bool)
		if f != nil {
			m.fail(v, f)
			return
		}
		if holds.Truth() {
			m.leaveQuery(e, rule.JSONata, v.input, rule.Next)
			return
		}
	}
	if v.state.Choice.Default == "" {
		m.fail(v, v.noChoice())
		return
	}
	m.leaveQuery(e, v.state.JSONata, v.input, v.state.Choice.Default)
}

func (v *visit) noChoice() *failure {
	return v.runtime("Failed to transition out of the state. The state does not point to a next state.")
}

func (m *Machine) holds(v *visit, c asl.Condition, scope *intrinsic.Scope) (bool, *failure) {
	switch {
	case c.Not != nil:
		holds, f := m.holds(v, *c.Not, scope)
		return !holds, f
	case c.Compare != nil:
		return m.compares(v, c.Compare, scope)
	case c.And != nil:
		return m.any(v, c.And, scope, false)
	}
	return m.any(v, c.Or, scope, true)
}

// any evaluates conditions until one has the value that settles the whole.
func (m *Machine) any(v *visit, conditions []asl.Condition, scope *intrinsic.Scope, settles bool) (bool, *failure) {
	for _, c := range conditions {
		holds, f := m.holds(v, c, scope)
		if f != nil || holds == settles {
			return settles, f
		}
	}
	return !settles, nil
}

func (m *Machine) compares(v *visit, c *asl.Comparison, scope *intrinsic.Scope) (bool, *failure) {
	left, err := c.Variable.Eval(scope)
	if c.Operator == "IsPresent" && isMissing(err) {
		return !c.Against.Truth(), nil
	}
	if err != nil {
		return false, v.invalidVariable(c.Variable, err)
	}
	right := c.Against
	if c.AgainstPath != nil {
		if right, err = c.AgainstPath.Eval(scope); err != nil {
			return false, v.invalidVariable(c.AgainstPath, err)
		}
	}
	return compare(c.Operator, left, right, m.timestamps()), nil
}

func (v *visit) invalidVariable(e *intrinsic.Expression, err error) *failure {
	return v.evaluationFailure(err, func(string) *failure {
		return v.runtime("Invalid path '%s': The choice state's condition path references an invalid value.", e)
	})
}

func isMissing(err error) bool {
	var nothing *jsonpath.MissingError
	var unset *intrinsic.UnsetError
	return errors.As(err, &nothing) || errors.As(err, &unset)
}

// compare applies an operator. Operands of other types than the operator's compare as false.
func compare(operator string, left, right value.Value, read timestamps) bool {
	if operator == "IsTimestamp" {
		return read.test(left) == right.Truth()
	}
	if test, ok := typeTests[operator]; ok {
		return test(left) == right.Truth()
	}
	if operator == "BooleanEquals" {
		return left.Kind() == value.Bool && right.Kind() == value.Bool && left.Truth() == right.Truth()
	}
	if operator == "StringMatches" {
		return left.Kind() == value.String && right.Kind() == value.String && matchesPattern(left.Str(), right.Str())
	}
	kind, relation := splitOperator(operator)
	compared := orders[kind]
	if kind == "Timestamp" {
		compared = read.order
	}
	order, ok := compared(left, right)
	return ok && relations[relation](order)
}
