package function

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// element is one element of a date format: its spelling and how it prints and reads.
type element struct {
	name  string
	print func(time.Time) string
	read  func(*reading, string) (int, bool)
}

// elements are tried in order, so longer names stand before shorter ones.
var elements []element

func init() {
	elements = []element{
		{"SSSSS", func(t time.Time) string { return strconv.Itoa(t.Hour()*3600 + t.Minute()*60 + t.Second()) }, nil},
		{"SSSS", func(t time.Time) string { return strconv.Itoa(t.Hour()*3600 + t.Minute()*60 + t.Second()) }, nil},
		{"Y,YYY", func(t time.Time) string { return fmt.Sprintf("%d,%03d", t.Year()/1000, t.Year()%1000) }, nil},
		{"YYYY", digits(4, time.Time.Year), (*reading).year},
		{"IYYY", digits(4, isoYear), (*reading).year},
		{"YYY", digits(3, func(t time.Time) int { return t.Year() % 1000 }), number(3, func(r *reading, n int) { r.years = 2000 + n })},
		{"IYY", digits(3, func(t time.Time) int { return isoYear(t) % 1000 }), nil},
		{"YY", digits(2, func(t time.Time) int { return t.Year() % 100 }), number(2, (*reading).shortYear)},
		{"IY", digits(2, func(t time.Time) int { return isoYear(t) % 100 }), nil},
		{"MONTH", func(t time.Time) string { return fmt.Sprintf("%-9s", t.Month()) }, (*reading).monthName},
		{"MON", func(t time.Time) string { return t.Month().String()[:3] }, (*reading).monthName},
		{"MM", digits(2, func(t time.Time) int { return int(t.Month()) }), number(2, func(r *reading, n int) { r.month = n })},
		{"MI", digits(2, time.Time.Minute), number(2, func(r *reading, n int) { r.minute = n })},
		{"MS", func(t time.Time) string { return fmt.Sprintf("%03d", t.Nanosecond()/1e6) }, (*reading).fraction},
		{"US", func(t time.Time) string { return fmt.Sprintf("%06d", t.Nanosecond()/1e3) }, (*reading).fraction},
		{"DAY", func(t time.Time) string { return fmt.Sprintf("%-9s", t.Weekday()) }, (*reading).word},
		{"DY", func(t time.Time) string { return t.Weekday().String()[:3] }, (*reading).word},
		{"DDD", digits(3, time.Time.YearDay), number(3, func(r *reading, n int) { r.yearDay = n })},
		{"DD", digits(2, time.Time.Day), number(2, func(r *reading, n int) { r.day = n })},
		{"ID", digits(1, func(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }), nil},
		{"IW", digits(2, func(t time.Time) int { _, w := t.ISOWeek(); return w }), nil},
		{"WW", digits(2, func(t time.Time) int { return (t.YearDay()-1)/7 + 1 }), nil},
		{"HH24", digits(2, time.Time.Hour), number(2, func(r *reading, n int) { r.hour = n })},
		{"HH12", digits(2, hour12), number(2, func(r *reading, n int) { r.hour = n })},
		{"HH", digits(2, hour12), number(2, func(r *reading, n int) { r.hour = n })},
		{"SS", digits(2, time.Time.Second), number(2, func(r *reading, n int) { r.second = n })},
		{"A.M.", meridian("A.M.", "P.M."), (*reading).meridian},
		{"P.M.", meridian("A.M.", "P.M."), (*reading).meridian},
		{"AM", meridian("AM", "PM"), (*reading).meridian},
		{"PM", meridian("AM", "PM"), (*reading).meridian},
		{"B.C.", era, nil}, {"A.D.", era, nil}, {"BC", era, nil}, {"AD", era, nil},
		{"CC", digits(2, func(t time.Time) int { return (t.Year() + 99) / 100 }), nil},
		{"RM", func(t time.Time) string { return fmt.Sprintf("%-4s", romanMonths[t.Month()-1]) }, nil},
		{"OF", func(t time.Time) string { return t.Format("-07") }, (*reading).offset},
		{"TZ", func(t time.Time) string { return t.Format("MST") }, (*reading).word},
		{"J", func(t time.Time) string { return strconv.FormatInt(t.Unix()/86400+2440588, 10) }, nil},
		{"I", digits(1, func(t time.Time) int { return isoYear(t) % 10 }), nil},
		{"Q", digits(1, func(t time.Time) int { return (int(t.Month()) + 2) / 3 }), nil},
		{"W", digits(1, func(t time.Time) int { return (t.Day()-1)/7 + 1 }), nil},
		{"D", digits(1, func(t time.Time) int { return int(t.Weekday()) + 1 }), nil},
		{"Y", digits(1, func(t time.Time) int { return t.Year() % 10 }), nil},
	}
}

