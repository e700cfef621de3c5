package jsonata

import (
	"math"
	"strings"

	"github.com/stepwell/stepwell/jsonata/picture"
)

func toMillis(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	pattern, given, err := c.picture(1, s)
	if err != nil {
		return nil, err
	}
	if !given {
		f, ok := picture.ParseISO(s)
		if !ok {
			return nil, failWith("D3110", s)
		}
		return f, nil
	}
	f, ok, err := picture.ParseDateTime(s, pattern, c.now)
	if err != nil || !ok {
		return nil, coded(err)
	}
	return f, nil
}

func fromMillis(c *call) (item, error) {
	f, ok := float(c.arg(0))
	if !ok {
		return nil, nil
	}
	return formatTime(c, f, 1)
}

const isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

// formatTime prints a time by the picture that is argument i, with the offset behind it.
func formatTime(c *call, millis float64, i int) (item, error) {
	pattern, given, err := c.picture(i, "")
	if err != nil {
		return nil, err
	}
	if !given {
		pattern = isoPicture
	}
	zone, _ := str(c.arg(i + 1))
	if math.Abs(millis) > 8.64e15 {
		return nil, failWith("D1001", millis)
	}
	s, err := picture.FormatDateTime(int64(math.Trunc(millis)), pattern, strings.TrimSpace(zone))
	return pictured(c, s, err)
}

func now(c *call) (item, error) {
	return formatTime(c, float64(c.now.UnixMilli()), 0)
}

func millis(c *call) (item, error) { return float64(c.now.UnixMilli()), nil }
