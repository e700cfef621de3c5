package expression

import (
	"strings"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// Predicate is a parsed condition.
type Predicate struct{ root test }

// Holds reports whether an item meets the condition. The item is nil when there is none.
func (c *Predicate) Holds(item attribute.Item) bool { return c.root.holds(item) }

// Condition parses a condition or filter expression.
func (s *Scope) Condition(kind Kind, text string) (*Predicate, error) {
	root, err := parse(s, kind, text, (*parser).condition)
	if err != nil {
		return nil, err
	}
	return &Predicate{root}, nil
}

// Attributes calls visit for every attribute that the condition looks at.
func (c *Predicate) Attributes(visit func(name string)) {
	c.root.operands(func(o operand) {
		if o.path != nil {
			visit(o.path.Attribute())
		}
	})
}

// test is a node of a condition.
type test interface {
	holds(item attribute.Item) bool
	operands(visit func(operand))
}

type (
	// junction is AND, or OR when any of its tests is enough.
	junction struct {
		tests []test
		any   bool
	}
	negation   struct{ test }
	comparison struct {
		operator    string
		left, right operand
	}
	between struct{ value, low, high operand }
	oneOf   struct {
		value   operand
		choices []operand
	}
	call struct {
		function function
		args     []operand
	}
)

func (j junction) holds(item attribute.Item) bool {
	for _, t := range j.tests {
		if t.holds(item) == j.any {
			return j.any
		}
	}
	return !j.any
}

func (j junction) operands(visit func(operand)) {
	for _, t := range j.tests {
		t.operands(visit)
	}
}

func (n negation) holds(item attribute.Item) bool { return !n.test.holds(item) }

func (c comparison) operands(visit func(operand)) {
	visit(c.left)
	visit(c.right)
}

func (c comparison) holds(item attribute.Item) bool {
	if c.operator == "=" || c.operator == "<>" {
		v, there := c.left.value(item)
		w, alsoThere := c.right.value(item)
		return (there && alsoThere && v.Equal(w)) == (c.operator == "=")
	}
	order, ok := compare(c.left, c.right, item)
	return ok && inOrder(c.operator, order)
}

func inOrder(operator string, order int) bool {
	switch operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func (b between) operands(visit func(operand)) {
	visit(b.value)
	visit(b.low)
	visit(b.high)
}

func (b between) holds(item attribute.Item) bool {
	low, ok := compare(b.value, b.low, item)
	high, alsoOK := compare(b.value, b.high, item)
	return ok && alsoOK && low >= 0 && high <= 0
}

func (o oneOf) operands(visit func(operand)) {
	visit(o.value)
	for _, choice := range o.choices {
		visit(choice)
	}
}

func (o oneOf) holds(item attribute.Item) bool {
	v, ok := o.value.value(item)
	for _, choice := range o.choices {
		if w, there := choice.value(item); ok && there && v.Equal(w) {
			return true
		}
	}
	return false
}

func (c call) operands(visit func(operand)) {
	for _, arg := range c.args {
		visit(arg)
	}
}

func (c call) holds(item attribute.Item) bool { return c.function.holds(c.args, item) }

// condition reads tests joined by OR.
func (p *parser) condition() test {
	return p.joined("or", true, func() test { return p.joined("and", false, p.negated) })
}

func (p *parser) joined(word string, anyOf bool, read func() test) test {
	tests := []test{read()}
	for p.accept(word) {
		if len(tests) > maxOperators {
			p.fail("The expression contains too many operators")
		}
		tests = append(tests, read())
	}
	if len(tests) == 1 {
		return tests[0]
	}
	return junction{tests, anyOf}
}

func (p *parser) negated() test {
	if p.depth++; p.depth > maxNesting {
		p.fail("The expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	switch {
	case p.peek().is("not"):
		p.at++
		return negation{p.negated()}
	case p.accept("("):
		return p.inParentheses()
	}
	return p.simple()
}

func (p *parser) inParentheses() test {
	doubled := p.peek().is("(")
	t := p.condition()
	if doubled && p.tokens[p.at-1].is(")") && p.peek().is(")") && p.matches(p.at-1) {
		p.fail("The expression has redundant parentheses;")
	}
	p.expect(")")
	return t
}

// matches reports whether the parenthesis that closes at a token opened right before the current ones.
func (p *parser) matches(closing int) bool {
	depth := 0
	for at := closing; at >= 0; at-- {
		switch {
		case p.tokens[at].is(")"):
			depth++
		case p.tokens[at].is("("):
			if depth--; depth == 0 {
				return at > 0 && p.tokens[at-1].is("(") && (at < 2 || p.tokens[at-2].kind != word || keyword(p.tokens[at-2].text))
			}
		}
	}
	return false
}

func keyword(text string) bool {
	switch strings.ToLower(text) {
	case "and", "or", "not":
		return true
	}
	return false
}

// simple reads a function, a comparison, BETWEEN or IN.
func (p *parser) simple() test {
	if t := p.peek(); p.callIsNext() && t.text != "size" {
		if function, ok := functions[t.text]; ok {
			p.at += 2
			return p.call(t.text, function)
		}
		p.misplacedFunction(t.text)
	}
	left := p.operand()
	switch t := p.peek(); {
	case p.accept("between"):
		return p.between(left)
	case p.accept("in"):
		return p.oneOf(left)
	case t.kind == symbol && strings.ContainsAny(t.text, "=<>"):
		p.at++
		return p.comparison(t.text, left)
	}
	p.unexpected()
	return nil
}

func (p *parser) comparison(operator string, left operand) test {
	right := p.operand()
	if left.same(right) {
		p.fail("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: %s",
			operator, left.path)
	}
	if operator != "=" && operator != "<>" {
		p.checkKinds(operator, left, attribute.String, attribute.Number, attribute.Binary)
		p.checkKinds(operator, right, attribute.String, attribute.Number, attribute.Binary)
	}
	return comparison{operator, left, right}
}

func (p *parser) between(value operand) test {
	low := p.operand()
	p.expect("and")
	high := p.operand()
	for _, bound := range []operand{low, high} {
		p.checkKinds("BETWEEN", bound, attribute.String, attribute.Number, attribute.Binary)
	}
	if low.literal != nil && high.literal != nil {
		p.checkBounds(*low.literal, *high.literal)
	}
	return between{value, low, high}
}

func (p *parser) checkBounds(low, high attribute.Value) {
	shown := func(v attribute.Value) string { return "AttributeValue: {" + string(v.Kind) + ":" + v.Text + "}" }
	order, ok := low.Compare(high)
	if !ok {
		p.fail("The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: %s, upper bound operand: %s",
			shown(low), shown(high))
	}
	if order > 0 {
		p.fail("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: %s, upper bound operand: %s",
			shown(low), shown(high))
	}
}

func (p *parser) oneOf(value operand) test {
	p.expect("(")
	o := oneOf{value: value}
	for {
		o.choices = append(o.choices, p.operand())
		if len(o.choices) > 100 {
			p.fail("Too many operands for the operator IN; the maximum is 100")
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect(")")
	return o
}
