package picture

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var isoForm = regexp.MustCompile(`^(\d{4})(?:-([01]\d))?(?:-([0-3]\d))?(?:T([0-2]\d):([0-5]\d):([0-5]\d))?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$`)

// ParseISO reads an ISO 8601 time; ok is false for anything else. Without a zone it is UTC.
func ParseISO(text string) (millis float64, ok bool) {
	part := isoForm.FindStringSubmatch(text)
	if part == nil {
		return 0, false
	}
	number := func(i, standard int) int {
		if n, err := strconv.Atoi(part[i]); err == nil {
			return n
		}
		return standard
	}
	month, day, hour := number(2, 1), number(3, 1), number(4, 0)
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 {
		return 0, false
	}
	t := time.Date(number(1, 0), time.Month(month), day, hour, number(5, 0), number(6, 0), 0, time.UTC).UnixMilli()
	fraction, _ := strconv.ParseFloat("0"+part[7], 64)
	t += int64(math.Trunc(fraction*1000 + 1e-9))
	if zone := part[8]; zone != "" && zone != "Z" {
		digits, _ := strconv.Atoi(strings.ReplaceAll(zone[1:], ":", ""))
		minutes := int64(digits/100*60 + digits%100)
		if zone[0] == '-' {
			minutes = -minutes
		}
		t -= minutes * 60_000
	}
	return float64(t), true
}

// reader reads one component of a text.
type reader struct {
	pattern string
	parse   func(text string) (float64, bool)
}

// maxTime is how long the text of a time can be, in bytes.
const maxTime = 1000

// ParseDateTime reads a time by a picture. What the picture does not say to the left of its first component is taken from now, what
// it does not say behind its last one is the least. Without a match ok is false.
func ParseDateTime(text, picture string, now time.Time) (millis float64, ok bool, err error) {
	markers, err := analyseTime(picture)
	if err != nil || len(text) > maxTime {
		return 0, false, err
	}
	pattern := "(?i)^"
	readers := make([]reader, len(markers))
	for i, m := range markers {
		if readers[i], err = m.reader(); err != nil {
			return 0, false, err
		}
		pattern += "(" + readers[i].pattern + ")"
	}
	form, err := regexp.Compile(pattern + "$")
	if err != nil {
		return 0, false, &Error{Code: "D3136"}
	}
	parts := form.FindStringSubmatch(text)
	if parts == nil {
		return 0, false, nil
	}
	found := map[byte]float64{}
	for i, m := range markers {
		if m.component == 0 {
			continue
		}
		if f, ok := readers[i].parse(parts[i+1]); ok {
			found[m.component] = f
		}
	}
	if len(found) == 0 {
		return 0, false, nil
	}
	return assemble(found, now.UTC())
}

func (m *marker) reader() (reader, error) {
	switch {
	case m.component == 0:
		return reader{pattern: regexp.QuoteMeta(m.literal)}, nil
	case m.component == 'Z' || m.component == 'z':
		return m.zoneReader(), nil
	case m.component == 'f':
		return reader{"[0-9]+", func(text string) (float64, bool) {
			f, err := strconv.ParseFloat("0."+text[:min(3, len(text))], 64)
			return f * 1000, err == nil
		}}, nil
	case m.integer != nil:
		return m.integer.reader()
	}
	return m.nameReader()
}

func (m *marker) zoneReader() reader {
	pattern, separator := "[-+][0-9]+", ""
	if m.integer.groups > 0 {
		separator = string(m.integer.separators[0].char)
		pattern += regexp.QuoteMeta(separator) + "[0-9]+"
	}
	if m.component == 'z' {
		pattern = "GMT" + pattern
	}
	return reader{pattern, func(text string) (float64, bool) {
		if m.component == 'z' {
			text = text[len("GMT"):]
		}
		hours, minutes := text, ""
		if separator != "" {
			hours, minutes, _ = strings.Cut(text, separator)
		} else if len(text) > 3 {
			hours, minutes = text[:3], text[3:]
		}
		h, ok := leadingInteger(hours)
		n, _ := leadingInteger(minutes)
		return h*60 + n, ok
	}}
}

func (m *marker) nameReader() (reader, error) {
	values := map[string]float64{}
	add := func(names []string, first int) {
		for i, name := range names {
			if m.most > 0 {
				name = name[:min(m.most, len(name))]
			}
			values[name] = float64(i + first)
		}
	}
	switch m.component {
	case 'M', 'x':
		add(months, 1)
	case 'F':
		add(days[1:], 1)
	case 'P':
		values = map[string]float64{"am": 0, "AM": 0, "pm": 1, "PM": 1}
	default:
		return reader{}, &Error{"D3133", string(m.component)}
	}
	return reader{"[a-zA-Z]+", func(text string) (float64, bool) {
		f, ok := values[text]
		return f, ok
	}}, nil
}

func (f *integerFormat) reader() (reader, error) {
	pattern := "[0-9]+"
	switch f.primary {
	case sequence:
		return reader{}, &Error{"D3130", f.token}
	case alphabetic:
		pattern = "[a-z]+"
	case roman:
		pattern = "[mdclxvi]+"
	case worded:
		pattern = `(?:` + strings.Join(wordList, "|") + `|and|[\-, ])+`
	case decimal:
		if f.parseWidth > 0 {
			pattern = "[0-9]{" + strconv.Itoa(min(f.parseWidth, maxWidth)) + "}"
		}
		if f.ordinal {
			pattern += "(?:th|st|nd|rd)"
		}
	}
	return reader{pattern, f.parse}, nil
}

var wordList = slices.Sorted(maps.Keys(wordValues))
