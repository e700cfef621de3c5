package function

import (
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// reading collects what ReadTime finds in a text.
type reading struct {
	years, month, day, yearDay  int
	hour, minute, second, nanos int
	afternoon, morning          bool
	zone                        *time.Location
}

// ReadTime is TO_TIMESTAMP and TO_DATE: it reads a text by a format. What the format does not name is the start of year 1.
// Hours, minutes, seconds and days beyond their range count on unless strict.
func ReadTime(text, format string, strict bool) (time.Time, error) {
	r := &reading{years: 1, month: 1, day: 1}
	rest := strings.TrimLeft(text, " ")
	for format != "" && rest != "" {
		if hasPrefixFold(format, "FM") || hasPrefixFold(format, "FX") {
			format = format[2:]
			continue
		}
		e, ok := elementAt(format)
		if !ok {
			format, rest = skipLiteral(format, rest)
			continue
		}
		format = format[len(e.name):]
		rest = strings.TrimLeft(rest, " ")
		if e.read == nil {
			return time.Time{}, badTime(text)
		}
		n, ok := e.read(r, rest)
		if !ok {
			return time.Time{}, badTime(text)
		}
		rest = rest[n:]
		if hasPrefixFold(format, "TH") {
			format = format[2:]
			rest = rest[min(2, len(rest)):]
		}
	}
	return r.time(text, strict)
}

// skipLiteral passes one character of the format; a separator matches any separator.
func skipLiteral(format, text string) (string, string) {
	if format[0] == '"' {
		literal, rest, _ := strings.Cut(format[1:], `"`)
		return rest, text[min(len(literal), len(text)):]
	}
	if c := text[0]; c == format[0] || !isDigit(c) && !isLetter(c) {
		text = text[1:]
	}
	return format[1:], text
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func badTime(text string) error {
	return fault.Invalidf("invalid value for a date or timestamp: %q", text).WithCode("22007")
}

func (r *reading) time(text string, strict bool) (time.Time, error) {
	switch {
	case r.afternoon && r.hour < 12:
		r.hour += 12
	case r.morning && r.hour == 12:
		r.hour = 0
	}
	if strict && (r.hour > 23 || r.minute > 59 || r.second > 59) {
		return time.Time{}, fault.Invalidf("date/time field time value out of range: %d:%d:%d.0", r.hour, r.minute, r.second).WithCode("22008")
	}
	if r.month < 1 || r.month > 12 || r.day < 1 || r.day > 31 {
		return time.Time{}, fault.Invalidf("date/time field value out of range: %q", text).WithCode("22008")
	}
	zone := r.zone
	if zone == nil {
		zone = time.UTC
	}
	if r.yearDay > 0 {
		r.month, r.day = 1, r.yearDay
	}
	return time.Date(r.years, time.Month(r.month), r.day, r.hour, r.minute, r.second, r.nanos, zone).UTC(), nil
}

// number reads up to width digits.
func number(width int, store func(*reading, int)) func(*reading, string) (int, bool) {
	return func(r *reading, text string) (int, bool) {
		n := 0
		for n < len(text) && n < width && isDigit(text[n]) {
			n++
		}
		value, err := strconv.Atoi(text[:n])
		store(r, value)
		return n, err == nil
	}
}

// year reads four digits, or fewer as a year of this century.
func (r *reading) year(text string) (int, bool) {
	n, ok := number(4, func(r *reading, y int) { r.years = y })(r, text)
	if n == 2 {
		r.shortYear(r.years)
	}
	return n, ok
}

// shortYear is PostgreSQL's rule: two digits are the year next to 2020.
func (r *reading) shortYear(y int) {
	if y < 70 {
		r.years = 2000 + y
	} else {
		r.years = 1900 + y
	}
}

func (r *reading) monthName(text string) (int, bool) {
	for m := time.January; m <= time.December; m++ {
		if hasPrefixFold(text, m.String()) {
			r.month = int(m)
			return len(m.String()), true
		}
	}
	for m := time.January; m <= time.December; m++ {
		if hasPrefixFold(text, m.String()[:3]) {
			r.month = int(m)
			return 3, true
		}
	}
	return 0, false
}

func (r *reading) word(text string) (int, bool) {
	n := 0
	for n < len(text) && isLetter(text[n]) {
		n++
	}
	return n, n > 0
}

func (r *reading) meridian(text string) (int, bool) {
	for _, mark := range []string{"A.M.", "P.M.", "AM", "PM"} {
		if hasPrefixFold(text, mark) {
			r.morning, r.afternoon = mark[0] == 'A', mark[0] == 'P'
			return len(mark), true
		}
	}
	return 0, false
}

func (r *reading) fraction(text string) (int, bool) {
	n := 0
	for n < len(text) && n < 6 && isDigit(text[n]) {
		n++
	}
	value, err := strconv.Atoi((text[:n] + "000000000")[:9])
	r.nanos = value
	return n, err == nil && n > 0
}

func (r *reading) offset(text string) (int, bool) {
	for n := len(text); n > 1; n-- {
		if zone := offset(text[:n]); zone != nil {
			r.zone = zone
			return n, true
		}
	}
	return 0, false
}
