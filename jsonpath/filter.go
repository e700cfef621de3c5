package jsonpath

import (
	"regexp"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// condition is what a filter tests.
type condition interface{ holds(s scope) bool }

// scope is what a filter or the arguments of a function may refer to: $ and @.
type scope struct {
	root, here value.Value
	walk       *walk
}

type (
	either  []condition // ||
	both    []condition // &&
	negated struct{ condition }
	exists  struct{ operand }
	compare struct {
		left, right operand
		test        func(left, right value.Value) bool
	}
	match struct {
		left    operand
		pattern *regexp.Regexp
	}
)

func (c either) holds(s scope) bool {
	for _, part := range c {
		if part.holds(s) {
			return true
		}
	}
	return false
}

func (c both) holds(s scope) bool {
	for _, part := range c {
		if !part.holds(s) {
			return false
		}
	}
	return true
}

func (c negated) holds(s scope) bool { return !c.condition.holds(s) }

func (c exists) holds(s scope) bool {
	v := c.operand.value(s)
	if c.path != nil && !c.path.Definite() {
		return v.Len() > 0
	}
	return !v.IsZero()
}

func (c compare) holds(s scope) bool { return c.test(c.left.value(s), c.right.value(s)) }

func (c match) holds(s scope) bool {
	v := c.left.value(s)
	if v.Kind() == value.String {
		return c.pattern.MatchString(v.Str())
	}
	return v.Kind() == value.Number && c.pattern.MatchString(v.Spelling())
}

// operand is a literal or a path.
type operand struct {
	literal value.Value
	path    *Path
	// fromHere says that the path begins with @.
	fromHere bool
}

// value returns the zero Value for a path that selects nothing.
func (o operand) value(s scope) value.Value {
	if o.path == nil {
		return o.literal
	}
	from := s.root
	if o.fromHere {
		from = s.here
	}
	v, err := o.path.eval(s.root, from, s.walk.visits)
	if err != nil {
		return value.Value{}
	}
	return v
}

// operators are tried in this order, so a longer one stands before its beginning.
var operators = []struct {
	name string
	test func(left, right value.Value) bool
}{
	{"===", same},
	{"!==", func(l, r value.Value) bool { return !same(l, r) }},
	{"==", equal},
	{"!=", func(l, r value.Value) bool { return !equal(l, r) }},
	{"<=", func(l, r value.Value) bool { order, ok := ordered(l, r); return ok && order <= 0 }},
	{">=", func(l, r value.Value) bool { order, ok := ordered(l, r); return ok && order >= 0 }},
	{"<", func(l, r value.Value) bool { order, ok := ordered(l, r); return ok && order < 0 }},
	{">", func(l, r value.Value) bool { order, ok := ordered(l, r); return ok && order > 0 }},
	{"in", func(l, r value.Value) bool { return holdsItem(r, l) }},
	{"nin", func(l, r value.Value) bool { return !holdsItem(r, l) }},
	{"contains", contains},
	{"subsetof", func(l, r value.Value) bool { return l.Kind() == value.Array && countIn(l, r) == l.Len() }},
	{"anyof", func(l, r value.Value) bool { return countIn(l, r) > 0 }},
	{"noneof", func(l, r value.Value) bool { return countIn(l, r) == 0 }},
	{"all", func(l, r value.Value) bool { return r.Kind() == value.Array && countIn(r, l) == r.Len() }},
	{"size", func(l, r value.Value) bool { size, ok := r.Int(); return ok && int64(length(l)) == size }},
	{"empty", func(l, r value.Value) bool { return length(l) >= 0 && (length(l) == 0) == r.Truth() }},
}

func same(l, r value.Value) bool { return !l.IsZero() && l.Equal(r) }

// equal compares a number with a string by the number that the string spells, as Jayway does.
func equal(l, r value.Value) bool {
	if l.IsZero() || r.IsZero() {
		return l.IsZero() && r.IsZero()
	}
	if l.Kind() == value.String && r.Kind() == value.Number {
		return l.Str() == r.Spelling()
	}
	if l.Kind() == value.Number && r.Kind() == value.String {
		return l.Spelling() == r.Str()
	}
	return l.Equal(r)
}

func ordered(l, r value.Value) (int, bool) {
	if l.Kind() == value.String && r.Kind() == value.String {
		return strings.Compare(l.Str(), r.Str()), true
	}
	a, isNumber := l.Float()
	b, areNumbers := r.Float()
	switch {
	case !isNumber || !areNumbers:
		return 0, false
	case a < b:
		return -1, true
	case a > b:
		return 1, true
	}
	return 0, true
}

func holdsItem(list, item value.Value) bool {
	for _, candidate := range list.Items() {
		if equal(candidate, item) {
			return true
		}
	}
	return false
}

func countIn(items, list value.Value) int {
	count := 0
	for _, item := range items.Items() {
		if holdsItem(list, item) {
			count++
		}
	}
	return count
}

func contains(l, r value.Value) bool {
	if l.Kind() == value.String {
		return r.Kind() == value.String && strings.Contains(l.Str(), r.Str())
	}
	return holdsItem(l, r)
}

// length returns -1 for a value that has none.
func length(v value.Value) int {
	switch v.Kind() {
	case value.String:
		return len([]rune(v.Str()))
	case value.Array:
		return v.Len()
	}
	return -1
}
