package function

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// dateLayouts are the spellings of a date that Redshift reads without a format, as layouts of package time. Words are in
// lower case with a capital letter at their start, as ParseTimestamp prepares them.
var dateLayouts = []string{"2006-1-2", "20060102", "1/2/2006", "1-2-2006", "Jan 2, 2006", "January 2, 2006", "Jan 2 2006",
	"January 2 2006", "Jan-2-2006", "January-2-2006", "2 Jan 2006", "2 January 2006", "2-Jan-2006", "2-January-2006", "2006-Jan-2",
	"2006 Jan 2", "2006/1/2", "2006.1.2", "1/2/06", "Jan-2-06", "2-Jan-06", "060102", "2006.002", "2006 January 2", "2006-January-2",
	"2006-1", "2006"}

// timeLayouts are the spellings of a time of day; an empty one stands for midnight.
var timeLayouts = []string{"", " 15:04:05.999999999", " 15:04", " 150405", " 3:04:05.999999999 PM", " 3:04 PM", " 3:04:05.999999999PM",
	" 3:04PM", " 15"}

// ParseDate reads a date in any of the spellings that a cast from text understands; a time of day is dropped.
func ParseDate(text string) (time.Time, error) {
	t, err := ParseTimestamp(text)
	if err != nil {
		return t, fault.Invalidf("invalid input syntax for type date: %q", text).WithCode("22007")
	}
	return t.Truncate(24 * time.Hour), nil
}

// ParseTimestamp reads a point in time as a cast from text does. An offset or zone is dropped, the local time stays.
func ParseTimestamp(text string) (time.Time, error) {
	t, _, err := parseInstant(text)
	return t, err
}

// ParseTimestampTZ reads a point in time as a cast from text does; without an offset or zone it is UTC.
func ParseTimestampTZ(text string) (time.Time, error) {
	t, zone, err := parseInstant(text)
	if err != nil || zone == nil {
		return t, err
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UTC(), nil
}

// ParseTimeTZ reads a time of day with an offset or zone, and returns it as hh:mm:ss with an offset.
func ParseTimeTZ(text string) (string, error) {
	t, zone, err := parseInstant("2000-01-01 " + text)
	if err != nil {
		return "", fault.Invalidf("invalid input syntax for type time with time zone: %q", text).WithCode("22007")
	}
	if zone == nil {
		zone = time.UTC
	}
	return inZone(t, zone).Format("15:04:05.999999-07:00"), nil
}

// parseInstant returns the local time as if it were UTC, and the zone that was written, nil without one.
func parseInstant(text string) (time.Time, *time.Location, error) {
	if t, ok := readLayouts(tidy(text)); ok {
		return t, nil, nil
	}
	local, zone := cutZone(strings.TrimSpace(text))
	if zone != nil {
		if t, ok := readLayouts(tidy(local)); ok {
			return t, zone, nil
		}
	}
	return time.Time{}, nil, fault.Invalidf("invalid input syntax for type timestamp: %q", text).WithCode("22007")
}

// tidy joins white space, gives words the case that layouts have, and drops names of days.
func tidy(text string) string {
	fields := strings.Fields(strings.ReplaceAll(text, ",", ", "))
	var kept []string
	for _, f := range fields {
		f = titleWords(f)
		if len(f) >= 3 && weekdays[strings.TrimSuffix(strings.ToLower(f), ",")] {
			continue
		}
		kept = append(kept, f)
	}
	s := strings.Join(kept, " ")
	if i := strings.IndexByte(s, 'T'); i > 0 && s[i-1] >= '0' && s[i-1] <= '9' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
		s = s[:i] + " " + s[i+1:]
	}
	return s
}

var weekdays = func() map[string]bool {
	set := map[string]bool{}
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		set[name], set[name[:3]] = true, true
	}
	return set
}()

// titleWords writes names of months as layouts do; AM, PM and zones stay in capitals.
func titleWords(field string) string {
	lower := strings.ToLower(field)
	for m := time.January; m <= time.December; m++ {
		short := m.String()[:3]
		if i := strings.Index(lower, strings.ToLower(short)); i >= 0 {
			return strings.ToUpper(field[:i]) + short + lower[i+3:]
		}
	}
	return strings.ToUpper(field)
}

func readLayouts(text string) (time.Time, bool) {
	for _, clock := range timeLayouts {
		for _, date := range dateLayouts {
			if t, err := time.Parse(date+clock, text); err == nil {
				return t.Round(time.Microsecond), true
			}
		}
	}
	for _, layout := range []string{"2 Jan 15:04:05 2006", "Jan 2 15:04:05 2006", "Jan 2 15:04:05.999999 2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// cutZone cuts an offset or a zone from the end of a time.
func cutZone(text string) (string, *time.Location) {
	if rest, ok := strings.CutSuffix(text, "Z"); ok {
		return strings.TrimSpace(rest), time.UTC
	}
	if i := strings.LastIndexAny(text, "+-"); i > 0 && strings.Contains(text[:i], ":") {
		if zone := offset(text[i:]); zone != nil {
			return strings.TrimSpace(text[:i]), zone
		}
	}
	i := strings.LastIndexByte(text, ' ')
	if i < 0 {
		return text, nil
	}
	zone, err := zoneOf(text[i+1:])
	if err != nil {
		return text, nil
	}
	return text[:i], zone
}

// offset reads +hh, +hhmm or +hh:mm.
func offset(text string) *time.Location {
	for _, layout := range []string{"-07", "-07:00", "-0700", "-07:00:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			_, seconds := t.Zone()
			return time.FixedZone("", seconds)
		}
	}
	return nil
}
