package function

import (
	"math"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Interval is a span of time in the three units that do not convert into each other.
type Interval struct{ Months, Days, Microseconds int64 }

const (
	microsecondsPerSecond = 1_000_000
	microsecondsPerHour   = 3600 * microsecondsPerSecond
	microsecondsPerDay    = 24 * microsecondsPerHour
)

// intervalUnits hold what one of each date part is.
var intervalUnits = map[string]Interval{
	"millennium": {Months: 12000}, "century": {Months: 1200}, "decade": {Months: 120}, "year": {Months: 12}, "quarter": {Months: 3},
	"month": {Months: 1}, "week": {Days: 7}, "day": {Days: 1}, "hour": {Microseconds: microsecondsPerHour},
	"minute": {Microseconds: 60 * microsecondsPerSecond}, "second": {Microseconds: microsecondsPerSecond},
	"millisecond": {Microseconds: 1000}, "microsecond": {Microseconds: 1},
}

// ParseInterval reads the text of an interval literal: quantities with units, a time of day, or, when a unit follows the
// literal, a bare number. A range such as "year to month" reads 2-11, "day to second" reads 1 10:00:00.
func ParseInterval(text, unit string) (Interval, error) {
	fields := strings.Fields(spaceUnits(text))
	if len(fields) == 0 {
		return Interval{}, badInterval(text)
	}
	unit, _, _ = strings.Cut(unit, " to ")
	var sum Interval
	for len(fields) > 0 {
		i, n, ok := intervalField(fields, unit)
		if !ok {
			return Interval{}, badInterval(text)
		}
		if fields[0] == "ago" {
			i = Interval{-2 * sum.Months, -2 * sum.Days, -2 * sum.Microseconds}
		}
		sum = Interval{sum.Months + i.Months, sum.Days + i.Days, sum.Microseconds + i.Microseconds}
		fields = fields[n:]
	}
	return sum, nil
}

func badInterval(text string) error {
	return fault.Invalidf("invalid input syntax for type interval: %q", text).WithCode("22007")
}

// spaceUnits sets quantities and units apart: 3h and 1day,2hours.
func spaceUnits(text string) string {
	var b strings.Builder
	digit := false
	for _, c := range strings.ToLower(strings.ReplaceAll(text, ",", " ")) {
		if digit && c >= 'a' && c <= 'z' {
			b.WriteByte(' ')
		}
		digit = c >= '0' && c <= '9'
		b.WriteRune(c)
	}
	return b.String()
}

// intervalField reads the field at the start and returns how many fields it took.
func intervalField(fields []string, unit string) (Interval, int, bool) {
	field := fields[0]
	switch {
	case field == "ago":
		return Interval{}, 1, true
	case strings.Contains(field, ":"):
		clock, ok := parseClock(field)
		return Interval{Microseconds: clock}, 1, ok
	case strings.Contains(field[1:], "-"):
		years, months, _ := strings.Cut(field, "-")
		y, errYears := strconv.ParseInt(years, 10, 64)
		m, errMonths := strconv.ParseInt(months, 10, 64)
		return Interval{Months: 12*y + m}, 1, errYears == nil && errMonths == nil
	}
	quantity, err := strconv.ParseFloat(field, 64)
	n := 1
	if len(fields) > 1 {
		if part, known := DatePart(fields[1]); known {
			unit, n = part, 2
		}
	}
	switch {
	case unit != "":
	case len(fields) > 1 && strings.Contains(fields[1], ":"):
		unit = "day"
	default:
		unit = "second"
	}
	one, known := intervalUnits[unit]
	return scaled(quantity, one), n, err == nil && known
}

// scaled multiplies; a fraction of a month becomes days of a 30-day month, a fraction of a day becomes time.
func scaled(quantity float64, one Interval) Interval {
	months := quantity * float64(one.Months)
	days := quantity*float64(one.Days) + (months-math.Trunc(months))*30
	days = math.Round(days*1e9) / 1e9
	microseconds := quantity*float64(one.Microseconds) + (days-math.Trunc(days))*microsecondsPerDay
	return Interval{int64(math.Trunc(months)), int64(math.Trunc(days)), int64(math.Round(microseconds))}
}

// parseClock reads [-]hh:mm[:ss[.ffffff]].
func parseClock(text string) (int64, bool) {
	sign := int64(1)
	if text[0] == '-' || text[0] == '+' {
		if text[0] == '-' {
			sign = -1
		}
		text = text[1:]
	}
	var sum float64
	unit := float64(microsecondsPerHour)
	for part := range strings.SplitSeq(text, ":") {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0, false
		}
		sum += n * unit
		unit /= 60
	}
	return sign * int64(math.Round(sum)), true
}
