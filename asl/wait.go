package asl

import (
	"regexp"
	"time"
)

// maxSeconds bounds every number of seconds in a definition.
const maxSeconds = 99999999

func (o *object) readWait(s *State) {
	o.exactlyOne("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
	s.Wait = &Wait{
		Seconds:   Number{Constant: o.integer("Seconds", limits{0, maxSeconds}), Path: o.pathOnly("SecondsPath")},
		Timestamp: Text{Constant: o.timestamp("Timestamp"), Path: o.pathOnly("TimestampPath")},
	}
}

func (o *object) timestamp(name string) *string {
	text := o.constant(name)
	if text != nil && !isTimestamp(*text) {
		o.invalid(o.at(name), "String does not match RFC3339 timestamp")
		return nil
	}
	return text
}

var timestampShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)

// ParseTimestamp reads the profile of RFC 3339 that the States Language prescribes: an upper-case T, and Z or an offset. The shape is
// checked apart, because time.Parse is more lenient.
func ParseTimestamp(text string) (at time.Time, ok bool) {
	if !timestampShape.MatchString(text) {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339, text)
	return at, err == nil
}

func isTimestamp(text string) bool {
	_, ok := ParseTimestamp(text)
	return ok
}
