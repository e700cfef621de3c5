package rsql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/syntax"
)

// property is one setting of \pset.
type property struct {
	// set changes the setting. given says that a value was written; most settings toggle or stay without one.
	set func(f *report.Options, value string, given bool) error
	// say tells how the setting is now.
	say func(f report.Options) string
	// shown is the value in the list of all settings.
	shown func(f report.Options) string
}

// propertyNames is the order of the list.
var propertyNames = []string{"border", "columns", "csv_fieldsep", "expanded", "fieldsep", "footer", "format", "linestyle", "null",
	"numericlocale", "pager", "recordsep", "tableattr", "title", "tuples_only"}

// onOffNames are the settings that hold on or off.
var onOffNames = []string{"footer", "numericlocale", "tuples_only"}

var aliases = map[string]string{"x": "expanded", "vertical": "expanded", "t": "tuples_only", "T": "tableattr", "C": "title"}

var properties = map[string]property{
	"border":        {setBorder, func(f report.Options) string { return fmt.Sprintf("Border style is %d.", f.Border) }, func(f report.Options) string { return strconv.Itoa(f.Border) }},
	"columns":       {setColumns, sayColumns, func(f report.Options) string { return strconv.Itoa(f.Columns) }},
	"csv_fieldsep":  {setCSVFieldSep, func(f report.Options) string { return `Field separator for CSV is "` + f.CSVFieldSep + `".` }, func(f report.Options) string { return quoted(f.CSVFieldSep) }},
	"expanded":      {setExpanded, sayExpanded, func(f report.Options) string { return string(f.Expanded) }},
	"fieldsep":      {textProperty(func(f *report.Options) *string { return &f.FieldSep }), func(f report.Options) string { return `Field separator is "` + f.FieldSep + `".` }, func(f report.Options) string { return quoted(f.FieldSep) }},
	"footer":        switchProperty("footer", "Default footer", func(f *report.Options) *bool { return &f.Footer }),
	"format":        {setFormat, func(f report.Options) string { return "Output format is " + string(f.Format) + "." }, func(f report.Options) string { return string(f.Format) }},
	"linestyle":     {setLineStyle, func(report.Options) string { return "Line style is ascii." }, func(report.Options) string { return "ascii" }},
	"null":          {textProperty(func(f *report.Options) *string { return &f.Null }), func(f report.Options) string { return `Null display is "` + f.Null + `".` }, func(f report.Options) string { return quoted(f.Null) }},
	"numericlocale": switchProperty("numericlocale", "Locale-adjusted numeric output", func(f *report.Options) *bool { return &f.NumericLocale }),
	"pager":         {setPager, func(report.Options) string { return "Pager usage is off." }, func(report.Options) string { return "0" }},
	"recordsep":     {textProperty(func(f *report.Options) *string { return &f.RecordSep }), sayRecordSep, func(f report.Options) string { return quoted(f.RecordSep) }},
	"tableattr":     {clearing(func(f *report.Options) *string { return &f.TableAttr }), sayTableAttr, func(f report.Options) string { return quotedIfSet(f.TableAttr) }},
	"title":         {clearing(func(f *report.Options) *string { return &f.Title }), sayTitle, func(f report.Options) string { return quotedIfSet(f.Title) }},
	"tuples_only":   switchProperty("tuples_only", "Tuples only", func(f *report.Options) *bool { return &f.TuplesOnly }),
}

func quoted(text string) string {
	return "'" + strings.NewReplacer("'", `\'`, "\n", `\n`).Replace(text) + "'"
}

func quotedIfSet(text string) string {
	if text == "" {
		return ""
	}
	return quoted(text)
}

// pset is \pset [NAME [VALUE]].
func (r *interpreter) pset(in *input) outcome {
	in.scanner.StripQuotes = r.Dialect == RSQL
	name, ok := r.argument(in, syntax.Normal)
	if !ok {
		for _, name := range propertyNames {
			r.print(fmt.Sprintf("%-24s %s\n", name, properties[name].shown(r.format)))
		}
		return done
	}
	value, given := r.argument(in, syntax.Normal)
	return r.setProperty(name, value, given)
}

