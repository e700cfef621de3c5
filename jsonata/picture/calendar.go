package picture

import "time"

const millisPerDay = 24 * 60 * 60 * 1000

// component returns a part of a time by its letter: a year, a month from 1, a weekday from Monday 1.
func component(t time.Time, letter byte) int {
	switch letter {
	case 'Y':
		return t.Year()
	case 'M':
		return int(t.Month())
	case 'D':
		return t.Day()
	case 'd':
		return t.YearDay()
	case 'F':
		return (int(t.Weekday())+6)%7 + 1
	case 'W', 'w', 'X', 'x':
		return week(t, letter)
	case 'H':
		return t.Hour()
	case 'h':
		return (t.Hour()+11)%12 + 1
	case 'P':
		return t.Hour() / 12
	case 'm':
		return t.Minute()
	case 's':
		return t.Second()
	case 'f':
		return t.Nanosecond() / 1_000_000
	}
	return 0
}

// period is a year, or a month of one.
type period struct {
	year, month int
	step        int // months
}

func (p period) next() period { return p.move(p.step) }
func (p period) last() period { return p.move(-p.step) }

func (p period) move(months int) period {
	n := p.year*12 + p.month - 1 + months
	p.year, p.month = n/12, n%12+1
	if p.month < 1 {
		p.year, p.month = p.year-1, p.month+12
	}
	return p
}

// start returns the first day of the first week, as a day since 1970. As in ISO 8601, that is the week of the first Thursday.
func (p period) start() int64 {
	first := time.Date(p.year, time.Month(p.month), 1, 0, 0, 0, 0, time.UTC)
	weekday := int64(component(first, 'F'))
	day := first.UnixMilli() / millisPerDay
	if weekday > 4 {
		return day + 8 - weekday
	}
	return day - weekday + 1
}

// week returns the number of the week in the year or month (W, w), or the year or month that the week belongs to (X, x).
func week(t time.Time, letter byte) int {
	p := period{year: t.Year(), month: 1, step: 12}
	if letter == 'w' || letter == 'x' {
		p = period{year: t.Year(), month: int(t.Month()), step: 1}
	}
	today := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).UnixMilli() / millisPerDay
	switch {
	case today < p.start():
		p = p.last()
	case today >= p.next().start():
		p = p.next()
	}
	switch letter {
	case 'X':
		return p.year
	case 'x':
		return p.month
	}
	return int((today-p.start())/7) + 1
}
