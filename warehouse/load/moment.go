package load

import (
	"strconv"
	"strings"
	"time"
)

// dateConverter reads a DATE by DATEFORMAT; what follows the date in the field is ignored.
func dateConverter(o *options) converter {
	plain := o.dateFormat == nil || o.dateFormat == automatic
	return func(v *Vector, text []byte) *problem {
		if plain && len(text) == 10 {
			if days, ok := plainDate(text); ok {
				return v.integer(days)
			}
		}
		if empty(o, text) {
			return v.null()
		}
		m, ok := o.dateFormat.orDefault(defaultDate).date(string(trimmed(text)))
		switch {
		case ok:
			return v.integer(floorDays(m.Unix()))
		case o.acceptAnyDate:
			return v.null()
		case o.dateFormat == nil && len(text) < len("YYYY-MM-DD"):
			return problemf(errDate, "Invalid Date Format - length must be 10 or more")
		}
		return problemf(errDate, "Invalid Date Format")
	}
}

func floorDays(seconds int64) int64 {
	return (seconds - (seconds%86400+86400)%86400) / 86400
}

// plainDate reads YYYY-MM-DD at the beginning of a text, which most files have.
func plainDate(text []byte) (days int64, ok bool) {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	year, ok1 := digits(text[:4])
	month, ok2 := digits(text[5:7])
	day, ok3 := digits(text[8:10])
	if !ok1 || !ok2 || !ok3 || year == 0 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) {
		return 0, false
	}
	return daysOf(year, month, day), true
}

func monthDays(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysOf counts from 1970-01-01. Years begin in March here, so that the leap day is the last one.
func daysOf(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	return int64(365*year+year/4-year/100+year/400+(153*(month-3)+2)/5+day) - 719469
}

// plainTimestamp reads YYYY-MM-DD HH:MI:SS with up to six digits behind the seconds, which most files have.
func plainTimestamp(text []byte) (micros int64, ok bool) {
	if len(text) < 19 || len(text) == 20 || len(text) > 26 || text[10] != ' ' || text[13] != ':' || text[16] != ':' {
		return 0, false
	}
	days, ok1 := plainDate(text)
	hour, ok2 := digits(text[11:13])
	minute, ok3 := digits(text[14:16])
	second, ok4 := digits(text[17:19])
	if !ok1 || !ok2 || !ok3 || !ok4 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	fraction := 0
	if len(text) > 19 {
		if fraction, ok = digits(text[20:]); !ok || text[19] != '.' {
			return 0, false
		}
		for range 26 - len(text) {
			fraction *= 10
		}
	}
	return (days*86400+int64(hour*3600+minute*60+second))*1e6 + int64(fraction), true
}

func digits(text []byte) (n int, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// calendar makes a date, if there is such a day.
func calendar(year, month, day int) (time.Time, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == day && t.Month() == time.Month(month) && day > 0
}

// timestampConverter reads TIMESTAMP and TIMESTAMPTZ by TIMEFORMAT. A TIMESTAMP keeps the time as it is written, a
// TIMESTAMPTZ is brought to UTC.
func timestampConverter(o *options, zoned bool) converter {
	format := o.timeFormat.orDefault(defaultTimestamp)
	plain := o.epoch == 0 && (o.timeFormat == nil || o.timeFormat == automatic)
	return func(v *Vector, text []byte) *problem {
		if plain {
			if micros, ok := plainTimestamp(text); ok {
				return v.integer(micros)
			}
		}
		if empty(o, text) {
			return v.null()
		}
		m, ok := o.moment(format, string(trimmed(text)))
		switch {
		case ok && zoned:
			return v.integer(m.Add(-m.offset).UnixMicro())
		case ok:
			return v.integer(m.UnixMicro())
		case o.acceptAnyDate:
			return v.null()
		case o.epoch > 0:
			return problemf(errTimestamp, "Error in Timestamp value or format [epoch]")
		}
		return problemf(errTimestamp, "Error in Timestamp value or format [%s]", format.directives)
	}
}

// maxEpoch is the end of the year 294276 in seconds, where Redshift's timestamps end.
const maxEpoch = 9_224_318_016_000

// moment reads a time by a format, or as the number of seconds or milliseconds since 1970.
func (o *options) moment(format *pattern, text string) (moment, bool) {
	if o.epoch == 0 {
		return format.moment(text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n/o.epoch > maxEpoch || n/o.epoch < -maxEpoch {
		return moment{}, false
	}
	return moment{Time: time.UnixMicro(n * (1_000_000 / o.epoch)).UTC()}, true
}

// convertTime reads a TIME or TIMETZ.
func convertTime(v *Vector, text []byte) *problem {
	if len(text) == 0 {
		return v.null()
	}
	if _, ok := clock(time.Unix(0, 0), string(trimmed(text))); !ok {
		return problemf(errTimestamp, "Error in Time value or format [%%H:%%M:%%S]")
	}
	return v.text(trimmed(text))
}

// moment is a point in time as it is written, and how far its zone is east of UTC.
type moment struct {
	time.Time
	offset time.Duration
}

// clock reads what may follow a date: T or blanks, HH:MI[:SS[.ffffff]], a meridian, a zone.
func clock(date time.Time, rest string) (moment, bool) {
	rest = strings.TrimLeft(strings.TrimPrefix(rest, "T"), " ")
	if rest == "" {
		return moment{Time: date}, true
	}
	for _, p := range clocks {
		s := reading{text: rest, zone: true, hour: -1}
		if s.run(p) && s.finishZone() {
			if t, ok := s.clockTime(); ok {
				return moment{Time: date.Add(t), offset: s.offset}, true
			}
		}
	}
	return moment{}, false
}
