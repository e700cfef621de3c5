package asl

import (
	"strings"

	"github.com/stepwell/stepwell/value"
)

func (o *object) readChoice(s *State) {
	s.Choice = &Choice{}
	o.choices(func(e *object) { s.Choice.Choices = append(s.Choice.Choices, e.choiceRule()) })
	s.Choice.Default = o.target("Default")
}

// choices calls read with every object of Choices.
func (o *object) choices(read func(e *object)) {
	count := 0
	o.require("Choices")
	o.nonEmpty("Choices", func(item *node, at place) {
		if e := o.object(item, at); e != nil {
			read(e)
			count++
		}
	})
	o.level.broken = o.level.broken || count == 0
}

func (o *object) choiceRule() ChoiceRule {
	rule := ChoiceRule{Next: o.nextTarget(), Position: o.position, Assign: o.assign()}
	rule.Condition = o.condition()
	return rule
}

// selectors are the fields of which a data-test expression has one.
var selectors = []string{"And", "Or", "Not", "Variable"}

// condition reads a data-test expression and closes the object.
func (o *object) condition() Condition {
	var c Condition
	present := 0
	for _, name := range selectors {
		if o.has(name) {
			present++
		}
	}
	if present != 1 {
		o.invalid(o.place, "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]")
	}
	c.And = o.conditions("And")
	c.Or = o.conditions("Or")
	if n := o.field("Not"); n != nil {
		c.Not = o.nested(n, o.at("Not"))
	}
	if o.has("Variable") {
		c.Compare = o.comparison()
	}
	o.skip("Comment")
	o.close()
	return c
}

func (o *object) conditions(name string) []Condition {
	var list []Condition
	o.nonEmpty(name, func(item *node, at place) {
		if c := o.nested(item, at); c != nil {
			list = append(list, *c)
		}
	})
	return list
}

func (o *object) nested(n *node, at place) *Condition {
	e := o.object(n, at)
	if e == nil {
		return nil
	}
	c := e.condition()
	return &c
}

func (o *object) comparison() *Comparison {
	c := &Comparison{Variable: o.reference("Variable")}
	var present []string
	for _, m := range o.node.members {
		if operandKind(m.key) != value.None {
			present = append(present, m.key)
		}
	}
	for _, name := range present {
		o.operand(c, name)
	}
	switch {
	case len(present) > 1:
		o.invalid(o.place, "There should only be one of the following fields: [%s]", strings.Join(present, ", "))
	case len(present) == 0:
		o.invalid(o.place, "This object should have exactly one comparison operator")
		o.skip(operators...)
	}
	return c
}

func (o *object) operand(c *Comparison, name string) {
	if base, ok := strings.CutSuffix(name, "Path"); ok {
		c.Operator, c.AgainstPath = base, o.reference(name)
		return
	}
	c.Operator = name
	n := o.typed(name, operandKind(name))
	if n == nil {
		return
	}
	c.Against = n.value()
	if strings.HasPrefix(name, "Timestamp") && !isTimestamp(n.text) {
		o.invalid(o.at(name), "String does not match RFC3339 timestamp")
	}
}

// operators are the comparison operators of the States Language.
var operators = comparisonOperators()

func comparisonOperators() []string {
	var names []string
	for _, kind := range []string{"String", "Numeric", "Timestamp"} {
		for _, order := range []string{"Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"} {
			names = append(names, kind+order, kind+order+"Path")
		}
	}
	return append(names, "StringMatches", "BooleanEquals", "BooleanEqualsPath",
		"IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp")
}

var operandKinds = operandKindsOf(operators)

func operandKindsOf(names []string) map[string]value.Kind {
	kinds := map[string]value.Kind{}
	for _, name := range names {
		switch {
		case strings.HasSuffix(name, "Path"), strings.HasPrefix(name, "String"), strings.HasPrefix(name, "Timestamp"):
			kinds[name] = value.String
		case strings.HasPrefix(name, "Numeric"):
			kinds[name] = value.Number
		default:
			kinds[name] = value.Bool
		}
	}
	return kinds
}

// operandKind returns the type of an operator's operand, None for a field that is not an operator.
func operandKind(name string) value.Kind { return operandKinds[name] }
