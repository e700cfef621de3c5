package template

import "github.com/stepwell/stepwell/value"

// holds resolves a condition function; sound is false when it has a mistake.
func (e *evaluator) holds(n *node) (yes, sound bool) {
	if reference := n.get("Condition"); reference != nil && len(n.fields) == 1 {
		return e.condition(reference)
	}
	name, argument, ok := n.call()
	if !ok {
		return e.constant(n)
	}
	switch name {
	case "Fn::Equals":
		return e.equals(argument)
	case "Fn::Not":
		parts, ok := e.list(argument, name, 1, 1)
		if !ok {
			return false, false
		}
		yes, sound := e.holds(parts[0])
		return !yes, sound
	case "Fn::And", "Fn::Or":
		return e.combine(argument, name)
	}
	e.find(n.at, "%s is not a condition function%s", name, suggest(name, []string{"Condition", "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or"}))
	return false, false
}

func (e *evaluator) constant(n *node) (yes, sound bool) {
	if n.kind == value.Bool {
		return n.scalar.Truth(), true
	}
	switch n.scalar.Str() {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	e.find(n.at, "a condition must be a condition function")
	return false, false
}

func (e *evaluator) equals(n *node) (yes, sound bool) {
	parts, ok := e.list(n, "Fn::Equals", 2, 2)
	if !ok {
		return false, false
	}
	a, b := e.eval(parts[0]), e.eval(parts[1])
	if a == nil || b == nil {
		return false, false
	}
	if a.isScalar() && b.isScalar() {
		return a.text() == b.text(), true
	}
	return a.value().Equal(b.value()), true
}

// combine resolves Fn::And and Fn::Or. All parts are looked at, so that every mistake is found.
func (e *evaluator) combine(n *node, name string) (yes, sound bool) {
	parts, ok := e.list(n, name, 2, 10)
	if !ok {
		return false, false
	}
	yes, sound = name == "Fn::And", true
	for _, part := range parts {
		one, ok := e.holds(part)
		sound = sound && ok
		if name == "Fn::And" {
			yes = yes && one
		} else {
			yes = yes || one
		}
	}
	return yes, sound
}

// condition resolves a condition by its name, once.
func (e *evaluator) condition(n *node) (yes, sound bool) {
	name := n.scalar.Str()
	conditions := e.root.get("Conditions")
	definition := conditions.get(name)
	if definition == nil {
		e.find(n.at, "there is no condition %q%s", name, suggest(name, keys(conditions)))
		return false, false
	}
	switch e.conditions[name] {
	case asking:
		e.find(definition.at, "the condition %q depends on itself", name)
		return false, false
	case holds:
		return true, true
	case fails:
		return false, true
	}
	e.conditions[name] = asking
	yes, sound = e.holds(definition)
	e.conditions[name] = fails
	if yes {
		e.conditions[name] = holds
	}
	return yes, sound
}

// conditionValue is a condition function where a value stands.
func (e *evaluator) conditionValue(call *node) *node {
	yes, sound := e.holds(call)
	if !sound {
		return nil
	}
	return scalarAt(call.at, value.OfBool(yes))
}

// ifValue resolves the branch that is taken. In the other one, only the names of references must be right.
func (e *evaluator) ifValue(n *node) *node {
	parts, ok := e.list(n, "Fn::If", 3, 3)
	if !ok {
		return nil
	}
	yes, sound := e.condition(parts[0])
	taken, other := parts[1], parts[2]
	if !yes {
		taken, other = other, taken
	}
	e.untaken++
	e.eval(other)
	e.untaken--
	if result := e.eval(taken); sound {
		return result
	}
	return nil
}