func (r *interpreter) setProperty(name, value string, given bool) outcome {
	if other, ok := aliases[name]; ok {
		name = other
	}
	p, ok := properties[name]
	if !ok {
		r.complain(`\pset: unknown option: %s`, name)
		return failed
	}
	if err := p.set(&r.format, value, given); err != nil {
		r.complain("%s", err)
		return failed
	}
	// psql says nothing of a switch that is set to a value.
	silent := r.Dialect == PSQL && slices.Contains(onOffNames, name) && given
	if !r.variables.isOn("QUIET") && !silent {
		r.print(p.say(r.format), r.pending(), "\n")
	}
	return done
}

// Pset changes a setting as -P NAME=VALUE does.
func Pset(f *report.Options, setting string) error {
	name, value, given := strings.Cut(setting, "=")
	if other, ok := aliases[name]; ok {
		name = other
	}
	p, ok := properties[name]
	if !ok {
		return fault.Invalidf(`\pset: unknown option: %s`, name)
	}
	return p.set(f, value, given)
}

// number reads the digits that a text begins with; anything else is 0, as in psql.
func number(text string) int {
	n, _ := strconv.Atoi(text[:len(text)-len(strings.TrimLeft(text, "0123456789"))])
	return min(n, 65535)
}

func setBorder(f *report.Options, value string, given bool) error {
	if given {
		f.Border = number(value)
	}
	return nil
}

func setColumns(f *report.Options, value string, given bool) error {
	if given {
		f.Columns = number(value)
	}
	return nil
}

func sayColumns(f report.Options) string {
	if f.Columns == 0 {
		return "Target width is unset."
	}
	return fmt.Sprintf("Target width is %d.", f.Columns)
}

func setCSVFieldSep(f *report.Options, value string, given bool) error {
	switch {
	case !given:
	case len(value) != 1:
		return fault.Invalidf(`\pset: csv_fieldsep must be a single one-byte character`)
	case strings.Contains("\"\n\r", value):
		return fault.Invalidf(`\pset: csv_fieldsep cannot be a double quote, a newline, or a carriage return`)
	default:
		f.CSVFieldSep = value
	}
	return nil
}

func setExpanded(f *report.Options, value string, given bool) error {
	if value == "auto" {
		f.Expanded = report.Auto
		return nil
	}
	on := f.Expanded == report.Flat
	if given {
		if err := setSwitch(&on, value, true, "expanded"); err != nil {
			return fault.Invalidf("unrecognized value \"%s\" for \"expanded\"\nAvailable values are: on, off, auto.", value)
		}
	}
	f.Expanded = report.Flat
	if on {
		f.Expanded = report.Expanded
	}
	return nil
}

func sayExpanded(f report.Options) string {
	if f.Expanded == report.Auto {
		return "Expanded display is used automatically."
	}
	return "Expanded display is " + string(f.Expanded) + "."
}

// formats are the formats of psql; those without a Format of ours are refused.
var formats = []string{"aligned", "asciidoc", "csv", "html", "latex", "latex-longtable", "troff-ms", "unaligned", "wrapped"}

func setFormat(f *report.Options, value string, given bool) error {
	if !given {
		return nil
	}
	var found []string
	for _, name := range formats {
		if name == value {
			found = []string{name}
			break
		}
		if strings.HasPrefix(name, strings.ToLower(value)) {
			found = append(found, name)
		}
	}
	switch {
	case len(found) == 0 || value == "":
		return fault.Invalidf(`\pset: allowed formats are %s`, strings.Join(formats, ", "))
	case len(found) > 1:
		return fault.Invalidf(`\pset: ambiguous abbreviation "%s" matches both "%s" and "%s"`, value, found[0], found[1])
	case strings.HasPrefix(found[0], "latex"), found[0] == "troff-ms":
		return fault.New(fault.Unsupported, `\pset: the format %s is not supported`, found[0])
	}
	f.Format = report.Format(found[0])
	return nil
}

