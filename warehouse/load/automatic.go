package load

import (
	"strconv"
	"strings"
	"time"
)

// dates are the forms that 'auto' knows, tried in this order.
var dates = compileAll("YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYY.DDD", "MM/DD/YYYY", "MM-DD-YYYY", "MM.DD.YYYY", "DD/MM/YYYY",
	"DD-MM-YYYY", "DD.MM.YYYY", "MM/DD/YY", "MM-DD-YY", "MON-DD-YYYY", "MON-DD-YY", "DD-MON-YYYY", "DD-MON-YY", "DD MON YYYY",
	"MON DD, YYYY", "MON DD YYYY", "YYYY-MON-DD", "YYYYMMDD", "YYMMDD", "DDMONYYYY")

// timeInside are forms with the year behind the time.
var timeInside = compileAll("DD MON HH:MI:SS YYYY", "MON DD HH:MI:SS YYYY")

// clocks are the forms of a time.
var clocks = compileAll("HH:MI:SS AM", "HH:MI:SSAM", "HH:MI:SS", "HH:MI AM", "HH:MIAM", "HH:MI", "HHMISS")

func compileAll(texts ...string) []*pattern {
	var list []*pattern
	for _, text := range texts {
		list = append(list, must(text))
	}
	return list
}

// anyMoment reads a date, with or without a time, in one of the forms of 'auto'.
func anyMoment(text string) (moment, bool) {
	text, before := strings.CutSuffix(text, " BC")
	m, ok := anyForm(text)
	if before && ok {
		year := m.Year()
		if year > 1900 && !strings.Contains(text, strconv.Itoa(year)) {
			year %= 100
		}
		m.Time = m.AddDate(1-year-m.Year(), 0, 0)
	}
	return m, ok
}

func anyForm(text string) (moment, bool) {
	if rest, ok := strings.CutPrefix(text, "J"); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return julian(rest)
	}
	for _, p := range timeInside {
		if m, ok := p.moment(text); ok {
			return m, true
		}
	}
	for _, p := range dates {
		s := reading{text: text}
		if !s.run(p) {
			continue
		}
		day, ok := s.day()
		if !ok {
			continue
		}
		if m, ok := clock(day, text[s.at:]); ok {
			return m, true
		}
	}
	return moment{}, false
}

// julian reads a Julian day number, at which its days begin at midnight.
func julian(text string) (moment, bool) {
	const epoch = 2440588
	number, rest, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 10_000_000 {
		return moment{}, false
	}
	return clock(time.Unix(0, 0).UTC().AddDate(0, 0, n-epoch), rest)
}

// zones are the abbreviations of time zones that 'auto' knows, in hours east of UTC.
var zones = map[string]int{"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "BST": 1, "MSK": 3, "JST": 9,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}

// finishZone reads a zone, if there is one, and then must be at the end.
func (s *reading) finishZone() bool {
	rest := strings.TrimSpace(s.text[s.at:])
	if rest == "" {
		return true
	}
	if hours, ok := zones[strings.ToUpper(rest)]; ok {
		s.offset = time.Duration(hours) * time.Hour
		return true
	}
	if rest[0] != '+' && rest[0] != '-' {
		return false
	}
	number := strings.ReplaceAll(rest[1:], ":", "")
	if len(number) < 1 || len(number) > 4 || strings.Trim(number, "0123456789") != "" {
		return false
	}
	if len(number) <= 2 {
		number += "00"
	}
	n, err := strconv.Atoi(number)
	s.offset = time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
	if rest[0] == '-' {
		s.offset = -s.offset
	}
	return err == nil
}
