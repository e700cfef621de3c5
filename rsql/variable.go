package rsql

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/rsql/syntax"
)

// variables are those of a script with those that steer the interpreter.
type variables struct {
	dialect Dialect
	values  map[string]string
}

// switches are the variables that hold a Boolean; they can be off but not unset.
var switches = []string{"AUTOCOMMIT", "ON_ERROR_STOP", "QUIET", "SINGLELINE"}

// choices are the variables that hold one of some words; the first is what they are when they are unset.
var choices = map[string][]string{
	"ECHO":         {"none", "errors", "queries", "all"},
	"VERBOSITY":    {"default", "verbose", "terse", "sqlstate"},
	"SHOW_CONTEXT": {"errors", "never", "always"},
}

// listed is the order in which a wrong value's message names the words.
var listed = map[string]string{
	"ECHO": "none, errors, queries, all", "VERBOSITY": "default, verbose, terse, sqlstate", "SHOW_CONTEXT": "never, errors, always",
}

// fixed are variables of psql that change nothing here; another value than this one is refused.
var fixed = map[string]string{"FETCH_COUNT": "0", "ON_ERROR_ROLLBACK": "off", "SINGLESTEP": "off", "ECHO_HIDDEN": "off"}

// status are the variables that a statement sets. RSQL finds them in any case.
var status = []string{"ERROR", "ERRORCODE", "SQLSTATE", "ROW_COUNT", "ACTIVITYCOUNT", "LAST_ERROR_MESSAGE", "LAST_ERROR_SQLSTATE"}

func newVariables(d Dialect) *variables {
	v := &variables{dialect: d, values: map[string]string{"AUTOCOMMIT": "on", "ON_ERROR_STOP": "off", "QUIET": "off",
		"SINGLELINE": "off", "LAST_ERROR_MESSAGE": "", "LAST_ERROR_SQLSTATE": "00000"}}
	for name, words := range choices {
		v.values[name] = words[0]
	}
	for name, value := range fixed {
		v.values[name] = value
	}
	if d == RSQL {
		v.values["ERROR"], v.values["ERRORCODE"], v.values["SQLSTATE"], v.values["ACTIVITYCOUNT"] = "false", "00000", "00000", "0"
	}
	return v
}

func (v *variables) lookup(name string) (string, bool) {
	value, ok := v.values[name]
	if upper := strings.ToUpper(name); !ok && v.dialect == RSQL && slices.Contains(status, upper) {
		value, ok = v.values[upper]
	}
	return value, ok
}

// choice returns the word that one of choices holds.
func (v *variables) choice(name string) string { return strings.ToLower(v.values[name]) }

func (v *variables) isOn(name string) bool {
	on, _ := syntax.Boolean(v.values[name])
	return on
}

// note sets a variable whose name and value are ours.
func (v *variables) note(name, value string) { v.values[name] = value }

func (v *variables) assign(s Setting) error {
	if s.Unset {
		v.unset(s.Name)
		return nil
	}
	return v.set(s.Name, s.Value)
}

// set gives a variable a value; those that steer the interpreter accept only what they know.
func (v *variables) set(name, value string) error {
	if !syntax.IsVariableName(name) {
		return fault.Invalidf(`invalid variable name: "%s"`, name)
	}
	switch {
	case slices.Contains(switches, name):
		if value == "" {
			value = "on"
		}
		if _, ok := syntax.Boolean(value); !ok {
			return fault.Invalidf(`unrecognized value "%s" for "%s": Boolean expected`, value, name)
		}
	case choices[name] != nil:
		if !slices.Contains(choices[name], strings.ToLower(value)) {
			return fault.Invalidf("unrecognized value \"%s\" for \"%s\"\nAvailable values are: %s.", value, name, listed[name])
		}
	case fixed[name] != "" && !strings.EqualFold(value, fixed[name]):
		return fault.New(fault.Unsupported, `%s can only be "%s" here`, name, fixed[name])
	}
	v.values[name] = value
	return nil
}

func (v *variables) unset(name string) {
	switch {
	case slices.Contains(switches, name):
		v.values[name] = "off"
	case choices[name] != nil:
		v.values[name] = choices[name][0]
	case fixed[name] != "":
		v.values[name] = fixed[name]
	default:
		delete(v.values, name)
	}
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// list returns all variables as \set shows them.
func (v *variables) list() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(v.values)) {
		b.WriteString(name + " = '" + v.values[name] + "'\n")
	}
	return b.String()
}

// succeeded notes how a statement ended well.
func (v *variables) succeeded(a Answer) {
	v.outcome(false, "00000")
	count := strconv.FormatInt(max(a.Count, 0), 10)
	v.note("ROW_COUNT", count)
	if v.dialect == RSQL {
		v.note("ACTIVITYCOUNT", count)
		if verb, _, _ := strings.Cut(a.Tag, " "); verb == "SELECT" || verb == "COPY" || verb == "UNLOAD" {
			v.note("ROW_COUNT", "0")
		}
	}
}

// failed notes how a statement failed.
func (v *variables) failed(f *Failure) {
	v.outcome(true, f.Code)
	v.note("ROW_COUNT", "0")
	v.note("LAST_ERROR_MESSAGE", f.Message)
	v.note("LAST_ERROR_SQLSTATE", f.Code)
	if v.dialect == RSQL {
		v.note("ACTIVITYCOUNT", "0")
	}
}

func (v *variables) outcome(failed bool, code string) {
	v.note("ERROR", strconv.FormatBool(failed))
	v.note("SQLSTATE", code)
	if v.dialect == RSQL {
		v.note("ERRORCODE", code)
	}
}
