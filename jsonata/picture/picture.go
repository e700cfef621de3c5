// Package picture formats and parses numbers, integers and times by picture strings, the way XPath's functions define them and
// JSONata uses them: 1.234.567,89 is "#.##0,00" with its options, "[D1o] of [MNn], [Y]" is 3rd of March, 2026.
//
// Times are milliseconds since 1970 in UTC. The package holds no time zones: an offset is part of the call.
package picture

import (
	"math"
	"strconv"
)

// Error says what is wrong with a picture, or with a text that does not fit one, by the code of JSONata's reference.
type Error struct {
	Code    string
	Subject string // the part of the picture, where the message names one
}

// Error returns the code and what it is about.
func (e *Error) Error() string {
	if e.Subject == "" {
		return e.Code
	}
	return e.Code + ": " + e.Subject
}

// Round rounds to a number of digits behind the point, or before it when digits is negative; halves go to the even neighbour. It
// rounds what the number's shortest decimal spelling says.
func Round(f float64, digits int) float64 {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return f
	}
	out := shift(math.RoundToEven(shift(f, digits)), -digits)
	if out == 0 {
		return 0
	}
	return out
}

// shift multiplies by a power of ten without the error of a multiplication.
func shift(f float64, digits int) float64 {
	if digits == 0 {
		return f
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	for i := range len(s) {
		if s[i] == 'e' {
			exponent, _ := strconv.Atoi(s[i+1:])
			f, _ = strconv.ParseFloat(s[:i+1]+strconv.Itoa(exponent+digits), 64)
			break
		}
	}
	return f
}
