package expression

import (
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// operand is what an operator or function works on: a path, a value or size(path).
type operand struct {
	path    Path
	literal *attribute.Value
	size    bool
}

// value returns what the operand is for an item; ok is false for what is not there.
func (o operand) value(item attribute.Item) (v attribute.Value, ok bool) {
	v, ok = attribute.Value{}, true
	if o.literal != nil {
		v = *o.literal
	} else {
		v, ok = o.path.find(item)
	}
	if ok && o.size {
		return sizeOf(v)
	}
	return v, ok
}

// sizeOf is the function size.
func sizeOf(v attribute.Value) (attribute.Value, bool) {
	n := 0
	switch v.Kind {
	case attribute.String:
		n = utf8.RuneCountInString(v.Text)
	case attribute.Binary:
		n = len(v.Text)
	case attribute.Map:
		n = len(v.Members)
	case attribute.List, attribute.StringSet, attribute.NumberSet, attribute.BinarySet:
		n = len(v.Items)
	default:
		return attribute.Value{}, false
	}
	return attribute.OfInt(n), true
}

func (o operand) same(other operand) bool {
	return o.literal == nil && other.literal == nil && o.size == other.size && o.path.String() == other.path.String()
}

// operand reads one operand of a condition.
func (p *parser) operand() operand {
	switch t := p.peek(); {
	case t.kind == valuePlaceholder:
		return operand{literal: p.literal()}
	case p.callIsNext():
		if t.text != "size" {
			p.misplacedFunction(t.text)
		}
		p.at += 2
		inner := p.operand()
		if inner.size {
			p.misplacedFunction("size")
		}
		p.expect(")")
		if inner.literal != nil {
			p.checkKinds("size", inner, attribute.String, attribute.Binary, attribute.Map, attribute.List,
				attribute.StringSet, attribute.NumberSet, attribute.BinarySet)
		}
		inner.size = true
		return inner
	}
	return operand{path: p.path()}
}

// misplacedFunction complains about a function that is no operand.
func (p *parser) misplacedFunction(name string) {
	if _, known := functions[name]; known || name == "size" || name == ifNotExists || name == listAppend {
		p.fail("The function is not allowed to be used this way in an expression; function: %s", name)
	}
	p.fail("Invalid function name; function: %s", name)
}

// callIsNext reports whether a function call follows.
func (p *parser) callIsNext() bool {
	return p.peek().kind == word && p.tokens[p.at+1].is("(")
}

func (p *parser) literal() *attribute.Value {
	t := p.take()
	v, ok := p.values[t.text]
	if !ok {
		p.fail("An expression attribute value used in expression is not defined; attribute value: %s", t.text)
	}
	p.usedValues[t.text] = true
	return &v
}

// checkKinds complains about a literal of a kind that the operator cannot have.
func (p *parser) checkKinds(operator string, o operand, kinds ...attribute.Kind) {
	if o.literal == nil || o.size {
		return
	}
	for _, kind := range kinds {
		if o.literal.Kind == kind {
			return
		}
	}
	p.fail("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", operator, o.literal.Kind)
}

// compare orders two operands; ok is false when one is not there or they have no order.
func compare(a, b operand, item attribute.Item) (order int, ok bool) {
	v, there := a.value(item)
	w, alsoThere := b.value(item)
	if !there || !alsoThere {
		return 0, false
	}
	return v.Compare(w)
}

func contains(v, w attribute.Value) bool {
	switch {
	case v.Kind == attribute.List || v.IsSet():
		return v.Has(w)
	case v.Kind == w.Kind && (v.Kind == attribute.String || v.Kind == attribute.Binary):
		return strings.Contains(v.Text, w.Text)
	}
	return false
}
