package schedule

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

const firstYear, lastYear = 1970, 2199

// set is a set of numbers below 64.
type set uint64

func (s set) has(n int) bool { return n < 64 && s&(1<<n) != 0 }

func (s *set) add(n int) { *s |= 1 << n }

func (s *set) put(i item) error {
	i.each(s.add)
	return nil
}

type years [lastYear - firstYear + 1]bool

func (y *years) has(year int) bool { return year >= firstYear && year <= lastYear && y[year-firstYear] }

func (y *years) put(i item) error {
	i.each(func(year int) { y[year-firstYear] = true })
	return nil
}

// put also takes L, LW and 15W.
func (d *daysOfMonth) put(i item) error {
	switch i.special {
	case "":
		i.each(d.numbers.add)
	case "L":
		d.last = true
	case "LW":
		d.lastWeekday = true
	default:
		text, ok := strings.CutSuffix(i.special, "W")
		n, known := dayOfMonthField.number(text)
		if !ok || !known {
			return dayOfMonthField.wrong(i.special)
		}
		d.nearest.add(n)
	}
	return nil
}

// put also takes L, 6L and 3#2.
func (d *daysOfWeek) put(i item) error {
	if i.special == "" {
		i.each(d.numbers.add)
		return nil
	}
	if i.special == "L" {
		d.numbers.add(7)
		return nil
	}
	if text, ok := strings.CutSuffix(i.special, "L"); ok {
		n, known := dayOfWeekField.number(text)
		if !known {
			return dayOfWeekField.wrong(i.special)
		}
		d.last.add(n)
		return nil
	}
	text, count, _ := strings.Cut(i.special, "#")
	weekday, known := dayOfWeekField.number(text)
	n, err := strconv.Atoi(count)
	if !known || err != nil || n < 1 || n > 5 {
		return dayOfWeekField.wrong(i.special)
	}
	d.nth[n].add(weekday)
	return nil
}

// field is one of the six, with the numbers and names that it takes.
type field struct {
	name      string
	low, high int
	names     []string // of low and the numbers behind it
	special   string   // characters of what is no number, name or range
}

var (
	minuteField     = field{name: "minutes", high: 59}
	hourField       = field{name: "hours", high: 23}
	dayOfMonthField = field{name: "day of month", low: 1, high: 31, special: "LW"}
	monthField      = field{name: "month", low: 1, high: 12, names: strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")}
	dayOfWeekField  = field{name: "day of week", low: 1, high: 7, names: strings.Fields("SUN MON TUE WED THU FRI SAT"), special: "L#"}
	yearField       = field{name: "year", low: firstYear, high: lastYear}
)

// item is one part of a field's list: numbers from, from+step … to, or something special. A range may go past the end
// and on from the beginning: 20-2.
type item struct {
	special        string
	from, to, step int
	low, high      int
}

func (i item) each(visit func(n int)) {
	to := i.to
	if to < i.from {
		to += i.high - i.low + 1
	}
	for n := i.from; n <= to; n += i.step {
		visit((n-i.low)%(i.high-i.low+1) + i.low)
	}
}

func (f field) each(text string, put func(item) error) error {
	for part := range strings.SplitSeq(text, ",") {
		i, ok := f.item(strings.ToUpper(part))
		if !ok {
			return f.wrong(part)
		}
		if err := put(i); err != nil {
			return err
		}
	}
	return nil
}

func (f field) item(part string) (i item, ok bool) {
	i = item{from: f.low, to: f.high, step: 1, low: f.low, high: f.high}
	span, step, stepped := strings.Cut(part, "/")
	if stepped {
		n, err := strconv.Atoi(step)
		if err != nil || n < 1 || n > f.high {
			return i, false
		}
		i.step = n
	}
	if span == "*" {
		return i, true
	}
	first, last, ranged := strings.Cut(span, "-")
	from, known := f.number(first)
	if !known {
		i.special = part
		return i, f.special != "" && !stepped && strings.ContainsAny(part, f.special)
	}
	i.from = from
	switch {
	case ranged:
		i.to, ok = f.number(last)
		return i, ok && (i.from <= i.to || f.high != lastYear)
	case !stepped:
		i.to = from
	}
	return i, true
}

// number reads a number or a name of the field.
func (f field) number(text string) (n int, ok bool) {
	for i, name := range f.names {
		if name == text {
			return f.low + i, true
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= f.low && n <= f.high && text[0] != '+'
}

func (f field) wrong(part string) error {
	return fault.Invalidf("the field %s cannot be %q", f.name, part)
}
