package translate

import (
	"regexp"
	"strings"

	"github.com/stepwell/stepwell/redshift/function"
)

// comparisons are the operators whose literals may be read as the other side's type.
var comparisons = wordSet("=", "<>", "!=", "<", ">", "<=", ">=")

// compare looks at a comparison with a literal: the backend reads a date only as 2020-01-31, no text as SUPER, and takes the
// blanks at the end of a text for a difference.
func (r *rewriter) compare() {
	literal, ok := r.peek(1).literal()
	if next := r.peek(2); !ok || next.is("::", "||", "+", "-", "AT") || len(r.out) == 0 {
		r.emit(r.peek(0))
		r.i++
		return
	}
	start := operandStart(r.out, len(r.out))
	left := r.out[start:]
	if strings.HasSuffix(literal, " ") {
		trimmed := finished("rs_unpadded(" + strings.TrimSpace(text(left)) + ")")
		trimmed.space = at(left, 0).space
		r.out = append(r.out[:start], trimmed)
	}
	r.emit(r.peek(0))
	r.i++
	r.replace(1, comparedLiteral(left, literal))
	r.out[len(r.out)-1].space = true
}

// comparedIn is compare for the values of IN (…) and of BETWEEN … AND …, which follow what they are compared with.
func (r *rewriter) comparedIn() bool {
	before := r.out
	if at(before, len(before)-1).is("NOT") {
		before = before[:len(before)-1]
	}
	if len(before) == 0 {
		return false
	}
	left := before[operandStart(before, len(before)):]
	if r.peek(0).is("IN") {
		r.inValues(left)
		return false
	}
	if !r.peek(2).is("AND") {
		return false
	}
	for _, n := range []int{1, 3} {
		if literal, ok := r.peek(n).literal(); ok && !r.peek(n+1).is("::", "||", "+", "-") {
			r.in[r.i+n] = finished(comparedLiteral(left, literal))
		}
	}
	return false
}

func (r *rewriter) inValues(left []piece) {
	list := r.peek(1)
	if !list.isGroup() || list.isQuery() {
		return
	}
	elements := split(list.group, ",")
	for i, e := range elements {
		if literal, ok := at(e, 0).literal(); ok && len(e) == 1 {
			elements[i] = []piece{finished(comparedLiteral(left, literal))}
		}
	}
	r.in[r.i+1].group = join(elements, piece{token: comma})
}

// isoDate matches what the backend reads as date or timestamp by itself.
var isoDate = regexp.MustCompile(`^\d{4}-\d\d-\d\d([ T].*)?$`)

// comparedLiteral is a literal in a comparison. Its spelling as a date, and as SUPER, is left to the backend's binder,
// which knows the type of the other side.
func comparedLiteral(left []piece, literal string) string {
	plain := quote(strings.TrimRight(literal, " "))
	operand := strings.TrimSpace(text(left))
	if t, err := function.ParseTimestamp(literal); err == nil && !isoDate.MatchString(literal) {
		iso := strings.TrimSuffix(t.Format("2006-01-02 15:04:05.999999"), " 00:00:00")
		return "rs_compared(" + operand + ", " + quote(literal) + ", " + quote(iso) + ")"
	}
	if t, err := function.ParseTimeTZ(literal); err == nil && strings.Contains(literal, ":") && !isoDate.MatchString(literal) {
		return "rs_compared_time(" + operand + ", " + plain + ", " + quote(t) + ")"
	}
	if n := len(left); n > 2 && (left[n-2].is(".") || left[n-1].open == "[") {
		return "rs_compared(" + operand + ", " + plain + ", " + plain + ")"
	}
	return plain
}
