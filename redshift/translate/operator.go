package translate

import (
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
		r.binary("xor")
	case op == "|/" || op == "||/":
		r.root(op)
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

// binary makes a function call of an operator that the backend does not have.
func (r *rewriter) binary(function string) {
	start := operandStart(r.out, len(r.out))
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

// operand takes the operand to the right, with its sign, and returns its finished text.
func (r *rewriter) operand() string {
	n := 0
	for r.peek(n).is("-", "+", "@") {
		n++
	}
	n++
	for {
		next := r.peek(n)
		switch {
		case next.open != "":
			n++
		case next.is("."):
			n += 2
		case next.is("::"):
			n += 2
			if r.peek(n).isGroup() {
				n++
			}
		default:
			end := min(r.i+n, len(r.in))
			pieces := rewrite(r.in[r.i:end])
			r.i = end
			return text(pieces)
		}
	}
}

// operandStart returns where the operand begins that ends before the index end.
func operandStart(pieces []piece, end int) int {
	i := end - 1
	for i > 0 && pieces[i].open == "[" {
		i--
	}
	switch {
	case at(pieces, i).isGroup():
		if before := at(pieces, i-1); before.isName() && !reserved[before.token.Upper()] {
			i--
		}
	case at(pieces, i).is("END"):
		return caseStart(pieces, i)
	}
	for i >= 2 && pieces[i-1].is(".") && pieces[i].isName() {
		i--
		i = operandStart(pieces, i)
	}
	return max(i, 0)
}

func caseStart(pieces []piece, end int) int {
	depth := 0
	for i := end; i >= 0; i-- {
		if pieces[i].is("END") {
			depth++
		}
		if pieces[i].is("CASE") {
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return end
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
