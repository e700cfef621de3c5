// Package option reads the command lines of rsql and psql as getopt does: options in any order, short ones together, a value
// attached or behind. It says what was asked for and does nothing.
//
//	o, err := option.Parse(rsql.RSQL, []string{"-D", "etl", "-f", "load.sql"})
package option

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/report"
)

// Options are what a command line asks for.
type Options struct {
	Dialect rsql.Dialect
	// Host, Port, User and Database name the server; Database may be a connection string.
	Host, Port, User, Database string
	// DSN is a data source name of the ODBC ini files.
	DSN string
	// Project is where the project is whose warehouse is used without a server.
	Project string
	// Log takes statements and results besides, Output takes results instead of the standard output.
	Log, Output string
	Actions     []rsql.Action
	Settings    []rsql.Setting
	Format      report.Options
	Echo        string
	Quiet       bool
	// Single puts everything into one transaction; SingleLine ends statements at the end of a line.
	Single, SingleLine bool
	ListDatabases      bool
	// NeverPrompt and AlwaysPrompt say when to ask for a password.
	NeverPrompt, AlwaysPrompt bool
	Help, Version             bool
	// Statements and TimeLimit bound the run; 0 is no limit.
	Statements int
	TimeLimit  time.Duration
}

// choice is one option, with the value that it takes described or without one.
type choice struct {
	short byte
	long  string
	value string
	text  string
	// only is the program that has it; empty is both.
	only rsql.Dialect
	set  func(o *Options, value string) error
}

// sets makes an option that keeps its value.
func sets(field func(o *Options) *string) func(*Options, string) error {
	return func(o *Options, value string) error {
		*field(o) = value
		return nil
	}
}

// flags makes an option without a value.
func flags(field func(o *Options) *bool) func(*Options, string) error {
	return func(o *Options, _ string) error {
		*field(o) = true
		return nil
	}
}

func echoes(what string) func(*Options, string) error {
	return func(o *Options, _ string) error {
		o.Echo = what
		return nil
	}
}

func acts(kind rsql.ActionKind) func(*Options, string) error {
	return func(o *Options, value string) error {
		o.Actions = append(o.Actions, rsql.Action{Kind: kind, Text: value})
		return nil
	}
}

func prints(format report.Format) func(*Options, string) error {
	return func(o *Options, _ string) error {
		o.Format.Format = format
		return nil
	}
}

var options = []choice{
	{'h', "host", "HOST", "the server; without one the project's own warehouse is used", "", sets(func(o *Options) *string { return &o.Host })},
	{'p', "port", "PORT", "the server's port", "", sets(func(o *Options) *string { return &o.Port })},
	{'U', "username", "USER", "the database user", "", sets(func(o *Options) *string { return &o.User })},
	{'d', "dbname", "NAME", "the database, or a connection string", "", sets(func(o *Options) *string { return &o.Database })},
	{'D', "dsn", "DSN", "a data source name of the ODBC ini files", rsql.RSQL, sets(func(o *Options) *string { return &o.DSN })},
	{0, "project", "PATH", "the project whose warehouse is used (default .)", "", sets(func(o *Options) *string { return &o.Project })},
	{'f', "file", "FILE", "run a file; - is standard input", "", acts(rsql.File)},
	{'c', "command", "TEXT", "run SQL or one backslash command", "", acts(rsql.Command)},
	{'v', "variable", "NAME=VALUE", "set a variable", "", setVariable},
	{0, "set", "NAME=VALUE", "set a variable", "", setVariable},
	{'1', "single-transaction", "", "all -c and -f in one transaction", "", flags(func(o *Options) *bool { return &o.Single })},
	{'X', "no-psqlrc", "", "accepted: no start-up file is read", "", func(*Options, string) error { return nil }},
	{'q', "quiet", "", "print no messages, only results", "", flags(func(o *Options) *bool { return &o.Quiet })},
	{'a', "echo-all", "", "print every line of the script", "", echoes("all")},
	{'e', "echo-queries", "", "print every statement", "", echoes("queries")},
	{'b', "echo-errors", "", "print statements that fail", "", echoes("errors")},
	{'A', "no-align", "", "unaligned output", "", prints(report.Unaligned)},
	{0, "csv", "", "output as comma-separated values", "", prints(report.CSV)},
	{'H', "html", "", "output as HTML", "", prints(report.HTML)},
	{'t', "tuples-only", "", "rows only", "", flags(func(o *Options) *bool { return &o.Format.TuplesOnly })},
	{'x', "expanded", "", "one line for every column", "", func(o *Options, _ string) error { o.Format.Expanded = report.Expanded; return nil }},
	{'F', "field-separator", "TEXT", "what separates fields of unaligned output", "", sets(func(o *Options) *string { return &o.Format.FieldSep })},
	{'R', "record-separator", "TEXT", "what separates records of unaligned output", "", sets(func(o *Options) *string { return &o.Format.RecordSep })},
	{'T', "table-attr", "TEXT", "attributes of HTML tables", "", sets(func(o *Options) *string { return &o.Format.TableAttr })},
	{'P', "pset", "NAME=VALUE", "a setting of \\pset", "", func(o *Options, value string) error { return rsql.Pset(&o.Format, value) }},
	{'o', "output", "FILE", "a file for the results", "", sets(func(o *Options) *string { return &o.Output })},
	{'L', "log-file", "FILE", "a file for statements and results besides", "", sets(func(o *Options) *string { return &o.Log })},
	{'S', "single-line", "", "the end of a line ends a statement", "", flags(func(o *Options) *bool { return &o.SingleLine })},
	{'n', "no-readline", "", "accepted", "", func(*Options, string) error { return nil }},
	{'l', "list", "", "list the databases", "", flags(func(o *Options) *bool { return &o.ListDatabases })},
	{'w', "no-password", "", "never ask for a password", "", flags(func(o *Options) *bool { return &o.NeverPrompt })},
	{'W', "password", "", "always ask for a password", "", flags(func(o *Options) *bool { return &o.AlwaysPrompt })},
	{0, "max-statements", "N", "end the run after so many statements and commands", "", setStatements},
	{0, "time-limit", "DURATION", "end the run after a time, such as 10m", "", setTimeLimit},
	{'V', "version", "", "print the version", "", flags(func(o *Options) *bool { return &o.Version })},
	{'?', "help", "", "print this", "", flags(func(o *Options) *bool { return &o.Help })},
}

