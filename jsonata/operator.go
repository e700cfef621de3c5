package jsonata

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/jsonata/syntax"
	"github.com/stepwell/stepwell/value"
)

// binaryOp applies an operator to the results of both operands.
type binaryOp struct {
	left, right *expr
	token       string
	position    int
	apply       func(m *evaluation, a, b item) (item, error)
}

func (o *binaryOp) eval(m *evaluation, in item, env *frame) (item, error) {
	a, err := o.left.eval(m, in, env)
	if err != nil {
		return nil, err
	}
	b, err := o.right.eval(m, in, env)
	if err != nil {
		return nil, err
	}
	x, err := o.apply(m, a, b)
	if err != nil {
		return nil, located(err, o.position, o.token)
	}
	return x, nil
}

// logicOp is and, or: the second operand is evaluated only when it decides.
type logicOp struct {
	left, right *expr
	deciding    bool // the result that the first operand alone can give
}

func (o *logicOp) eval(m *evaluation, in item, env *frame) (item, error) {
	x, err := o.left.eval(m, in, env)
	if err != nil {
		return nil, err
	}
	if truthy(x) == o.deciding {
		return o.deciding, nil
	}
	x, err = o.right.eval(m, in, env)
	return truthy(x), err
}

var operators = map[string]func(*evaluation, item, item) (item, error){
	"+":  arithmetic(func(a, b float64) float64 { return a + b }),
	"-":  arithmetic(func(a, b float64) float64 { return a - b }),
	"*":  arithmetic(func(a, b float64) float64 { return a * b }),
	"/":  arithmetic(func(a, b float64) float64 { return a / b }),
	"%":  arithmetic(math.Mod),
	"=":  equality(true),
	"!=": equality(false),
	"<":  comparison(func(order int) bool { return order < 0 }),
	"<=": comparison(func(order int) bool { return order <= 0 }),
	">":  comparison(func(order int) bool { return order > 0 }),
	">=": comparison(func(order int) bool { return order >= 0 }),
	"&":  concatenate,
	"..": between,
	"in": includes,
}

func (c *compiler) binary(n *syntax.Node, left, right *expr) operation {
	switch n.Text {
	case "and":
		return &logicOp{left, right, false}
	case "or":
		return &logicOp{left, right, true}
	}
	return &binaryOp{left: left, right: right, token: n.Text, position: n.Position, apply: operators[n.Text]}
}

// equality makes = and !=, which are both false beside nothing.
func equality(wanted bool) func(*evaluation, item, item) (item, error) {
	return func(m *evaluation, a, b item) (item, error) {
		if a == nil || b == nil {
			return false, nil
		}
		same, err := m.equal(a, b)
		return same == wanted, err
	}
}

func arithmetic(compute func(a, b float64) float64) func(*evaluation, item, item) (item, error) {
	return func(_ *evaluation, a, b item) (item, error) {
		x, ok, err := finite(a)
		if err != nil {
			return nil, err
		}
		if !ok && a != nil {
			return nil, failWith("T2001", a)
		}
		y, ok, err := finite(b)
		if err != nil {
			return nil, err
		}
		if !ok && b != nil {
			return nil, failWith("T2002", b)
		}
		if a == nil || b == nil {
			return nil, nil
		}
		return compute(x, y), nil
	}
}

// comparison makes an operator of what it says about the order of its operands.
func comparison(holds func(order int) bool) func(*evaluation, item, item) (item, error) {
	return func(_ *evaluation, a, b item) (item, error) {
		for _, x := range []item{a, b} {
			if !comparable(x) && x != nil {
				return nil, failWith("T2010", x)
			}
		}
		if a == nil || b == nil {
			return nil, nil
		}
		if kindOf(a) != kindOf(b) {
			err := failWith("T2009", a)
			err.Value2 = describe(b)
			return nil, err
		}
		x, _ := float(a)
		y, _ := float(b)
		if math.IsNaN(x) || math.IsNaN(y) {
			return false, nil
		}
		return holds(order(a, b)), nil
	}
}

// comparable reports whether an item has an order: numbers and strings have.
func comparable(x item) bool { k := kindOf(x); return k == number || k == text }

