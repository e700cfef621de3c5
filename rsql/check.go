package rsql

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/rsql/syntax"
)

// Finding is something that Check has to say about a script.
type Finding struct {
	// Warning says that the script may still work.
	Warning  bool
	Position fault.Position
	Message  string
}

// CheckOptions say how a script is run that is checked.
type CheckOptions struct {
	Dialect Dialect
	// File names the script in positions.
	File string
	// Variables are those that are set from outside.
	Variables []string
}

// Check reads a script without running it: it finds labels that a \goto does not reach, \if blocks that do not close, conditions
// that cannot be read, quotes that stay open, commands that do not exist, and variables that nothing sets before they are used.
func Check(text string, o CheckOptions) []Finding {
	c := &checker{CheckOptions: o, commands: scriptCommands(), set: newVariables(o.Dialect).values}
	for _, name := range append(slices.Clone(status), o.Variables...) {
		c.set[name] = "1"
	}
	for _, name := range []string{"DBNAME", "USER", "HOST", "PORT", "ENCODING", "SERVER_VERSION_NAME", "SERVER_VERSION_NUM", "SHELL_EXIT_CODE"} {
		c.set[name] = "1"
	}
	c.scanner = &syntax.Scanner{Lookup: c.lookup, Escapes: true, StripQuotes: o.Dialect == RSQL}
	c.read(text)
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		if a.Position.Line != b.Position.Line {
			return a.Position.Line - b.Position.Line
		}
		return a.Position.Column - b.Position.Column
	})
	return c.found
}

// block is an \if that is open.
type block struct {
	at     fault.Position
	closed bool
}

// target is a label that a \goto names.
type target struct {
	label string
	at    fault.Position
}

type checker struct {
	CheckOptions
	commands map[string]command
	scanner  *syntax.Scanner
	query    strings.Builder
	number   int
	line     string
	// column is where the present command begins, 0 in SQL.
	column int
	set    map[string]string
	// included says that another file was read, which may have set anything.
	included bool
	blocks   []block
	// jumps are the labels that are waited for, with the places of their \goto; passed are the labels seen.
	jumps  map[string][]target
	passed map[string]bool
	found  []Finding
}

func (c *checker) at(column int) fault.Position {
	return fault.Position{File: c.File, Line: c.number, Column: column}
}

func (c *checker) say(warning bool, at fault.Position, message string) {
	c.found = append(c.found, Finding{Warning: warning, Position: at, Message: message})
}

func (c *checker) wrong(message string) { c.say(false, c.at(max(c.column, 1)), message) }

// lookup notes a variable that nothing has set, once, and not where a line only asks whether it is. Every variable counts as
// unset, so that the text stays as it is.
func (c *checker) lookup(name string) (string, bool) {
	if _, ok := c.set[name]; ok || c.included || c.Dialect == RSQL && slices.Contains(status, strings.ToUpper(name)) {
		return "", false
	}
	column := c.scanner.Column()
	if i := strings.Index(c.line, ":"+name); c.column > 0 && i >= 0 {
		column = len([]rune(c.line[:i])) + 1
	}
	c.set[name] = ""
	if !strings.Contains(c.line, ":{?"+name+"}") {
		c.say(true, c.at(column), "nothing sets the variable "+name+" before this line")
	}
	return "", false
}

func (c *checker) read(text string) {
	c.jumps, c.passed = map[string][]target{}, map[string]bool{}
	lines := bufio.NewReader(strings.NewReader(text))
	for {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		c.number++
		if err != nil || strings.Contains(line, "\x00") {
			c.column = 1
			c.wrong("the line holds a NUL character: this is no script")
			return
		}
		c.one(line)
	}
	c.finish()
}

func (c *checker) one(line string) {
	c.line = line
	if c.query.Len() > 0 {
		c.query.WriteByte('\n')
	}
	c.scanner.Feed(line)
	for {
		c.column = 0
		switch c.scanner.Next(&c.query) {
		case syntax.LineEnd:
			return
		case syntax.Semicolon:
			c.query.Reset()
		case syntax.Command:
			c.column = c.scanner.Column() - 1
			c.command()
		}
	}
}

// finish reports what the end of the script leaves open.
func (c *checker) finish() {
	if open, line := c.scanner.Unclosed(); open != syntax.Nothing {
		c.say(false, fault.Position{File: c.File, Line: line, Column: 1}, "unclosed "+string(open))
	}
	for _, b := range c.blocks {
		c.say(false, b.at, `\if has no \endif`)
	}
	for key, targets := range c.jumps {
		for _, j := range targets {
			message := `there is no \label ` + j.label + " behind this line"
			if c.passed[key] {
				message = `\label ` + j.label + ` stands before this \goto: jumps lead forward only`
			}
			c.say(false, j.at, message)
		}
	}
}

