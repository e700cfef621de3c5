package load

import (
	"strconv"
	"strings"
	"time"
)

// dateConverter reads a DATE by DATEFORMAT; what follows the date in the field is ignored.
func dateConverter(o *options) converter {
	return func(text []byte) (cell, *problem) {
		if empty(o, text) {
			return cell{null: true}, nil
		}
		if days, ok := plainDate(text); ok && (o.dateFormat == nil || o.dateFormat == automatic) {
			return cell{integer: days}, nil
		}
		m, ok := o.dateFormat.orDefault(defaultDate).date(trimmed(text))
		switch {
		case ok:
			return cell{integer: m.Unix() / 86400}, nil
		case o.acceptAnyDate:
			return cell{null: true}, nil
		case o.dateFormat == nil && len(text) < len("YYYY-MM-DD"):
			return cell{}, problemf(errDate, "Invalid Date Format - length must be 10 or more")
		}
		return cell{}, problemf(errDate, "Invalid Date Format")
	}
}

// plainDate reads YYYY-MM-DD, which most files have.
func plainDate(text []byte) (days int64, ok bool) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	year, ok1 := digits(text[:4])
	month, ok2 := digits(text[5:7])
	day, ok3 := digits(text[8:])
	if !ok1 || !ok2 || !ok3 {
		return 0, false
	}
	m, ok := calendar(year, month, day)
	return m.Unix() / 86400, ok
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
	finish := func(m moment) cell {
		if zoned {
			return cell{text: m.Add(-m.offset).Format("2006-01-02 15:04:05.999999") + "+00"}
		}
		return cell{integer: m.UnixMicro()}
	}
	return func(text []byte) (cell, *problem) {
		if empty(o, text) {
			return cell{null: true}, nil
		}
		if o.epoch > 0 {
			return epoch(trimmed(text), o, finish)
		}
		m, ok := o.timeFormat.orDefault(defaultTimestamp).moment(trimmed(text))
		switch {
		case ok:
			return finish(m), nil
		case o.acceptAnyDate:
			return cell{null: true}, nil
		}
		return cell{}, problemf(errTimestamp, "Error in Timestamp value or format [%s]", o.timeFormat.orDefault(defaultTimestamp).directives)
	}
}

// convertTime reads a TIME or TIMETZ.
func convertTime(text []byte) (cell, *problem) {
	if len(text) == 0 {
		return cell{null: true}, nil
	}
	if _, ok := clock(time.Unix(0, 0), trimmed(text)); !ok {
		return cell{}, problemf(errTimestamp, "Error in Time value or format [%%H:%%M:%%S]")
	}
	return cell{text: trimmed(text)}, nil
}

func epoch(text string, o *options, finish func(moment) cell) (cell, *problem) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		if o.acceptAnyDate {
			return cell{null: true}, nil
		}
		return cell{}, problemf(errTimestamp, "Error in Timestamp value or format [epoch]")
	}
	return finish(moment{Time: time.UnixMicro(n * (1_000_000 / o.epoch)).UTC()}), nil
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
