package function

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on the host

	"github.com/stepwell/stepwell/fault"
)

// zoneHours holds the abbreviations that Redshift documents, as hours east of UTC. They know no daylight saving time.
var zoneHours = map[string]float64{"UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
	"PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "WET": 0, "WEST": 1,
	"BST": 1, "MSK": 3, "IST": 5.5, "JST": 9, "KST": 9, "SGT": 8, "HKT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
	"SAST": 2, "ART": -3, "BRT": -3}

var zones memo[*time.Location]

// zoneOf returns the zone of a name of the IANA database, of an abbreviation, or of an offset such as +05:30 or UTC+9.
func zoneOf(name string) (*time.Location, error) { return zones.of(name, findZone) }

func findZone(name string) (*time.Location, error) {
	if hours, ok := zoneHours[strings.ToUpper(name)]; ok {
		return time.FixedZone(name, int(hours*3600)), nil
	}
	if name != "" && strings.ToLower(name) != "local" {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	if zone := offset(name); zone != nil {
		return zone, nil
	}
	if zone, ok := posixOffset(name); ok {
		return zone, nil
	}
	return nil, fault.Invalidf("time zone %q not recognized", name).WithCode("22023")
}

// posixOffset reads UTC+9, NEWZONE -2:15 and the like. POSIX counts hours west of Greenwich, and so does Redshift.
func posixOffset(name string) (*time.Location, bool) {
	i := strings.IndexAny(name, "+-")
	if i < 0 {
		return nil, false
	}
	hours, minutes, _ := strings.Cut(name[i+1:], ":")
	h, err := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	seconds := h*3600 + m*60
	if name[i] == '+' {
		seconds = -seconds
	}
	return time.FixedZone(name, seconds), err == nil && h <= 15
}

// ConvertTimezone moves a local time from one zone to another.
func ConvertTimezone(source, target string, local time.Time) (time.Time, error) {
	from, err := zoneOf(source)
	if err != nil {
		return time.Time{}, err
	}
	to, err := zoneOf(target)
	if err != nil {
		return time.Time{}, err
	}
	moved := inZone(local, from).In(to)
	return inZone(moved, time.UTC), nil
}

// inZone keeps the reading of the clock and changes the zone.
func inZone(t time.Time, zone *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
}