func setLineStyle(_ *report.Options, value string, given bool) error {
	switch {
	case !given, value == "ascii":
		return nil
	case value == "old-ascii", value == "unicode":
		return fault.New(fault.Unsupported, `\pset: the line style %s is not supported`, value)
	}
	return fault.Invalidf(`\pset: allowed line styles are ascii, old-ascii, unicode`)
}

// setPager accepts what psql does; nothing here goes through a pager.
func setPager(_ *report.Options, value string, given bool) error {
	if _, ok := syntax.Boolean(value); given && !ok && value != "always" {
		return fault.Invalidf("unrecognized value \"%s\" for \"pager\"\nAvailable values are: on, off, always.", value)
	}
	return nil
}

func sayRecordSep(f report.Options) string {
	if f.RecordSep == "\n" {
		return "Record separator is <newline>."
	}
	return `Record separator is "` + f.RecordSep + `".`
}

func sayTableAttr(f report.Options) string {
	if f.TableAttr == "" {
		return "Table attributes unset."
	}
	return `Table attributes are "` + f.TableAttr + `".`
}

func sayTitle(f report.Options) string {
	if f.Title == "" {
		return "Title is unset."
	}
	return `Title is "` + f.Title + `".`
}

// textProperty keeps its text when no value is given.
func textProperty(field func(*report.Options) *string) func(*report.Options, string, bool) error {
	return func(f *report.Options, value string, given bool) error {
		if given {
			*field(f) = value
		}
		return nil
	}
}

// clearing is a text that goes when no value is given.
func clearing(field func(*report.Options) *string) func(*report.Options, string, bool) error {
	return func(f *report.Options, value string, _ bool) error {
		*field(f) = value
		return nil
	}
}

// switchProperty is on or off and toggles without a value.
func switchProperty(name, title string, field func(*report.Options) *bool) property {
	return property{
		set: func(f *report.Options, value string, given bool) error {
			return setSwitch(field(f), value, given, name)
		},
		say: func(f report.Options) string { return title + " is " + onOff(*field(&f)) + "." },
		shown: func(f report.Options) string {
			return onOff(*field(&f))
		},
	}
}

func setSwitch(into *bool, value string, given bool, name string) error {
	if !given {
		*into = !*into
		return nil
	}
	on, ok := syntax.Boolean(value)
	if !ok {
		return fault.Invalidf(`unrecognized value "%s" for "%s": Boolean expected`, value, name)
	}
	*into = on
	return nil
}

func (r *interpreter) toggleAligned(*input) outcome {
	format := report.Aligned
	if r.format.Format == report.Aligned {
		format = report.Unaligned
	}
	return r.setProperty("format", string(format), true)
}

func (r *interpreter) toggleHTML(*input) outcome {
	format := report.HTML
	if r.format.Format == report.HTML {
		format = report.Aligned
	}
	return r.setProperty("format", string(format), true)
}

// short is a command that stands for \pset of one setting.
func (r *interpreter) short(in *input, name string) outcome {
	value, given := r.argument(in, syntax.Normal)
	return r.setProperty(name, value, given)
}

func (r *interpreter) toggleTuplesOnly(in *input) outcome { return r.short(in, "tuples_only") }
func (r *interpreter) toggleExpanded(in *input) outcome   { return r.short(in, "expanded") }
func (r *interpreter) fieldSeparator(in *input) outcome   { return r.short(in, "fieldsep") }
func (r *interpreter) caption(in *input) outcome          { return r.short(in, "title") }
func (r *interpreter) tableAttributes(in *input) outcome  { return r.short(in, "tableattr") }
