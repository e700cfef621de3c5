package view

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// functions are what templates may call beside the methods of their data.
var functions = template.FuncMap{
	"ago": ago, "took": took, "moment": moment, "iso": iso, "count": count, "bytes": byteSize, "short": short, "percent": percent, "slug": slug, "asset": Asset,
	"dict": dict, "name": lastPart, "visible": visible, "lower": strings.ToLower,
}

// dict makes the data of a part that takes more than one value: dict "Title" "x" "Rows" .Rows.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict needs pairs")
	}
	d := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("the key %v of dict is not a text", pairs[i])
		}
		d[key] = pairs[i+1]
	}
	return d, nil
}

// ago tells a time span roughly, for people: 3 min ago.
func ago(d time.Duration) string {
	switch {
	case d < 0:
		return "in " + rough(-d)
	case d < 2*time.Second:
		return "just now"
	}
	return rough(d) + " ago"
}

func rough(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	}
	return strconv.Itoa(int(d.Hours()/24)) + " days"
}

// took tells a duration with three digits at most: 870 ms, 4.2 s, 3 min 20 s, 2 h 05 min.
func took(d time.Duration) string {
	switch {
	case d < 0:
		return ""
	case d == 0:
		return "0 s"
	case d < time.Millisecond:
		return strconv.FormatInt(d.Microseconds(), 10) + " µs"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 10*time.Second:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < time.Hour:
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}

// moment tells a time in UTC, to the second; nothing for the zero time.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// iso is the time as the attribute datetime has it.
func iso(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// count groups the digits of a whole number: 210 000.
func count(n any) string {
	digits := fmt.Sprint(n)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + " " + digits[at:]
	}
	return sign + digits
}

// byteSize tells a size in binary units: 4.2 MB.
func byteSize(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	size, unit := float64(n), ""
	for _, unit = range []string{"kB", "MB", "GB", "TB"} {
		if size /= 1024; size < 1000 {
			break
		}
	}
	digits := 1
	if size >= 100 {
		digits = 0
	}
	return strconv.FormatFloat(size, 'f', digits, 64) + " " + unit
}

// percent tells a share of one.
func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + " %" }

// short cuts a text to a number of characters, and makes marks of the direction of writing visible.
func short(most int, text string) string {
	text = visible(text)
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// slug is a text as part of a class: TIMED_OUT and "timed out" are timed-out.
func slug(text any) string {
	return strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(fmt.Sprint(text)))
}

// lastPart is the name at the end of an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
