package expression

import (
	"strings"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// function is one of a condition's functions, which is true or false for its arguments.
type function struct {
	operands int
	// document says that the first argument must be a path.
	document bool
	// kinds are those that the last argument can have as a literal; empty: any.
	kinds []attribute.Kind
	holds func(args []operand, item attribute.Item) bool
}

var functions = map[string]function{
	"attribute_exists":     {operands: 1, document: true, holds: exists},
	"attribute_not_exists": {operands: 1, document: true, holds: func(args []operand, item attribute.Item) bool { return !exists(args, item) }},
	"attribute_type": {operands: 2, document: true, kinds: []attribute.Kind{attribute.String}, holds: both(func(v, w attribute.Value) bool {
		return string(v.Kind) == w.Text
	})},
	"begins_with": {operands: 2, kinds: []attribute.Kind{attribute.String, attribute.Binary}, holds: both(func(v, w attribute.Value) bool {
		return v.Kind == w.Kind && (v.Kind == attribute.String || v.Kind == attribute.Binary) && strings.HasPrefix(v.Text, w.Text)
	})},
	"contains": {operands: 2, holds: both(contains)},
}

func exists(args []operand, item attribute.Item) bool {
	_, ok := args[0].value(item)
	return ok
}

// both makes a function that is false unless both arguments are there.
func both(holds func(v, w attribute.Value) bool) func([]operand, attribute.Item) bool {
	return func(args []operand, item attribute.Item) bool {
		v, ok := args[0].value(item)
		w, there := args[1].value(item)
		return ok && there && holds(v, w)
	}
}

// call reads the arguments of a function whose parenthesis is open.
func (p *parser) call(name string, f function) test {
	args := p.arguments()
	if len(args) != f.operands {
		p.fail("Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d", name, len(args))
	}
	last := args[len(args)-1]
	switch {
	case f.document && args[0].path == nil:
		p.fail("Operator or function requires a document path; operator or function: %s", name)
	case len(args) == 2 && args[0].same(last):
		p.fail("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: %s",
			name, args[0].path)
	case f.kinds != nil:
		p.checkKinds(name, last, f.kinds...)
	}
	if name == "attribute_type" && last.literal != nil && !attribute.IsKind(last.literal.Text) {
		p.fail("Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", last.literal.Text)
	}
	return call{f, args}
}

func (p *parser) arguments() []operand {
	args := []operand{p.operand()}
	for p.accept(",") {
		args = append(args, p.operand())
	}
	p.expect(")")
	return args
}
