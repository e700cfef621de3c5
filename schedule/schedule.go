// Package schedule reads the expressions that say when EventBridge runs something, and finds the next time: cron with six
// fields, rate, and at. It knows no clock; the caller says from when on.
//
//	e, err := schedule.Parse("cron(0/15 8-17 ? * MON-FRI *)")
//	next, ok := e.Next(now, schedule.Frame{Zone: berlin})
//
// A cron or at expression means the clocks of a zone. A time that they skip in spring is skipped; one that they show twice
// in autumn comes once, the first time. A rate means elapsed time.
package schedule

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// Expression is a schedule expression. It is immutable.
type Expression struct {
	text string
	cron *cron
	rate time.Duration
	// at is the moment of a one-time schedule, as UTC's clocks would show it.
	at time.Time
}

// Frame is what an expression is about besides its text.
type Frame struct {
	Zone *time.Location // of cron and at
	From time.Time      // the first time of a rate
}

// Parse reads an expression. The fault says which part is wrong, and why, and does not repeat the expression.
func Parse(text string) (*Expression, error) {
	name, rest, found := strings.Cut(text, "(")
	inner, closed := strings.CutSuffix(rest, ")")
	if !found || !closed {
		return nil, fault.Invalidf("an expression is cron(…), rate(…) or at(…)")
	}
	e := &Expression{text: text}
	var err error
	switch name {
	case "cron":
		e.cron, err = parseCron(inner)
	case "rate":
		e.rate, err = parseRate(inner)
	case "at":
		e.at, err = parseAt(inner)
	default:
		return nil, fault.Invalidf("an expression is cron(…), rate(…) or at(…)")
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// String returns the expression as it was written.
func (e *Expression) String() string { return e.text }

// Once reports whether the expression names one moment.
func (e *Expression) Once() bool { return !e.at.IsZero() }

// Rate returns the period of a rate, 0 for other expressions.
func (e *Expression) Rate() time.Duration { return e.rate }

// Next returns the first time behind a moment; ok is false when there is none.
func (e *Expression) Next(after time.Time, in Frame) (next time.Time, ok bool) {
	switch {
	case e.cron != nil:
		return e.cron.next(after.In(in.Zone))
	case e.rate > 0:
		if after.Before(in.From) {
			return in.From, true
		}
		return in.From.Add((after.Sub(in.From)/e.rate + 1) * e.rate), true
	}
	year, month, day := e.at.Date()
	hour, minute, second := e.at.Clock()
	next, ok = clock(year, month, day, hour, minute, second, in.Zone)
	return next, ok && next.After(after)
}

// clock returns the first moment at which a zone's clocks show a time; ok is false when they skip it.
func clock(year int, month time.Month, day, hour, minute, second int, zone *time.Location) (t time.Time, ok bool) {
	t = time.Date(year, month, day, hour, minute, second, 0, zone)
	if t.Hour() != hour || t.Minute() != minute {
		return t, false
	}
	begin, _ := t.ZoneBounds()
	if begin.IsZero() {
		return t, true
	}
	_, offset := t.Zone()
	_, before := begin.Add(-time.Second).Zone()
	if first := t.Add(time.Duration(offset-before) * time.Second); offset < before && first.Before(begin) {
		return first, true
	}
	return t, true
}

var rateForm = regexp.MustCompile(`^\s*([0-9]+)\s+([a-z]+)\s*$`)

var units = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}

// longestRate is more than a century; no expression of AWS needs more.
const longestRate = 40_000 * 24 * time.Hour

func parseRate(text string) (time.Duration, error) {
	parts := rateForm.FindStringSubmatch(text)
	if parts == nil {
		return 0, fault.Invalidf("a rate is a whole number and a unit, such as rate(5 minutes)")
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	singular, plural := strings.CutSuffix(parts[2], "s")
	unit, known := units[singular]
	switch {
	case !known:
		return 0, fault.Invalidf("the unit is minute, minutes, hour, hours, day or days")
	case err != nil || n > int64(longestRate/unit):
		return 0, fault.Invalidf("the number is too large")
	case n == 0:
		return 0, fault.Invalidf("the number must be positive")
	case plural != (n != 1):
		return 0, fault.Invalidf("the unit is singular for 1, and plural for any other number")
	}
	return time.Duration(n) * unit, nil
}

const atForm = "2006-01-02T15:04:05"

func parseAt(text string) (time.Time, error) {
	t, err := time.Parse(atForm, text)
	if err != nil || len(text) != len(atForm) || t.Year() < firstYear {
		return time.Time{}, fault.Invalidf("a time is written yyyy-mm-ddThh:mm:ss")
	}
	return t, nil
}
