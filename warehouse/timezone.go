package warehouse

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// setTimezone changes how moments are read and shown. A number is hours east of Greenwich.
func (s *Session) setTimezone(ctx context.Context, value string) (string, error) {
	name := value
	if hours, err := strconv.Atoi(value); err == nil && hours >= -12 && hours <= 14 {
		// These zones count to the west.
		name = "Etc/GMT" + strconv.FormatInt(int64(-hours), 10)
		if hours <= 0 {
			name = "Etc/GMT+" + strconv.Itoa(-hours)
		}
	}
	row, err := one(ctx, s.conn, "SELECT name FROM pg_timezone_names() WHERE lower(name) = $1 ORDER BY name LIMIT 1", strings.ToLower(name))
	if err != nil {
		return "", err
	}
	if row == nil {
		return "", unknownTimezone(value)
	}
	name = row[0].(string)
	zone, err := time.LoadLocation(name)
	if err != nil {
		return "", unknownTimezone(value)
	}
	if err := s.conn.Set(ctx, "timezone", name); err != nil {
		return "", err
	}
	s.zone = zone
	if name == "UTC" {
		s.zone = nil
	}
	return name, nil
}

func unknownTimezone(value string) error {
	return fault.Invalidf("invalid value for parameter %q: %q", "TimeZone", value).WithCode("22023")
}

// local shows the moments of a row in the session's time zone.
func (s *Session) local(columns []Column, row []any) {
	if s.zone == nil {
		return
	}
	for i, c := range columns {
		if at, ok := row[i].(time.Time); ok && c.Type == "timestamptz" {
			row[i] = at.In(s.zone)
		}
	}
}