// order compares two numbers or two strings.
func order(a, b item) int {
	if s, ok := str(a); ok {
		t, _ := str(b)
		return compareText(s, t)
	}
	x, _ := float(a)
	y, _ := float(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// compareText orders strings by their UTF-16 units, as JavaScript does: a character beyond U+FFFF stands before U+E000.
func compareText(s, t string) int {
	i := 0
	for i < len(s) && i < len(t) && s[i] == t[i] {
		i++
	}
	if i == len(s) || i == len(t) || s[i] < 0xEE && t[i] < 0xEE {
		return strings.Compare(s[i:], t[i:])
	}
	for i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	a, _ := utf8.DecodeRuneInString(s[i:])
	b, _ := utf8.DecodeRuneInString(t[i:])
	if (a > 0xFFFF) != (b > 0xFFFF) {
		if a > 0xFFFF {
			a, b = 0xD800, min(b, 0xFFFF)
		} else {
			a, b = min(a, 0xFFFF), 0xD800
		}
	}
	return int(a) - int(b)
}

func concatenate(m *evaluation, a, b item) (item, error) {
	var parts [2]string
	for i, x := range []item{a, b} {
		if x == nil {
			continue
		}
		s, err := m.print(x, false)
		if err != nil {
			return nil, err
		}
		parts[i] = s
	}
	return parts[0] + parts[1], m.allocate(len(parts[0]) + len(parts[1]))
}

const maxRange = 10_000_000

func between(_ *evaluation, a, b item) (item, error) {
	x, ok := integer(a)
	if !ok && a != nil {
		return nil, failWith("T2003", a)
	}
	y, ok := integer(b)
	if !ok && b != nil {
		return nil, failWith("T2004", b)
	}
	if a == nil || b == nil || x > y {
		return nil, nil
	}
	if size := y - x + 1; size > maxRange {
		return nil, failWith("D2014", size)
	}
	if x == y {
		return sequenceOf(x), nil
	}
	return span{int(x), int(y)}, nil
}

func integer(x item) (float64, bool) {
	f, ok := float(x)
	return f, ok && f == math.Trunc(f) && math.Abs(f) < 1<<53
}

func includes(m *evaluation, a, b item) (item, error) {
	if a == nil || b == nil {
		return false, nil
	}
	if !isArray(b) {
		return m.same(a, b), nil
	}
	n := length(b)
	if err := m.spend(n); err != nil {
		return nil, err
	}
	for i := range n {
		if m.same(a, at(b, i)) {
			return true, nil
		}
	}
	return false, nil
}

// same is JavaScript's ===: scalars by value, structures by identity.
func (m *evaluation) same(a, b item) bool {
	switch kindOf(a) {
	case array, object, callable:
		return a == b
	}
	return m.equalAt(a, b, 0)
}

// equal compares by value; the order of members does not count.
func (m *evaluation) equal(a, b item) (bool, error) {
	return m.equalAt(a, b, 0), m.spend(1)
}

// equalAt counts its steps and leaves it to equal to see that there are none left.
func (m *evaluation) equalAt(a, b item, depth int) bool {
	k := kindOf(a)
	if k != kindOf(b) || depth > maxNesting {
		return false
	}
	switch k {
	case boolean:
		x, _ := truth(a)
		y, _ := truth(b)
		return x == y
	case number:
		x, _ := float(a)
		y, _ := float(b)
		return x == y
	case text:
		x, _ := str(a)
		y, _ := str(b)
		return x == y
	case callable:
		return a == b
	case array:
		return m.equalItems(a, b, depth+1)
	case object:
		return m.equalMembers(a, b, depth+1)
	}
	return true
}

func (m *evaluation) equalItems(a, b item, depth int) bool {
	n := length(a)
	if n != length(b) || m.spend(n) != nil {
		return false
	}
	for i := range n {
		if !m.equalAt(at(a, i), at(b, i), depth) {
			return false
		}
	}
	return true
}

func (m *evaluation) equalMembers(a, b item, depth int) bool {
	if size(a) != size(b) || m.spend(size(a)) != nil {
		return false
	}
	for _, f := range members(a) {
		other := get(b, f.key)
		if other == nil || !m.equalAt(f.value, other, depth) {
			return false
		}
	}
	return true
}

type negateOp struct {
	operand  *expr
	position int
}

func (n *negateOp) eval(m *evaluation, in item, env *frame) (item, error) {
	x, err := n.operand.eval(m, in, env)
	if err != nil || x == nil {
		return nil, err
	}
	f, ok, err := finite(x)
	if err == nil && !ok {
		err = failWith("D1002", x)
	}
	if err != nil {
		return nil, located(err, n.position, "-")
	}
	return -f, nil
}

// finite returns a number that can be counted with. NaN is no number; an infinity is an error.
func finite(x item) (float64, bool, error) {
	f, ok := float(x)
	if !ok || math.IsNaN(f) {
		return 0, false, nil
	}
	if math.IsInf(f, 0) {
		return 0, false, failWith("D1001", value.NullValue())
	}
	return f, true, nil
}
