package jsonata

import (
	"fmt"

	"github.com/stepwell/stepwell/jsonata/syntax"
	"github.com/stepwell/stepwell/value"
)

// Kind returns the kind that the expression's value has whenever it has one, None when that cannot be told without evaluating it.
func (e *Expression) Kind() value.Kind { return e.typist().kind(e.tree) }

// Mismatch is a part of an expression that fails whenever it is evaluated, for its operands are of the wrong kind.
type Mismatch struct {
	Position int    // byte offset in the expression
	Reason   string // a sentence
}

// Mismatches returns what can be known about operands of a wrong kind, in the order of the tree.
func (e *Expression) Mismatches() []Mismatch {
	t := e.typist()
	syntax.Walk(e.tree, t.check)
	return t.found
}

func (e *Expression) typist() *typist {
	w := &walker{own: map[string]bool{}}
	w.node(e.tree)
	return &typist{dialect: e.dialect, own: w.own}
}

// typist tells the kinds of parts of an expression.
type typist struct {
	dialect Dialect
	own     map[string]bool // variables that the expression sets, functions of the language no more
	found   []Mismatch
}

var literalKinds = map[syntax.Kind]value.Kind{
	syntax.String: value.String, syntax.Number: value.Number, syntax.Bool: value.Bool, syntax.Negate: value.Number,
	syntax.Array: value.Array, syntax.Object: value.Object,
}

var operatorKinds = map[string]value.Kind{
	"+": value.Number, "-": value.Number, "*": value.Number, "/": value.Number, "%": value.Number, "&": value.String,
	"=": value.Bool, "!=": value.Bool, "<": value.Bool, "<=": value.Bool, ">": value.Bool, ">=": value.Bool,
	"in": value.Bool, "and": value.Bool, "or": value.Bool,
}

// kind is that of a part, None when something may be made of it that is not known.
func (t *typist) kind(n *syntax.Node) value.Kind {
	if n == nil || n.Predicates != nil || n.Stages != nil || n.Group != nil || n.KeepArray || n.Focus != "" || n.Index != "" {
		return value.None
	}
	switch n.Kind {
	case syntax.Binary:
		return operatorKinds[n.Text]
	case syntax.Condition:
		return t.either(n)
	case syntax.Block:
		if len(n.List) > 0 {
			return t.kind(n.List[len(n.List)-1])
		}
	case syntax.Bind:
		return t.kind(n.Right)
	case syntax.Call:
		return t.result(n.Left)
	case syntax.Apply:
		if n.Right.Kind == syntax.Call {
			return t.kind(n.Right)
		}
		return t.result(n.Right)
	}
	return literalKinds[n.Kind]
}

// either is the kind of both outcomes of a condition.
func (t *typist) either(n *syntax.Node) value.Kind {
	kind := t.kind(n.Right)
	if n.Else != nil && t.kind(n.Else) != kind {
		return value.None
	}
	return kind
}

// function returns the function of the language that a part names, nil when it is none.
func (t *typist) function(n *syntax.Node) *function {
	if n.Kind != syntax.Variable || t.own[n.Text] {
		return nil
	}
	f, _ := t.dialect.builtin(n.Text).(*function)
	return f
}

// result is the kind of what a function gives.
func (t *typist) result(n *syntax.Node) value.Kind {
	f := t.function(n)
	if f == nil {
		return value.None
	}
	switch f.result {
	case 's':
		return value.String
	case 'n':
		return value.Number
	case 'b':
		return value.Bool
	}
	return value.None // arrays may be unwrapped, and objects are not always what they are said to be
}

// check notes an operator or a call whose operands are of the wrong kind.
func (t *typist) check(n *syntax.Node) {
	switch {
	case n.Kind == syntax.Binary && operatorKinds[n.Text] == value.Number:
		t.operand(n, n.Left, "left", "numbers", value.Number)
		t.operand(n, n.Right, "right", "numbers", value.Number)
	case n.Kind == syntax.Binary && (n.Text[0] == '<' || n.Text[0] == '>'):
		t.operand(n, n.Left, "left", "numbers or strings", value.Number, value.String)
		t.operand(n, n.Right, "right", "numbers or strings", value.Number, value.String)
		t.alike(n)
	case n.Kind == syntax.Call:
		t.arguments(n)
	}
}

func (t *typist) operand(n, operand *syntax.Node, side, takes string, allowed ...value.Kind) {
	kind := t.kind(operand)
	if kind == value.None {
		return
	}
	for _, fit := range allowed {
		if kind == fit {
			return
		}
	}
	t.note(n, "The operator %s takes %s, and on its %s side stands %s", n.Text, takes, side, articled(kind))
}

func (t *typist) alike(n *syntax.Node) {
	left, right := t.kind(n.Left), t.kind(n.Right)
	if left == value.Number && right == value.String || left == value.String && right == value.Number {
		t.note(n, "The operator %s compares %s with %s", n.Text, articled(left), articled(right))
	}
}

var kindLetters = map[value.Kind]byte{value.String: 's', value.Number: 'n', value.Bool: 'b', value.Array: 'a', value.Object: 'o'}

// arguments are checked when every parameter has one, for then none stands for another.
func (t *typist) arguments(n *syntax.Node) {
	f := t.function(n.Left)
	if f == nil || f.signature == nil || len(n.List) != len(f.signature.Parameters) {
		return
	}
	for i, argument := range n.List {
		letter, known := kindLetters[t.kind(argument)]
		if p := &f.signature.Parameters[i]; known && !p.Many && !fits(p, letter) {
			t.note(argument, "The function $%s cannot have %s as its argument %d", n.Left.Text, articled(t.kind(argument)), i+1)
		}
	}
}

func (t *typist) note(n *syntax.Node, format string, args ...any) {
	t.found = append(t.found, Mismatch{n.Position, fmt.Sprintf(format, args...)})
}

func articled(k value.Kind) string {
	if k == value.Array || k == value.Object {
		return "an " + k.String()
	}
	return "a " + k.String()
}
