package rsql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/syntax"
)

// settings are those of \rset.
type settings struct {
	// levels are off when every failure counts as harmless.
	levels     bool
	severities map[string]int
	// maxError is the severity that a failure may have; it has no meaning while bounded is false.
	maxError int
	bounded  bool
	// heading and rtitle stand above a report while formatted is on.
	heading, rtitle string
	formatted       bool
	dashes          bool
}

// The defaults: the severity of an error that no ERRORLEVEL names, and the width of a report.
const (
	defaultSeverity = 8
	defaultWidth    = 75
)

func newSettings() *settings {
	return &settings{levels: true, severities: map[string]int{}, dashes: true}
}

// severity returns how severe a failure is.
func (s *settings) severity(code string) int {
	if !s.levels {
		return 0
	}
	if n, ok := s.severities[code]; ok {
		return n
	}
	return defaultSeverity
}

func (s *settings) stops(severity int) bool { return s.bounded && severity > s.maxError }

// rsetNames is the order in which \rset lists its settings.
var rsetNames = []string{"errorlevel", "maxerror", "heading", "rtitle", "rformat", "titledashes", "width"}

var rsetters = map[string]func(r *interpreter, words []string) bool{
	"errorlevel":  (*interpreter).setErrorLevel,
	"maxerror":    (*interpreter).setMaxError,
	"heading":     (*interpreter).setHeading,
	"rtitle":      (*interpreter).setTitle,
	"rformat":     (*interpreter).setFormatted,
	"titledashes": (*interpreter).setDashes,
	"width":       (*interpreter).setWidth,
}

// rset is \rset [NAME [VALUE…]].
func (r *interpreter) rset(in *input) outcome {
	words := r.remaining(in, syntax.Normal)
	if in.broken {
		return failed
	}
	if len(words) == 0 {
		for _, name := range rsetNames {
			r.print(r.describeSetting(name), "\n")
		}
		return done
	}
	name := strings.ToLower(words[0])
	set, ok := rsetters[name]
	if !ok {
		r.complain(`\rset: unknown setting "%s": the settings are %s`, words[0], strings.Join(rsetNames, ", "))
		return failed
	}
	if !set(r, words[1:]) {
		return failed
	}
	r.print(r.describeSetting(name))
	if name == "rtitle" || name == "heading" {
		r.print(r.pending())
	}
	r.print("\n")
	return done
}

// pending is what a message says of a setting that has to wait for RFORMAT.
func (r *interpreter) pending() string {
	if r.Dialect == PSQL || r.settings.formatted {
		return ""
	}
	return " (Changes will take effect after RFORMAT is switched ON)"
}

func (r *interpreter) describeSetting(name string) string {
	s := r.settings
	switch name {
	case "errorlevel":
		return "Errorlevel is " + onOff(s.levels) + "."
	case "maxerror":
		if !s.bounded {
			return "Maxerror is default."
		}
		return fmt.Sprintf("Maxerror is %d.", s.maxError)
	case "heading":
		return "Heading is set to: " + s.heading
	case "rtitle":
		return "Rtitle is set to: " + s.rtitle
	case "rformat":
		return "Rformat is " + onOff(s.formatted) + "."
	case "titledashes":
		return "Titledashes is " + onOff(s.dashes) + "."
	}
	return fmt.Sprintf("Target width is %d.", r.width())
}

// setErrorLevel is on, off, or CODE… severity N.
func (r *interpreter) setErrorLevel(words []string) bool {
	if len(words) == 1 {
		if on, ok := syntax.Boolean(words[0]); ok {
			r.settings.levels = on
			return true
		}
	}
	at := slices.IndexFunc(words, func(word string) bool { return strings.EqualFold(word, "severity") })
	if at < 1 || at != len(words)-2 {
		r.complain(`\rset errorlevel: on, off or "CODE severity N" is expected`)
		return false
	}
	severity, err := strconv.Atoi(words[at+1])
	if err != nil || severity < 0 || severity > 255 {
		r.complain(`\rset errorlevel: "%s" is no severity: a number from 0 to 255 is expected`, words[at+1])
		return false
	}
	for _, word := range words[:at] {
		for code := range strings.FieldsFuncSeq(word, func(c rune) bool { return strings.ContainsRune("(),", c) }) {
			if len(code) != 5 {
				r.complain(`\rset errorlevel: "%s" is no SQLSTATE of five characters`, code)
				return false
			}
			r.settings.severities[strings.ToUpper(code)] = severity
		}
	}
	r.settings.levels = true
	return true
}

