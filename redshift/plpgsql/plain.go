package plpgsql

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// expression is one of the few whose value is certain without asking the host: literals, variables, arithmetic and comparisons
// of integers, tests for null. Loops live on them. ok is false when this time the host must be asked after all.
type expression interface {
	value(f *frame) (t typeName, v Value, ok bool)
}

type constant struct {
	typ typeName
	v   Value
}

func (c constant) value(*frame) (typeName, Value, bool) { return c.typ, c.v, true }

func (r reference) value(f *frame) (typeName, Value, bool) {
	t, v, err := f.read(r)
	return t, v, err == nil
}

// nullTest is operand IS [NOT] NULL.
type nullTest struct {
	operand expression
	not     bool
}

func (n nullTest) value(f *frame) (typeName, Value, bool) {
	_, v, ok := n.operand.value(f)
	return booleanType, boolean(v.Null != n.not), ok
}

// negation is NOT operand, for a boolean.
type negation struct{ operand expression }

func (n negation) value(f *frame) (typeName, Value, bool) {
	t, v, ok := n.operand.value(f)
	if !ok || t.base != "boolean" || v.Null {
		return t, v, ok && t.base == "boolean"
	}
	return booleanType, boolean(v.Text != "t"), true
}

// operation joins two integers of the types SMALLINT to BIGINT.
type operation struct {
	operator    string
	left, right expression
}

func (o operation) value(f *frame) (typeName, Value, bool) {
	leftType, left, ok := o.left.value(f)
	if !ok {
		return typeName{}, Value{}, false
	}
	rightType, right, ok := o.right.value(f)
	if !ok {
		return typeName{}, Value{}, false
	}
	a, ok := leftType.integer(left)
	if !ok {
		return typeName{}, Value{}, false
	}
	b, ok := rightType.integer(right)
	if !ok {
		return typeName{}, Value{}, false
	}
	if holds, isComparison := compare(o.operator, a, b); isComparison {
		return booleanType, boolean(holds), true
	}
	wider := leftType
	if integerBits[rightType.base] > integerBits[wider.base] {
		wider = rightType
	}
	return calculate(o.operator, a, b, wider)
}

// calculate leaves numbers that may not fit, and division by zero, to the host, which has the errors for them.
func calculate(operator string, a, b int64, t typeName) (typeName, Value, bool) {
	if a != int64(int32(a)) || b != int64(int32(b)) {
		return t, Value{}, false
	}
	switch operator {
	case "+":
		a += b
	case "-":
		a -= b
	case "*":
		a *= b
	case "/", "%":
		if b == 0 {
			return t, Value{}, false
		}
		if operator == "/" {
			a /= b
		} else {
			a %= b
		}
	}
	v := Value{Text: strconv.FormatInt(a, 10)}
	_, fits := t.integer(v)
	return t, v, fits
}

func compare(operator string, a, b int64) (holds, isComparison bool) {
	switch operator {
	case "=":
		return a == b, true
	case "<>", "!=":
		return a != b, true
	case "<":
		return a < b, true
	case "<=":
		return a <= b, true
	case ">":
		return a > b, true
	case ">=":
		return a >= b, true
	}
	return false, false
}

var (
	booleanType = parseTypeName("boolean")
	integerType = parseTypeName("integer")
	bigintType  = parseTypeName("bigint")
	unknownType = parseTypeName("unknown")
)

func boolean(b bool) Value {
	if b {
		return Value{Text: "t"}
	}
	return Value{Text: "f"}
}

// plain recognizes an expression, nil for all that is not surely one.
func (p *parser) plain(tokens []syntax.Token) expression {
	if len(tokens) > 1 && tokens[0].Is("NOT") {
		if e, rest := p.operand(tokens[1:]); e != nil && len(rest) == 0 {
			return negation{e}
		}
		return nil
	}
	left, rest := p.sum(tokens)
	switch {
	case left == nil:
		return nil
	case len(rest) == 0:
		return left
	case len(rest) == 2 && rest[0].Is("IS") && rest[1].Is("NULL"):
		return nullTest{operand: left}
	case len(rest) == 3 && rest[0].Is("IS") && rest[1].Is("NOT") && rest[2].Is("NULL"):
		return nullTest{operand: left, not: true}
	}
	if !rest[0].IsOneOf("=", "<>", "!=", "<", "<=", ">", ">=") {
		return nil
	}
	right, tail := p.sum(rest[1:])
	if right == nil || len(tail) > 0 {
		return nil
	}
	return operation{operator: rest[0].Text, left: left, right: right}
}

func (p *parser) sum(tokens []syntax.Token) (expression, []syntax.Token) {
	return chain(tokens, p.product, "+", "-")
}

func (p *parser) product(tokens []syntax.Token) (expression, []syntax.Token) {
	return chain(tokens, p.operand, "*", "/", "%")
}

// chain reads what operators of one rank join, from left to right; nil when a part is no plain expression.
func chain(tokens []syntax.Token, part func([]syntax.Token) (expression, []syntax.Token), operators ...string) (expression, []syntax.Token) {
	left, rest := part(tokens)
	for left != nil && len(rest) > 0 && rest[0].IsOneOf(operators...) {
		right, tail := part(rest[1:])
		if right == nil {
			return nil, nil
		}
		left, rest = operation{operator: rest[0].Text, left: left, right: right}, tail
	}
	return left, rest
}

func (p *parser) operand(tokens []syntax.Token) (expression, []syntax.Token) {
	if len(tokens) == 0 {
		return nil, nil
	}
	t := tokens[0]
	switch {
	case t.Kind == syntax.Number:
		return integerConstant(t.Text, tokens[1:])
	case t.Is("-") && len(tokens) > 1 && tokens[1].Kind == syntax.Number:
		return integerConstant("-"+tokens[1].Text, tokens[2:])
	case t.IsOneOf("TRUE", "FALSE"):
		return constant{booleanType, boolean(t.Is("TRUE"))}, tokens[1:]
	case t.Is("NULL"):
		return constant{unknownType, Value{Null: true}}, tokens[1:]
	case t.Kind == syntax.String:
		return constant{unknownType, Value{Text: t.Value()}}, tokens[1:]
	case t.IsName() || t.Kind == syntax.Parameter:
		if r, taken := p.resolve(tokens); taken > 0 {
			return r, tokens[taken:]
		}
	}
	return nil, nil
}

func integerConstant(text string, rest []syntax.Token) (expression, []syntax.Token) {
	if strings.Trim(text, "-0123456789") != "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, nil
	}
	t := integerType
	if int64(int32(n)) != n {
		t = bigintType
	}
	return constant{t, Value{Text: strconv.FormatInt(n, 10)}}, rest
}
