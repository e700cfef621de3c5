package schedule

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// cron is the six fields of a cron expression.
type cron struct {
	minutes, hours, months set
	years                  years
	days                   daysOfMonth
	weekdays               daysOfWeek
	// byWeekday says that the day of the week decides, and the day of the month is ?.
	byWeekday bool
}

// daysOfMonth are numbers, and days that depend on the month.
type daysOfMonth struct {
	numbers     set
	last        bool // L
	lastWeekday bool // LW
	nearest     set  // 15W: the weekday nearest to the 15th
}

// daysOfWeek are numbers from 1, Sunday, and weekdays that come once a month.
type daysOfWeek struct {
	numbers set
	last    set    // 6L: the last Friday
	nth     [6]set // 3#2: the second Tuesday is 3 in nth[2]
}

// next returns the first time behind a moment whose zone is the schedule's.
func (c *cron) next(after time.Time) (time.Time, bool) {
	year, month, day := after.Date()
	hour := after.Hour()
	for ; year <= lastYear; year, month, day, hour = year+1, time.January, 1, 0 {
		if !c.years.has(year) {
			continue
		}
		for ; month <= time.December; month, day, hour = month+1, 1, 0 {
			if !c.months.has(int(month)) {
				continue
			}
			for ; day <= daysIn(year, month); day, hour = day+1, 0 {
				if !c.onDay(year, month, day) {
					continue
				}
				if t, ok := c.onClock(year, month, day, hour, after); ok {
					return t, true
				}
			}
		}
	}
	return time.Time{}, false
}

// onClock returns the first time of a day from an hour on that is behind a moment.
func (c *cron) onClock(year int, month time.Month, day, hour int, after time.Time) (time.Time, bool) {
	for ; hour < 24; hour++ {
		if !c.hours.has(hour) {
			continue
		}
		for minute := range 60 {
			if !c.minutes.has(minute) {
				continue
			}
			if t, ok := clock(year, month, day, hour, minute, 0, after.Location()); ok && t.After(after) {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

func (c *cron) onDay(year int, month time.Month, day int) bool {
	if c.byWeekday {
		return c.weekdays.have(year, month, day)
	}
	return c.days.have(year, month, day)
}

func (d *daysOfMonth) have(year int, month time.Month, day int) bool {
	if d.numbers.has(day) || d.last && day == daysIn(year, month) || d.lastWeekday && day == nearestWeekday(year, month, 31) {
		return true
	}
	// A month without the day has no weekday near it.
	for near := max(day-2, 1); near <= min(day+2, daysIn(year, month)); near++ {
		if d.nearest.has(near) && day == nearestWeekday(year, month, near) {
			return true
		}
	}
	return false
}

func (d *daysOfWeek) have(year int, month time.Month, day int) bool {
	weekday := int(weekdayOf(year, month, day)) + 1
	return d.numbers.has(weekday) || d.last.has(weekday) && day+7 > daysIn(year, month) || d.nth[(day-1)/7+1].has(weekday)
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func weekdayOf(year int, month time.Month, day int) time.Weekday {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday()
}

// nearestWeekday returns the day from Monday to Friday that is nearest to a day, within its month.
func nearestWeekday(year int, month time.Month, day int) int {
	last := daysIn(year, month)
	day = min(day, last)
	switch weekdayOf(year, month, day) {
	case time.Saturday:
		if day == 1 {
			return 3
		}
		return day - 1
	case time.Sunday:
		if day == last {
			return day - 2
		}
		return day + 1
	}
	return day
}

func parseCron(text string) (*cron, error) {
	fields := strings.Fields(text)
	if len(fields) != 6 {
		return nil, fault.Invalidf("cron has six fields, not %d: minutes, hours, day of month, month, day of week and year", len(fields))
	}
	c := &cron{byWeekday: fields[2] == "?"}
	if c.byWeekday == (fields[4] == "?") {
		return nil, fault.Invalidf("one of day of month and day of week must be ?, and the other not")
	}
	var err error
	read := func(f field, text string, into func(item) error) {
		if err == nil {
			err = f.each(text, into)
		}
	}
	read(minuteField, fields[0], c.minutes.put)
	read(hourField, fields[1], c.hours.put)
	if c.byWeekday {
		read(dayOfWeekField, fields[4], c.weekdays.put)
	} else {
		read(dayOfMonthField, fields[2], c.days.put)
	}
	read(monthField, fields[3], c.months.put)
	read(yearField, fields[5], c.years.put)
	return c, err
}
