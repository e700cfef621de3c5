package rsql

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/rsql/syntax"
)

// command is one backslash command.
type command struct {
	run func(r *interpreter, in *input) outcome
	// only is the dialect that has it; empty is both.
	only Dialect
	// whole says that the rest of the line is its argument.
	whole bool
	// semicolons says that semicolons at the end of an argument are dropped.
	semicolons bool
}

// controls are the commands that are looked at in branches that are not carried out, too.
var controls = map[string]command{
	"if":     {run: (*interpreter).beginIf},
	"elif":   {run: (*interpreter).elseIf},
	"elseif": {run: (*interpreter).elseIf, only: RSQL},
	"else":   {run: (*interpreter).elseBranch},
	"endif":  {run: (*interpreter).endIf},
}

// scriptCommands returns all others.
func scriptCommands() map[string]command {
	all := psqlCommands()
	for name, c := range rsqlCommands() {
		c.only = RSQL
		all[name] = c
	}
	return all
}

// psqlCommands are those that both dialects have.
func psqlCommands() map[string]command {
	return map[string]command{
		"echo":             {run: (*interpreter).echo},
		"qecho":            {run: (*interpreter).echoToResults},
		"warn":             {run: (*interpreter).echoToErrors},
		"set":              {run: (*interpreter).setVariable},
		"unset":            {run: (*interpreter).unsetVariable},
		"q":                {run: (*interpreter).quit},
		"quit":             {run: (*interpreter).quit},
		"i":                {run: (*interpreter).include, semicolons: true},
		"include":          {run: (*interpreter).include, semicolons: true},
		"ir":               {run: (*interpreter).includeRelative, semicolons: true},
		"include_relative": {run: (*interpreter).includeRelative, semicolons: true},
		"o":                {run: (*interpreter).outputTo, semicolons: true},
		"out":              {run: (*interpreter).outputTo, semicolons: true},
		"g":                {run: (*interpreter).execute, semicolons: true},
		"gx":               {run: (*interpreter).executeExpanded, semicolons: true},
		"gset":             {run: (*interpreter).executeAndStore, semicolons: true},
		"gexec":            {run: (*interpreter).executeAnswers},
		"p":                {run: (*interpreter).printBuffer},
		"print":            {run: (*interpreter).printBuffer},
		"r":                {run: (*interpreter).resetBuffer},
		"reset":            {run: (*interpreter).resetBuffer},
		"w":                {run: (*interpreter).writeBuffer, semicolons: true},
		"write":            {run: (*interpreter).writeBuffer, semicolons: true},
		"pset":             {run: (*interpreter).pset},
		"a":                {run: (*interpreter).toggleAligned},
		"t":                {run: (*interpreter).toggleTuplesOnly, semicolons: true},
		"x":                {run: (*interpreter).toggleExpanded, semicolons: true},
		"f":                {run: (*interpreter).fieldSeparator},
		"C":                {run: (*interpreter).caption, semicolons: true},
		"T":                {run: (*interpreter).tableAttributes},
		"H":                {run: (*interpreter).toggleHTML},
		"html":             {run: (*interpreter).toggleHTML},
		"timing":           {run: (*interpreter).setTiming},
		"!":                {run: (*interpreter).shell, whole: true},
		"cd":               {run: (*interpreter).changeFolder, semicolons: true},
		"c":                {run: (*interpreter).connect, semicolons: true},
		"connect":          {run: (*interpreter).connect, semicolons: true},
		"conninfo":         {run: (*interpreter).connectionInfo},
		"encoding":         {run: (*interpreter).encoding},
		"s":                {run: (*interpreter).history},
		"?":                {run: (*interpreter).help},
	}
}

// rsqlCommands are those that RSQL has added.
func rsqlCommands() map[string]command {
	return map[string]command{
		"exit":   {run: (*interpreter).exitScript},
		"remark": {run: (*interpreter).remark},
		"os":     {run: (*interpreter).shell, whole: true},
		"run":    {run: (*interpreter).runFile, semicolons: true},
		"logon":  {run: (*interpreter).connect, semicolons: true},
		"export": {run: (*interpreter).export, semicolons: true},
		"rset":   {run: (*interpreter).rset},
		"goto":   {run: (*interpreter).goTo, semicolons: true},
		"label":  {run: (*interpreter).label, semicolons: true},
	}
}

// interactive are psql's commands that need a terminal or that nothing here stands behind; they are refused by name.
var interactive = []string{"copy", "copyright", "crosstabview", "dO", "e", "edit", "ef", "errverbose", "ev", "gdesc", "getenv",
	"h", "help", "lo_export", "lo_import", "lo_list", "lo_unlink", "password", "prompt", "setenv", "sf", "watch"}

