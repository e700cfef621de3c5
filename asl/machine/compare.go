package machine

import (
	"cmp"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

var typeTests = map[string]func(value.Value) bool{
	"IsPresent": func(v value.Value) bool { return true },
	"IsNull":    func(v value.Value) bool { return v.Kind() == value.Null },
	"IsBoolean": func(v value.Value) bool { return v.Kind() == value.Bool },
	"IsNumeric": func(v value.Value) bool { return v.Kind() == value.Number },
	"IsString":  func(v value.Value) bool { return v.Kind() == value.String },
}

// timestamps reads timestamps, strictly or as older versions did.
type timestamps func(text string) (at time.Time, ok bool)

// timestamps is how the log's version reads them.
func (m *Machine) timestamps() timestamps {
	if m.version >= strictTimestamps {
		return asl.ParseTimestamp
	}
	return func(text string) (time.Time, bool) {
		at, err := time.Parse(time.RFC3339Nano, text)
		return at, err == nil
	}
}

func (read timestamps) test(v value.Value) bool {
	_, ok := read(v.Str())
	return ok
}

func (read timestamps) order(left, right value.Value) (int, bool) {
	a, okA := read(left.Str())
	b, okB := read(right.Str())
	return a.Compare(b), okA && okB
}

// orders compare two values of a kind; ok is false when one is not of that kind. Timestamps have an order of their own.
var orders = map[string]func(left, right value.Value) (order int, ok bool){
	"String": func(left, right value.Value) (int, bool) {
		return cmp.Compare(left.Str(), right.Str()), left.Kind() == value.String && right.Kind() == value.String
	},
	"Numeric": func(left, right value.Value) (int, bool) {
		a, okA := left.Float()
		b, okB := right.Float()
		return cmp.Compare(a, b), okA && okB
	},
	"Timestamp": nil,
}

var relations = map[string]func(order int) bool{
	"Equals":            func(order int) bool { return order == 0 },
	"LessThan":          func(order int) bool { return order < 0 },
	"LessThanEquals":    func(order int) bool { return order <= 0 },
	"GreaterThan":       func(order int) bool { return order > 0 },
	"GreaterThanEquals": func(order int) bool { return order >= 0 },
}

// splitOperator splits NumericLessThan into Numeric and LessThan.
func splitOperator(operator string) (kind, relation string) {
	for kind := range orders {
		if relation, ok := strings.CutPrefix(operator, kind); ok && relations[relation] != nil {
			return kind, relation
		}
	}
	panic("machine: no comparison operator " + operator)
}

// matchesPattern matches StringMatches: * stands for any characters, a backslash takes the next one literally.
func matchesPattern(s, pattern string) bool {
	parts, star := literalParts(pattern)
	if !star {
		return s == parts[0]
	}
	rest, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, last)
}

// literalParts returns the texts between the stars of a pattern; star is false when it has none.
func literalParts(pattern string) (parts []string, star bool) {
	var part strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '*':
			parts = append(parts, part.String())
			part.Reset()
		case c == '\\' && i+1 < len(pattern):
			i++
			part.WriteByte(pattern[i])
		default:
			part.WriteByte(c)
		}
	}
	return append(parts, part.String()), len(parts) > 0
}