func setStatements(o *Options, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return fmt.Errorf("--max-statements: %q is no number", value)
	}
	o.Statements = n
	return nil
}

func setTimeLimit(o *Options, value string) error {
	limit, err := time.ParseDuration(value)
	if err != nil || limit <= 0 {
		return fmt.Errorf("--time-limit: %q is no duration such as 10m", value)
	}
	o.TimeLimit = limit
	return nil
}

// setVariable reads NAME=VALUE; a name alone unsets.
func setVariable(o *Options, value string) error {
	name, text, given := strings.Cut(value, "=")
	o.Settings = append(o.Settings, rsql.Setting{Name: name, Value: text, Unset: !given})
	return nil
}

// Parse reads the arguments behind the program's name.
func Parse(dialect rsql.Dialect, args []string) (*Options, error) {
	o := &Options{Dialect: dialect, Project: ".", Format: report.Default()}
	var rest []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case arg == "--":
			rest, args = append(rest, args...), nil
		case strings.HasPrefix(arg, "--"):
			args, err = o.long(arg[2:], args)
		case strings.HasPrefix(arg, "-") && arg != "-":
			args, err = o.short(arg[1:], args)
		default:
			rest = append(rest, arg)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, into := range []*string{&o.Database, &o.User} {
		if len(rest) > 0 && *into == "" {
			*into, rest = rest[0], rest[1:]
		}
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("extra argument %q", rest[0])
	}
	return o, nil
}

func (o *Options) choice(short byte, long string) (choice, bool) {
	for _, c := range options {
		if (c.only == "" || c.only == o.Dialect) && (short != 0 && c.short == short || long != "" && c.long == long) {
			return c, true
		}
	}
	return choice{}, false
}

func (o *Options) long(text string, args []string) ([]string, error) {
	name, value, attached := strings.Cut(text, "=")
	c, ok := o.choice(0, name)
	switch {
	case !ok:
		return args, fmt.Errorf("unrecognized option '--%s'; see '%s --help'", name, o.Dialect)
	case c.value == "" && attached:
		return args, fmt.Errorf("option '--%s' takes no value", name)
	case c.value != "" && !attached:
		if len(args) == 0 {
			return args, fmt.Errorf("option '--%s' needs a value", name)
		}
		value, args = args[0], args[1:]
	}
	return args, c.set(o, value)
}

func (o *Options) short(text string, args []string) ([]string, error) {
	for i := 0; i < len(text); i++ {
		c, ok := o.choice(text[i], "")
		if !ok {
			return args, fmt.Errorf("invalid option -- '%c'; see '%s --help'", text[i], o.Dialect)
		}
		if c.value == "" {
			if err := c.set(o, ""); err != nil {
				return args, err
			}
			continue
		}
		value := text[i+1:]
		if value == "" {
			if len(args) == 0 {
				return args, fmt.Errorf("option requires an argument -- '%c'", text[i])
			}
			value, args = args[0], args[1:]
		}
		return args, c.set(o, value)
	}
	return args, nil
}

// Usage describes the options of a program, one a line.
func Usage(dialect rsql.Dialect) string {
	var b strings.Builder
	for _, c := range options {
		if c.only != "" && c.only != dialect {
			continue
		}
		name := "    --" + c.long
		if c.short != 0 {
			name = "-" + string(c.short) + ", --" + c.long
		}
		if c.value != "" {
			name += "=" + c.value
		}
		fmt.Fprintf(&b, "  %-32s %s\n", name, c.text)
	}
	return b.String()
}