// command reads a command's name and carries it out. What is left of its line goes with it.
func (r *interpreter) command(in *input) outcome {
	name := in.scanner.Name()
	in.broken = false
	c, known := r.find(controls, name)
	if !known {
		c, known = r.find(r.commands, name)
		if !known {
			c, known = r.describing(name)
		}
		if !r.alive(in) && !(in.jump != nil && strings.EqualFold(name, "label")) {
			return r.pass(in, name, c, known)
		}
	}
	if !known {
		r.unknown(name)
		in.scanner.Drop()
		return failed
	}
	if r.alive(in) && !r.count() {
		return failed
	}
	return r.perform(in, name, c)
}

func (r *interpreter) perform(in *input, name string, c command) outcome {
	in.scanner.StripQuotes = c.only == RSQL
	in.scanner.DropSemicolons = c.semicolons
	result := c.run(r, in)
	in.scanner.DropSemicolons = false
	if in.broken && r.Dialect == RSQL {
		result = failed
	}
	if result == failed {
		in.scanner.Drop()
		return failed
	}
	r.extraArguments(in, name)
	return result
}

// find looks a command up; RSQL ignores the case of names, except where psql has two that differ in nothing else.
func (r *interpreter) find(table map[string]command, name string) (command, bool) {
	c, ok := table[name]
	if !ok && r.Dialect == RSQL {
		c, ok = table[strings.ToLower(name)]
	}
	if ok && c.only != "" && c.only != r.Dialect {
		return command{}, false
	}
	return c, ok
}

func (r *interpreter) unknown(name string) {
	for _, known := range interactive {
		if known == name {
			r.complain(`\%s is not supported`, name)
			return
		}
	}
	r.complain(`invalid command \%s`, name)
}

// pass passes a command that is not carried out. psql complains of what it cannot read also there.
func (r *interpreter) pass(in *input, name string, c command, known bool) outcome {
	if !known && r.Dialect == PSQL {
		r.unknown(name)
		in.scanner.Drop()
		return failed
	}
	if c.whole {
		in.scanner.Drop()
		return done
	}
	for {
		_, ok, err := in.scanner.Argument(syntax.Skipped)
		if err != nil && r.Dialect == PSQL {
			r.complain("%s", err)
		}
		if !ok || err != nil {
			break
		}
	}
	in.scanner.End()
	return done
}

// extraArguments warns of arguments that a command has not taken.
func (r *interpreter) extraArguments(in *input, name string) {
	for {
		text, ok, err := in.scanner.Argument(syntax.Skipped)
		if !ok || err != nil {
			break
		}
		r.warn(`\%s: extra argument "%s" ignored`, name, text)
	}
	in.scanner.End()
}

// argument reads the next argument. One that cannot be read is told and counts as none.
func (r *interpreter) argument(in *input, mode syntax.Mode) (string, bool) {
	text, ok, err := in.scanner.Argument(mode)
	if err != nil {
		r.complain("%s", err)
		in.broken = true
	}
	return text, ok
}

// remaining reads all arguments that are left.
func (r *interpreter) remaining(in *input, mode syntax.Mode) []string {
	var out []string
	for {
		text, ok := r.argument(in, mode)
		if !ok {
			return out
		}
		out = append(out, text)
	}
}

// oneCommand carries out the command of a -c; text is what stands behind its backslash.
func (r *interpreter) oneCommand(text string) bool {
	in := r.newInput("")
	defer func() { r.inputs = r.inputs[:len(r.inputs)-1] }()
	in.scanner.Feed(text)
	r.prepare(in)
	result := r.command(in)
	if result == sends {
		return r.sendCollected(in)
	}
	return result != failed
}

// backquoted runs the command of an argument in backquotes.
func (r *interpreter) backquoted(text string) string {
	_ = r.out.Flush()
	var out bounded
	_, err := r.Host.Shell(text, &out)
	if out.full {
		out.text, err = nil, errLongOutput
	}
	if err != nil {
		r.complain("%s: %s", text, err)
	}
	return string(out.text)
}

// bounded keeps what a command prints up to the length of a line; it refuses more, which ends the command.
type bounded struct {
	text []byte
	full bool
}

var errLongOutput = fault.Invalidf("the command prints more than 64 MB")

func (b *bounded) Write(p []byte) (int, error) {
	if len(b.text)+len(p) > maxLine {
		b.full = true
		return 0, errLongOutput
	}
	b.text = append(b.text, p...)
	return len(p), nil
}
