package picture

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// marker is one part of a time's picture: a literal text, or a component with the way to print it.
type marker struct {
	literal   string
	component byte // 0 for a literal
	form      string
	second    byte // a, t, c, o behind the form
	named     bool
	letters   letterCase // of names
	integer   *integerFormat
	most      int // the greatest width, 0 when there is none
	year      int // how many digits of a year are shown, 0 for all
}

var defaultForms = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

const integerComponents = "YMDdFWwXxHhmsf"

// analyseTime cuts a picture at its brackets. A doubled bracket stands for itself.
func analyseTime(picture string) ([]*marker, error) {
	var out []*marker
	literal := func(text string) {
		if text != "" {
			out = append(out, &marker{literal: strings.ReplaceAll(text, "]]", "]")})
		}
	}
	for {
		before, rest, found := strings.Cut(picture, "[")
		literal(before)
		if !found {
			return out, nil
		}
		if strings.HasPrefix(rest, "[") {
			literal("[")
			picture = rest[1:]
			continue
		}
		inside, after, found := strings.Cut(rest, "]")
		if !found {
			return nil, &Error{Code: "D3135"}
		}
		var previous *marker
		if len(out) > 0 {
			previous = out[len(out)-1]
		}
		m, err := analyseMarker(inside, previous)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
		picture = after
	}
}

func analyseMarker(text string, previous *marker) (*marker, error) {
	text = strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, text)
	if text == "" || defaultForms[text[0]] == "" {
		subject := ""
		if text != "" {
			subject = string([]rune(text)[:1])
		}
		return nil, &Error{"D3132", subject}
	}
	m := &marker{component: text[0], form: text[1:]}
	least := 0
	if at := strings.LastIndexByte(m.form, ','); at >= 0 {
		least, m.most = widths(m.form[at+1:])
		m.form = m.form[:at]
	}
	if last := len(m.form) - 1; last > 0 && strings.IndexByte("atco", m.form[last]) >= 0 {
		m.form, m.second = m.form[:last], m.form[last]
	}
	if m.form == "" {
		m.form = defaultForms[m.component]
	}
	return m, m.analyse(least, previous)
}

// maxWidth is how many digits or letters a component may be given.
const maxWidth = 100

func widths(text string) (least, most int) {
	low, high, _ := strings.Cut(text, "-")
	least, _ = strconv.Atoi(low)
	most, _ = strconv.Atoi(high)
	return min(least, maxWidth), min(most, maxWidth)
}

// analyse reads the form of a component: a name, or the picture of an integer.
func (m *marker) analyse(least int, previous *marker) (err error) {
	switch {
	case m.form[0] == 'n':
		m.named = true
	case strings.HasPrefix(m.form, "Nn"):
		m.named, m.letters = true, title
	case m.form[0] == 'N':
		m.named, m.letters = true, upper
	case strings.IndexByte(integerComponents, m.component) >= 0:
		picture := m.form
		if m.second != 0 {
			picture += ";" + string(m.second)
		}
		if m.integer, err = analyseInteger(picture); err != nil {
			return err
		}
		m.integer.mandatory = max(m.integer.mandatory, least)
		if m.component == 'Y' {
			m.analyseYear()
		}
		// Two numbers with nothing between them: the first must have a fixed width to be read.
		if previous != nil && previous.integer != nil {
			previous.integer.parseWidth = previous.integer.mandatory
		}
	}
	if m.component == 'Z' || m.component == 'z' {
		m.integer, err = analyseInteger(m.form)
	}
	return err
}

func (m *marker) analyseYear() {
	if m.most > 0 {
		m.year, m.integer.mandatory = m.most, m.most
	} else if n := m.integer.mandatory + m.integer.optional; n >= 2 {
		m.year = n
	}
}

var (
	days   = []string{"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	months = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
		"December"}
)

// FormatDateTime prints a time by a picture. The zone is an offset as +hhmm, or empty for UTC.
func FormatDateTime(millis int64, picture, zone string) (string, error) {
	markers, err := analyseTime(picture)
	if err != nil {
		return "", err
	}
	hours, minutes := offset(zone)
	t := time.UnixMilli(millis + int64(60*hours+minutes)*60_000).UTC()
	var out strings.Builder
	for _, m := range markers {
		text, err := m.print(t, hours, minutes)
		if err != nil {
			return "", err
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

// offset reads +hhmm. As in the reference, hours are rounded down, also of negative offsets.
func offset(zone string) (hours, minutes int) {
	f, _ := leadingInteger(zone)
	n := int(max(-100_000, min(100_000, f)))
	hours, minutes = n/100, n%100
	if minutes < 0 {
		hours--
	}
	return hours, minutes
}

func (m *marker) print(t time.Time, hours, minutes int) (string, error) {
	switch m.component {
	case 0:
		return m.literal, nil
	case 'Z', 'z':
		return m.printZone(hours, minutes)
	case 'P':
		text := "am"
		if t.Hour() >= 12 {
			text = "pm"
		}
		if m.letters == upper {
			text = strings.ToUpper(text)
		}
		return text, nil
	case 'C', 'E':
		return "ISO", nil
	}
	n := component(t, m.component)
	if m.named {
		return m.printName(n)
	}
	if m.year > 0 && m.year < 10 {
		for most := pow10(m.year); n >= most; {
			n %= most
		}
	}
	return m.integer.print(float64(n))
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

func (m *marker) printName(n int) (string, error) {
	var name string
	switch m.component {
	case 'M', 'x':
		name = months[n-1]
	case 'F':
		name = days[n]
	default:
		return "", &Error{"D3133", string(m.component)}
	}
	switch m.letters {
	case upper:
		name = strings.ToUpper(name)
	case lower:
		name = strings.ToLower(name)
	}
	if m.most > 0 && len(name) > m.most {
		name = name[:m.most]
	}
	return name, nil
}

// printZone prints an offset: with a separator, or as hours alone where they are enough.
func (m *marker) printZone(hours, minutes int) (string, error) {
	n := hours*100 + minutes
	if n == 0 && m.second == 't' {
		return "Z", nil
	}
	text, err := m.zoneDigits(hours, minutes)
	if err != nil {
		return "", err
	}
	if n >= 0 {
		text = "+" + text
	}
	if m.component == 'z' {
		text = "GMT" + text
	}
	return text, nil
}

func (m *marker) zoneDigits(hours, minutes int) (string, error) {
	n := float64(hours*100 + minutes)
	if m.integer.groups > 0 {
		return m.integer.print(n)
	}
	switch m.integer.mandatory {
	case 1, 2:
		text, err := m.integer.print(float64(hours))
		if err == nil && minutes != 0 {
			var rest string
			rest, err = FormatInteger(float64(minutes), "00")
			text += ":" + rest
		}
		return text, err
	case 3, 4:
		return m.integer.print(n)
	}
	return "", &Error{"D3134", strconv.Itoa(m.integer.mandatory)}
}
