package warehouse

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/redshift/plpgsql"
)

// Text returns a value of a row in the text form that Redshift's clients print. A null has no text: ok is false.
func Text(c Column, v any) (text string, ok bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case bool:
		return map[bool]string{true: "t", false: "f"}[v], true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return floatText(c, v), true
	case string:
		return v, true
	case []byte:
		return hex.EncodeToString(v), true
	case time.Time:
		return timeText(c, v), true
	}
	return fmt.Sprint(v), true
}

// floatText writes the shortest decimal that reads back as the same number, as PostgreSQL does.
func floatText(c Column, f float64) string {
	bits, digits := 64, 15
	if c.Type == "float4" {
		bits, digits = 32, 6
	}
	switch {
	case math.IsInf(f, 0):
		return strings.TrimPrefix(fmt.Sprint(f), "+") + "inity"
	case math.IsNaN(f):
		return "NaN"
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-4 || abs >= math.Pow10(digits)) {
		format = 'e'
	}
	return strconv.FormatFloat(f, format, -1, bits)
}

var timeLayouts = map[string]string{"date": "2006-01-02", "time": "15:04:05.999999", "timetz": "15:04:05.999999-07",
	"timestamp": "2006-01-02 15:04:05.999999", "timestamptz": "2006-01-02 15:04:05.999999-07"}

func timeText(c Column, t time.Time) string {
	layout := timeLayouts[c.Type]
	if layout == "" {
		layout = timeLayouts["timestamp"]
	}
	if _, east := t.Zone(); east%3600 != 0 && strings.HasSuffix(layout, "-07") {
		layout += ":00"
	}
	return t.Format(layout)
}

// valueOf reads a text form back into the value that a row has.
func valueOf(c Column, v plpgsql.Value) any {
	if v.Null {
		return nil
	}
	switch c.Type {
	case "bool":
		return v.Text == "t"
	case "int2", "int4", "int8":
		if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return n
		}
	case "float4", "float8":
		if f, err := strconv.ParseFloat(v.Text, 64); err == nil {
			return f
		}
	}
	if layout := timeLayouts[c.Type]; layout != "" {
		if t, err := time.Parse(layout, v.Text); err == nil {
			return t
		}
	}
	return v.Text
}
