// Package bteq turns Teradata BTEQ scripts into RSQL scripts: control commands, labels and jumps, tests of ERRORCODE and
// ACTIVITYCOUNT, imports and exports, and those differences of the SQL dialects that are mechanical. What it cannot turn, or
// what means something else afterwards, it says in notes with positions.
//
// It knows BTEQ's commands and Teradata's words, not Teradata's grammar: expressions stay as they are, apart from the
// patterns that sql.go lists.
//
//	script, notes := bteq.Convert(text, "load.bteq")
package bteq

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Note is something that a person must look at.
type Note struct {
	// Position is a place in the BTEQ script.
	Position fault.Position
	Message  string
}

// Convert turns a BTEQ script into an RSQL script. Notes come in the order of their positions.
func Convert(text, file string) (script string, notes []Note) {
	c := &converter{file: file, tokens: scan(text), labels: map[string]int{}, commands: commandTable()}
	c.out.WriteString("-- Converted from BTEQ by stepwell convert bteq.\n")
	for c.at < len(c.tokens) {
		c.statement()
	}
	c.finish()
	slices.SortStableFunc(c.notes, func(a, b Note) int {
		return cmp.Or(a.Position.Line-b.Position.Line, a.Position.Column-b.Position.Column)
	})
	return c.out.String(), c.notes
}

type converter struct {
	file     string
	commands map[string]func(c *converter, name token, args []token)
	tokens   []token
	at       int
	out      strings.Builder
	notes    []Note
	// labels has the lines of the labels that were passed, jumps the places of the .GOTOs that wait for theirs.
	labels map[string]int
	jumps  []jump
	// load is the .IMPORT that the next USING statement reads; loads counts them.
	load  *load
	loads int
	// once has the notes that are said once.
	once map[string]bool
}

type jump struct {
	label string
	at    token
}

func (c *converter) note(at token, format string, args ...any) {
	c.notes = append(c.notes, Note{fault.Position{File: c.file, Line: at.line, Column: at.column}, fmt.Sprintf(format, args...)})
}

// noteOnce says something that holds for the whole script at the first place only.
func (c *converter) noteOnce(at token, message string) {
	if c.once == nil {
		c.once = map[string]bool{}
	}
	if !c.once[message] {
		c.once[message] = true
		c.note(at, "%s", message)
	}
}

func (c *converter) print(lines ...string) {
	for _, line := range lines {
		c.out.WriteString(line + "\n")
	}
}

// statement converts one BTEQ command or one SQL request.
func (c *converter) statement() {
	first := c.tokens[c.at]
	c.out.WriteString(comments(first.before))
	switch {
	case first.kind == end:
		c.at++
	case first.text == "." && first.starts:
		c.at++
		c.command(c.commandTokens())
	case first.text == ";":
		c.at++
	case first.text == "=" && first.starts:
		c.note(first, "= repeats the request before, which RSQL cannot")
		c.commandTokens()
	default:
		c.request(c.requestTokens())
	}
}

// comments keeps the comments and empty lines that stand before a statement; BTEQ's own comments begin with *.
func comments(before string) string {
	if strings.TrimSpace(before) == "" {
		if strings.Count(before, "\n") > 1 {
			return "\n"
		}
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(strings.Trim(before, " \t\n") + "\n") {
		if strings.HasPrefix(line, "*") {
			line = "--" + line[1:]
		}
		b.WriteString(line)
	}
	return b.String()
}

// commandTokens takes the tokens of a BTEQ command: to a semicolon, or to the end of the line unless that is a dash.
func (c *converter) commandTokens() []token {
	var out []token
	for c.at < len(c.tokens) {
		t := c.tokens[c.at]
		if t.kind == end || len(out) > 0 && t.starts {
			if n := len(out); n > 0 && t.kind != end && out[n-1].text == "-" {
				out = out[:n-1]
				t.starts = false
				out = append(out, t)
				c.at++
				continue
			}
			break
		}
		c.at++
		if t.text == ";" {
			break
		}
		out = append(out, t)
	}
	return out
}

// requestTokens takes the tokens of an SQL request without its semicolon.
func (c *converter) requestTokens() []token {
	start := c.at
	for c.at < len(c.tokens) && c.tokens[c.at].text != ";" && c.tokens[c.at].kind != end {
		c.at++
	}
	found := slices.Clone(c.tokens[start:c.at])
	if c.at < len(c.tokens) && c.tokens[c.at].text == ";" {
		c.at++
	}
	return found
}

// finish reports jumps that RSQL cannot make.
func (c *converter) finish() {
	for _, j := range c.jumps {
		if line, ok := c.labels[j.label]; ok {
			c.note(j.at, `.GOTO leads back to the label in line %d: RSQL only jumps forward, so a loop must be written another way`, line)
			continue
		}
		c.note(j.at, "there is no .LABEL %s", j.label)
	}
	if c.load != nil {
		c.note(c.load.at, "no USING statement reads this .IMPORT")
	}
}
