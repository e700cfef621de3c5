package load

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// pattern is a DATEFORMAT or TIMEFORMAT. open says that the usual forms of a time may follow the date.
type pattern struct {
	items      []item
	open       bool
	directives string // the items as strftime spells them, for error texts
}

// item is one token of a pattern, or a literal character when token is empty.
type item struct {
	token   string
	literal byte
	fixed   bool // the next item is a number too, so this one has all its digits
}

// automatic stands for 'auto'.
var automatic = &pattern{directives: "auto"}

var (
	defaultDate      = must("YYYY-MM-DD")
	defaultTimestamp = &pattern{items: defaultDate.items, open: true, directives: "%Y-%m-%d %H:%M:%S"}
)

// tokens are the parts of a pattern, longer ones first where one begins another.
var tokens = []struct{ token, directive string }{{"YYYY", "%Y"}, {"YY", "%y"}, {"MONTH", "%B"}, {"MON", "%b"}, {"MM", "%m"}, {"MI", "%M"},
	{"DDD", "%j"}, {"DD", "%d"}, {"HH24", "%H"}, {"HH12", "%I"}, {"HH", "%H"}, {"SS", "%S"}, {"AM", "%p"}, {"PM", "%p"}}

func must(text string) *pattern {
	p, err := compile(text)
	if err != nil {
		panic(err)
	}
	return p
}

// compile reads a pattern. A letter that begins no token must be a T or stand alone.
func compile(text string) (*pattern, error) {
	p := &pattern{}
	upper := strings.ToUpper(text)
	for i := 0; i < len(text); {
		found := false
		for _, t := range tokens {
			if strings.HasPrefix(upper[i:], t.token) {
				p.items = append(p.items, item{token: t.token})
				p.directives += t.directive
				i += len(t.token)
				found = true
				break
			}
		}
		if found {
			continue
		}
		if c := upper[i]; c >= 'A' && c <= 'Z' && c != 'T' || c >= '0' && c <= '9' {
			return nil, fmt.Errorf("%q at character %d is no part of a date or time", text[i:i+1], i+1)
		}
		p.items = append(p.items, item{literal: text[i]})
		p.directives += text[i : i+1]
		i++
	}
	if len(p.items) == 0 {
		return nil, fmt.Errorf("the format is empty")
	}
	for i := range p.items[:len(p.items)-1] {
		p.items[i].fixed = p.items[i].token != "" && p.items[i+1].token != ""
	}
	return p, nil
}

func (p *pattern) orDefault(d *pattern) *pattern {
	if p == nil {
		return d
	}
	return p
}

// date reads a date and ignores what follows it.
func (p *pattern) date(text string) (time.Time, bool) {
	if p == automatic {
		m, ok := anyMoment(text)
		return m.Truncate(24 * time.Hour), ok
	}
	s := reading{text: text}
	if !s.run(p) || s.at < len(text) && text[s.at] >= '0' && text[s.at] <= '9' {
		return time.Time{}, false
	}
	return s.day()
}

// moment reads a date with its time; nothing but a zone may follow.
func (p *pattern) moment(text string) (moment, bool) {
	if p == automatic {
		return anyMoment(text)
	}
	s := reading{text: text, zone: true, hour: -1}
	if !s.run(p) {
		return moment{}, false
	}
	date, ok := s.day()
	if !ok {
		return moment{}, false
	}
	if p.open {
		return clock(date, text[s.at:])
	}
	if !s.finishZone() {
		return moment{}, false
	}
	t, ok := s.clockTime()
	return moment{Time: date.Add(t), offset: s.offset}, ok
}

// reading is one value while it is read by a pattern.
type reading struct {
	text string
	at   int

	year, month, dayOfMonth, dayOfYear int
	hour, minute, second               int // hour is -1 until it is read
	fraction                           time.Duration
	meridian                           string
	zone                               bool
	offset                             time.Duration
}

func (s *reading) run(p *pattern) bool {
	for _, i := range p.items {
		if i.token == "" {
			if s.at >= len(s.text) || s.text[s.at] != i.literal {
				return false
			}
			s.at++
			continue
		}
		if !s.item(i) {
			return false
		}
	}
	return true
}

func (s *reading) item(i item) (ok bool) {
	switch i.token {
	case "YYYY":
		s.year, ok = s.number(4, 4)
	case "YY":
		if s.year, ok = s.number(2, 2); s.year < 70 {
			s.year += 100
		}
		s.year += 1900
	case "MM":
		s.month, ok = s.number(s.least(i), 2)
	case "MON", "MONTH":
		s.month, ok = s.monthName()
	case "DD":
		s.dayOfMonth, ok = s.number(s.least(i), 2)
	case "DDD":
		s.dayOfYear, ok = s.number(3, 3)
	case "HH", "HH24", "HH12":
		s.hour, ok = s.number(s.least(i), 2)
	case "MI":
		s.minute, ok = s.number(s.least(i), 2)
	case "SS":
		s.second, ok = s.number(s.least(i), 2)
		s.fractions()
	case "AM", "PM":
		ok = s.halfOfDay()
	}
	return ok
}

func (s *reading) least(i item) int {
	if i.fixed {
		return 2
	}
	return 1
}

func (s *reading) number(least, most int) (int, bool) {
	end := s.at
	for end < len(s.text) && end-s.at < most && s.text[end] >= '0' && s.text[end] <= '9' {
		end++
	}
	if end-s.at < least {
		return 0, false
	}
	n, err := strconv.Atoi(s.text[s.at:end])
	s.at = end
	return n, err == nil
}

// fractions reads at most six digits behind the seconds; more are cut.
func (s *reading) fractions() {
	if s.at+1 >= len(s.text) || s.text[s.at] != '.' {
		return
	}
	end, micros, unit := s.at+1, 0, 100_000
	for end < len(s.text) && s.text[end] >= '0' && s.text[end] <= '9' {
		micros += int(s.text[end]-'0') * unit
		unit /= 10
		end++
	}
	if end > s.at+1 {
		s.fraction = time.Duration(micros) * time.Microsecond
		s.at = end
	}
}

func (s *reading) monthName() (int, bool) {
	rest := strings.ToLower(s.text[s.at:])
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if strings.HasPrefix(rest, name) {
			s.at += len(name)
			return int(m), true
		}
		if strings.HasPrefix(rest, name[:3]) {
			s.at += 3
			return int(m), true
		}
	}
	return 0, false
}

func (s *reading) halfOfDay() bool {
	rest := strings.ToUpper(s.text[s.at:])
	for _, m := range []string{"AM", "PM"} {
		if strings.HasPrefix(rest, m) {
			s.meridian = m
			s.at += 2
			return true
		}
	}
	return false
}

func (s *reading) day() (time.Time, bool) {
	if s.dayOfYear > 0 {
		t := time.Date(s.year, time.January, s.dayOfYear, 0, 0, 0, 0, time.UTC)
		return t, t.Year() == s.year
	}
	return calendar(s.year, s.month, s.dayOfMonth)
}

func (s *reading) clockTime() (time.Duration, bool) {
	hour := max(s.hour, 0)
	if s.meridian != "" {
		if hour < 1 || hour > 12 {
			return 0, false
		}
		hour %= 12
		if s.meridian == "PM" {
			hour += 12
		}
	}
	if hour > 23 || s.minute > 59 || s.second > 59 {
		return 0, false
	}
	return time.Duration(hour)*time.Hour + time.Duration(s.minute)*time.Minute + time.Duration(s.second)*time.Second + s.fraction, true
}
