package translate

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// regularExpressionOperators maps the POSIX operators to the backend's macros of these names. The backend has "~" too, but
// there it matches whole strings.
var regularExpressionOperators = map[string]string{"~": "@~", "~*": "@~~", "!~": "!@~", "!~*": "!@~~"}

func (r *rewriter) operator(p piece) {
	switch op := p.token.Text; {
	case op == "::":
		r.castOperator()
	case op == "#":
		r.binary("xor", operandStart(r.out, len(r.out)))
	case op == "/" && r.divides():
		r.binary("rs_quotient", factorStart(r.out))
	case op == "|/" || op == "||/":
		r.root(op)
	case comparisons[op]:
		r.compare()
	case op == "~" && !r.operandBefore():
		r.emit(p)
		r.i++
	case regularExpressionOperators[op] != "":
		r.replace(1, regularExpressionOperators[op])
		r.out[len(r.out)-1].space = true
	default:
		r.emit(p)
		r.i++
	}
}

// operandBefore reports whether a value ends where the rewriter stands, so that an operator here is binary.
func (r *rewriter) operandBefore() bool {
	last := at(r.out, len(r.out)-1)
	return last.sql != "" || last.open != "" || last.token.Kind != syntax.Operator && last.token.Kind != syntax.End && !last.is(
		"SELECT", "WHERE", "AND", "OR", "NOT", "ON", "THEN", "ELSE", "WHEN", "BY")
}

// divides reports whether both operands of a division have types that are known where they are used; those of a parameter are not.
func (r *rewriter) divides() bool {
	operands := append(slices.Clone(r.out[factorStart(r.out):]), r.in[min(r.i+1, len(r.in)):min(r.i+1+r.operandLength(1), len(r.in))]...)
	return len(r.out) > 0 && r.i+1 < len(r.in) && !slices.ContainsFunc(operands, hasParameter)
}

func hasParameter(p piece) bool {
	return p.token.Kind == parameter || slices.ContainsFunc(p.group, hasParameter)
}

// binary makes a function call of an operator that the backend does not have or that means something else there. The
// operand to the left starts at an index of out.
func (r *rewriter) binary(function string, start int) {
	left := text(r.out[start:])
	space := at(r.out, start).space
	r.out = r.out[:start]
	r.i++
	p := finished(function + "(" + left + ", " + r.operand() + ")")
	p.space = space
	r.emit(p)
}

func (r *rewriter) root(op string) {
	r.i++
	function := map[string]string{"|/": "sqrt", "||/": "cbrt"}[op]
	r.emit(finished(function + "(" + r.operand() + ")"))
}

// similar gives SIMILAR TO a pattern in the backend's regular expressions.
func (r *rewriter) similar() bool {
	if !r.peek(1).is("TO") {
		return false
	}
	r.emit(r.peek(0), r.peek(1))
	r.i += 2
	pattern := r.operand()
	if r.peek(0).is("ESCAPE") {
		r.i++
		pattern += ", " + r.operand()
	}
	r.emit(finished("rs_similar(" + pattern + ")"))
	return true
}

// like names the backslash as escape character when the pattern is a literal that holds one.
func (r *rewriter) like() bool {
	pattern, ok := r.peek(1).literal()
	if !ok || !strings.Contains(pattern, `\`) || r.peek(2).is("ESCAPE") {
		return false
	}
	r.emit(r.peek(0))
	r.i++
	r.replace(1, quote(pattern)+` ESCAPE '\'`)
	return true
}