var romanMonths = []string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

func digits(width int, of func(time.Time) int) func(time.Time) string {
	return func(t time.Time) string {
		number := strconv.Itoa(of(t))
		if len(number) < width {
			return strings.Repeat("0", width-len(number)) + number
		}
		return number
	}
}

func isoYear(t time.Time) int { y, _ := t.ISOWeek(); return y }

func hour12(t time.Time) int { return (t.Hour()+11)%12 + 1 }

func meridian(am, pm string) func(time.Time) string {
	return func(t time.Time) string {
		if t.Hour() < 12 {
			return am
		}
		return pm
	}
}

func era(time.Time) string { return "AD" }

// elementAt returns the element that a format starts with. Names are known in any case.
func elementAt(format string) (element, bool) {
	for _, e := range elements {
		if len(format) >= len(e.name) && strings.EqualFold(format[:len(e.name)], e.name) {
			return e, true
		}
	}
	return element{}, false
}

// formatPart is one element of a format, or text that stays as it is.
type formatPart struct {
	literal string
	print   func(time.Time) string
	// name is the element as the format writes it, suffix its TH.
	name, suffix string
	// fill keeps the padding, which FM drops.
	fill bool
}

var formats memo[[]formatPart]

// FormatTime is TO_CHAR of a timestamp. FM before an element drops its padding, TH behind it adds an ordinal suffix, text in
// double quotes stays.
func FormatTime(t time.Time, format string) string {
	parts, _ := formats.of(format, func(format string) ([]formatPart, error) { return parseTimeFormat(format), nil })
	var b strings.Builder
	for _, p := range parts {
		if p.print == nil {
			b.WriteString(p.literal)
			continue
		}
		text := inCaseOf(p.print(t), p.name)
		if !p.fill {
			text = unpadded(text)
		}
		b.WriteString(text)
		if p.suffix != "" {
			b.WriteString(inCaseOf(ordinal(text), p.suffix))
		}
	}
	return b.String()
}

func parseTimeFormat(format string) []formatPart {
	var parts []formatPart
	for format != "" {
		if format[0] == '"' {
			literal, rest, _ := strings.Cut(format[1:], `"`)
			parts = append(parts, formatPart{literal: literal})
			format = rest
			continue
		}
		p := formatPart{fill: !hasPrefixFold(format, "FM")}
		if !p.fill {
			format = format[2:]
		}
		e, ok := elementAt(format)
		switch {
		case ok:
			p.print, p.name = e.print, format[:len(e.name)]
			format = format[len(e.name):]
			if hasPrefixFold(format, "TH") {
				p.suffix, format = format[:2], format[2:]
			}
		case format != "":
			p.literal, format = format[:1], format[1:]
		}
		parts = append(parts, p)
	}
	return parts
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func unpadded(text string) string {
	if trimmed := strings.TrimLeft(text, "0"); trimmed != "" && text[0] == '0' {
		return trimmed
	}
	return strings.TrimRight(text, " ")
}

// inCaseOf writes words as their element is written: MONTH, Month or month.
func inCaseOf(text, name string) string {
	switch {
	case name == strings.ToLower(name):
		return strings.ToLower(text)
	case name == strings.ToUpper(name):
		return strings.ToUpper(text)
	}
	return text
}

func ordinal(number string) string {
	n := strings.TrimSpace(number)
	if len(n) >= 2 && n[len(n)-2] == '1' {
		return "th"
	}
	switch n[len(n)-1] {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}
