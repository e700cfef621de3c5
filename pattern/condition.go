package pattern

import (
	"net/netip"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// condition says whether a value is allowed. A value of kind None stands for one that is not there.
type condition func(v value.Value) bool

func text(allows func(s string) bool) condition {
	return func(v value.Value) bool { return v.Kind() == value.String && allows(v.Str()) }
}

// equal compares with a text, number, boolean or null. Numbers are equal by value: 3e2 is 300.
func equal(want value.Value) condition {
	number, isNumber := want.Float()
	return func(v value.Value) bool {
		if v.Kind() != want.Kind() {
			return false
		}
		switch want.Kind() {
		case value.String:
			return v.Str() == want.Str()
		case value.Bool:
			return v.Truth() == want.Truth()
		case value.Number:
			got, ok := v.Float()
			return ok && isNumber && got == number
		}
		return true
	}
}

func prefix(p string) condition {
	return text(func(s string) bool { return strings.HasPrefix(s, p) })
}

func suffix(p string) condition {
	return text(func(s string) bool { return strings.HasSuffix(s, p) })
}

func equalFold(p string) condition {
	return text(func(s string) bool { return strings.EqualFold(s, p) })
}

func prefixFold(p string) condition {
	return text(func(s string) bool { return len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) })
}

func suffixFold(p string) condition {
	return text(func(s string) bool { return len(s) >= len(p) && strings.EqualFold(s[len(s)-len(p):], p) })
}

func exists(want bool) condition {
	return func(v value.Value) bool { return (v.Kind() != value.None) == want }
}

// none allows every value that is there and that no condition allows.
func none(conditions []condition) condition {
	return func(v value.Value) bool {
		for _, allows := range conditions {
			if allows(v) {
				return false
			}
		}
		return v.Kind() != value.None
	}
}

func within(network netip.Prefix) condition {
	return text(func(s string) bool {
		address, err := netip.ParseAddr(s)
		return err == nil && network.Contains(address)
	})
}

// bound is one end of a numeric range.
type bound struct {
	operator string
	limit    float64
}

func (b bound) holds(n float64) bool {
	switch b.operator {
	case "<":
		return n < b.limit
	case "<=":
		return n <= b.limit
	case ">":
		return n > b.limit
	case ">=":
		return n >= b.limit
	}
	return n == b.limit
}

func between(bounds []bound) condition {
	return func(v value.Value) bool {
		n, ok := v.Float()
		for _, b := range bounds {
			ok = ok && b.holds(n)
		}
		return ok && v.Kind() == value.Number
	}
}

// wildcard matches a text with pieces that stand in this order; what is between two pieces is free.
func wildcard(pieces []string) condition {
	first, last := pieces[0], pieces[len(pieces)-1]
	return text(func(s string) bool {
		if len(pieces) == 1 {
			return s == first
		}
		if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
			return false
		}
		s = s[len(first) : len(s)-len(last)]
		for _, piece := range pieces[1 : len(pieces)-1] {
			at := strings.Index(s, piece)
			if at < 0 {
				return false
			}
			s = s[at+len(piece):]
		}
		return true
	})
}