// checks are the commands that are looked at more closely.
var checks = map[string]func(c *checker){
	"if":     (*checker).checkIf,
	"elif":   (*checker).checkElif,
	"elseif": (*checker).checkElif,
	"else":   (*checker).checkElse,
	"endif":  (*checker).checkEndif,
	"goto":   (*checker).checkGoto,
	"label":  (*checker).checkLabel,
	"set":    (*checker).checkSet,
	"gset":   (*checker).checkGset,
	"i":      (*checker).checkInclude, "include": (*checker).checkInclude,
	"ir": (*checker).checkInclude, "include_relative": (*checker).checkInclude,
	"run": (*checker).checkInclude,
}

func (c *checker) command() {
	name := c.scanner.Name()
	r := &interpreter{Options: Options{Dialect: c.Dialect}, commands: c.commands}
	known, ok := r.find(controls, name)
	if !ok {
		known, ok = r.find(c.commands, name)
	}
	if !ok {
		known, ok = r.describing(name)
	}
	if !ok {
		c.wrong(`invalid command \` + name)
		c.scanner.Drop()
		return
	}
	c.scanner.DropSemicolons = known.semicolons
	if c.Dialect == RSQL && c.commands[name].run == nil {
		name = strings.ToLower(name)
	}
	if check := checks[name]; check != nil {
		check(c)
	}
	if known.whole {
		c.scanner.Drop()
	}
	for {
		if _, more := c.argument(); !more {
			break
		}
	}
	c.scanner.End()
	if name == "g" || name == "gx" || name == "gset" || name == "gexec" || name == "r" {
		c.query.Reset()
	}
}

func (c *checker) argument() (string, bool) {
	text, ok, err := c.scanner.Argument(syntax.Normal)
	if err != nil {
		c.wrong(err.Error())
	}
	return text, ok
}

func (c *checker) checkIf() {
	c.blocks = append(c.blocks, block{at: c.at(c.column)})
	c.condition()
}

// condition reads a condition with a number in place of every variable.
func (c *checker) condition() {
	text := c.scanner.Expression(syntax.Normal)
	filled := filledIn(text)
	if c.Dialect == RSQL {
		if _, err := syntax.Evaluate(filled); err != nil {
			c.wrong(`the condition "` + text + `" cannot be read`)
		}
		return
	}
	if _, ok := syntax.Boolean(filled); !ok && filled == text && !strings.Contains(text, "`") {
		c.wrong(`the condition "` + text + `" is no Boolean word, which is all that psql reads`)
	}
}

// filledIn puts 1 for every variable.
func filledIn(text string) string {
	s := syntax.Scanner{Lookup: func(string) (string, bool) { return "1", true }}
	s.Feed(text)
	return s.Expression(syntax.Normal)
}

func (c *checker) innermost(name string) *block {
	if len(c.blocks) == 0 {
		c.wrong(`\` + name + `: no matching \if`)
		return nil
	}
	return &c.blocks[len(c.blocks)-1]
}

func (c *checker) checkElif() {
	if b := c.innermost("elif"); b != nil && b.closed {
		c.wrong(`\elif: cannot occur after \else`)
	}
	c.condition()
}

func (c *checker) checkElse() {
	b := c.innermost("else")
	if b == nil {
		return
	}
	if b.closed {
		c.wrong(`\else: cannot occur after \else`)
	}
	b.closed = true
}

func (c *checker) checkEndif() {
	if c.innermost("endif") != nil {
		c.blocks = c.blocks[:len(c.blocks)-1]
	}
}

func (c *checker) checkGoto() {
	label, ok := c.argument()
	if !ok {
		c.wrong(`\goto: missing required argument`)
		return
	}
	key := strings.ToLower(label)
	c.jumps[key] = append(c.jumps[key], target{label, c.at(c.column)})
}

func (c *checker) checkLabel() {
	label, ok := c.argument()
	if !ok {
		c.wrong(`\label: missing required argument`)
		return
	}
	label = strings.ToLower(label)
	delete(c.jumps, label)
	c.passed[label] = true
}

func (c *checker) checkSet() {
	name, ok := c.argument()
	if !ok {
		return
	}
	if !syntax.IsVariableName(name) && !strings.HasPrefix(name, ":") {
		c.wrong(`invalid variable name: "` + name + `"`)
	}
	for {
		if _, more := c.argument(); !more {
			break
		}
	}
	c.set[name] = ""
}

// checkGset takes every word of the query for a column that it may set.
func (c *checker) checkGset() {
	prefix, _ := c.argument()
	for word := range strings.FieldsFuncSeq(c.query.String(), func(r rune) bool { return !syntax.IsVariableName(string(r)) }) {
		c.set[prefix+word] = ""
		c.set[prefix+strings.ToLower(word)] = ""
	}
}

func (c *checker) checkInclude() { c.included = true }