// setMaxError takes the highest severity that does not end the run; 0 is the default, which never ends it.
func (r *interpreter) setMaxError(words []string) bool {
	n, ok := r.number("maxerror", words)
	if ok {
		r.settings.maxError, r.settings.bounded = n, n > 0
	}
	return ok
}

func (r *interpreter) number(name string, words []string) (int, bool) {
	if len(words) == 1 {
		if n, err := strconv.Atoi(words[0]); err == nil && n >= 0 {
			return n, true
		}
	}
	r.complain(`\rset %s: a number is expected`, name)
	return 0, false
}

func (r *interpreter) setHeading(words []string) bool {
	r.settings.heading = strings.Join(words, " ")
	return true
}

func (r *interpreter) setTitle(words []string) bool {
	r.settings.rtitle = strings.Join(words, " ")
	if r.settings.rtitle != "" {
		r.settings.rtitle = "&DATE||" + r.settings.rtitle
	}
	return true
}

func (r *interpreter) setFormatted(words []string) bool {
	return r.onOff("rformat", words, &r.settings.formatted)
}

func (r *interpreter) setDashes(words []string) bool {
	return r.onOff("titledashes", words, &r.settings.dashes)
}

// onOff switches on when nothing is said.
func (r *interpreter) onOff(name string, words []string, into *bool) bool {
	on, ok := true, len(words) == 0
	if len(words) == 1 {
		on, ok = syntax.Boolean(words[0])
	}
	if !ok {
		r.complain(`\rset %s: on or off is expected`, name)
		return false
	}
	*into = on
	return true
}

// setWidth is \pset columns that asks for wrapped lines, too.
func (r *interpreter) setWidth(words []string) bool {
	if len(words) == 0 {
		return true
	}
	n, ok := r.number("width", words)
	if ok {
		r.format.Columns, r.format.Format = n, report.Wrapped
	}
	return ok
}

// width is how wide a report is.
func (r *interpreter) width() int {
	if r.format.Columns == 0 {
		return defaultWidth
	}
	return r.format.Columns
}

// titles returns the lines above a report, each with its newline.
func (s *settings) titles(now time.Time, width int) string {
	if !s.formatted {
		return ""
	}
	var b strings.Builder
	for _, text := range []string{s.heading, s.rtitle} {
		if text == "" {
			continue
		}
		text = strings.ReplaceAll(text, "&DATE", now.Format("01/02/06"))
		for line := range strings.SplitSeq(text, "//") {
			b.WriteString(strings.TrimRight(laidOut(line, width), " ") + "\n")
		}
	}
	return b.String()
}

// laidOut puts the parts of a line at the left, in the middle and at the right; a part alone stands in the middle.
func laidOut(text string, width int) string {
	parts := strings.Split(text, "||")
	left, centre, right := "", parts[0], ""
	if len(parts) > 1 {
		left, centre = parts[0], parts[1]
	}
	if len(parts) > 2 {
		right = strings.Join(parts[2:], "||")
	}
	line := []rune(strings.Repeat(" ", max(width, 0)))
	put := func(text string, at int) {
		for i, c := range []rune(text) {
			if at+i >= 0 && at+i < len(line) {
				line[at+i] = c
			}
		}
	}
	put(left, 0)
	put(centre, (len(line)-len([]rune(centre)))/2)
	put(right, len(line)-len([]rune(right)))
	return string(line)
}
