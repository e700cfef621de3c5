package expression

import (
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// Term is one condition on a key attribute. Operator is =, <, <=, >, >=, BETWEEN, which has two values, or begins_with.
type Term struct {
	Attribute string
	Operator  string
	Values    []attribute.Value
}

// KeyCondition parses a key-condition expression into its terms, which all must hold.
func (s *Scope) KeyCondition(text string) ([]Term, error) {
	return parse(s, KeyCondition, text, func(p *parser) []Term { return p.terms(p.condition()) })
}

func (p *parser) terms(t test) []Term {
	switch t := t.(type) {
	case junction:
		if t.any {
			p.fail("Invalid operator used in KeyConditionExpression: OR")
		}
		var terms []Term
		for _, one := range t.tests {
			terms = append(terms, p.terms(one)...)
		}
		return terms
	case negation:
		p.fail("Invalid operator used in KeyConditionExpression: NOT")
	case oneOf:
		p.fail("Invalid operator used in KeyConditionExpression: IN")
	case between:
		return []Term{p.keyTerm("BETWEEN", t.value, t.low, t.high)}
	case comparison:
		return []Term{p.compared(t)}
	case call:
		return []Term{p.called(t)}
	}
	return nil
}

// turned are the operators that say the same with their operands exchanged.
var turned = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

func (p *parser) compared(c comparison) Term {
	if c.operator == "<>" {
		p.fail("Invalid operator used in KeyConditionExpression: <>")
	}
	if c.left.literal != nil {
		return p.keyTerm(turned[c.operator], c.right, c.left)
	}
	return p.keyTerm(c.operator, c.left, c.right)
}

func (p *parser) called(c call) Term {
	if c.function.kinds == nil || c.function.document {
		p.fail("Invalid operator used in KeyConditionExpression: a function other than begins_with")
	}
	return p.keyTerm("begins_with", c.args[0], c.args[1])
}

func (p *parser) keyTerm(operator string, on operand, values ...operand) Term {
	switch {
	case on.size || on.literal != nil:
		p.fail("The operand of a key condition must be a key attribute")
	case len(on.path) > 1:
		p.fail("KeyConditionExpressions cannot have conditions on nested attributes")
	}
	t := Term{Attribute: on.path.Attribute(), Operator: operator}
	for _, v := range values {
		if v.literal == nil || v.size {
			p.fail("Invalid condition in KeyConditionExpression: %s operator must have a value as its operand", operator)
		}
		t.Values = append(t.Values, *v.literal)
	}
	return t
}
