package bteq

import (
	"fmt"
	"strings"
)

// commandTable returns BTEQ's commands; each gets the tokens behind its name.
func commandTable() map[string]func(c *converter, name token, args []token) {
	return map[string]func(c *converter, name token, args []token){
		"LOGON":   (*converter).logon,
		"LOGOFF":  (*converter).logoff,
		"QUIT":    (*converter).quit,
		"EXIT":    (*converter).quit,
		"IF":      (*converter).beginIf,
		"ELSEIF":  (*converter).elseIf,
		"ELSE":    func(c *converter, _ token, _ []token) { c.print(`\else`) },
		"ENDIF":   func(c *converter, _ token, _ []token) { c.print(`\endif`) },
		"GOTO":    (*converter).goTo,
		"LABEL":   (*converter).label,
		"REMARK":  (*converter).remark,
		"MESSAGE": (*converter).remark,
		"OS":      (*converter).os,
		"RUN":     (*converter).run,
		"SET":     (*converter).set,
		"EXPORT":  (*converter).export,
		"IMPORT":  (*converter).importFile,
		"REPEAT":  (*converter).repeat,
	}
}

// settingsAsCommands are the settings that may be written without SET.
var settingsAsCommands = []string{"WIDTH", "TITLEDASHES", "HEADING", "RTITLE", "MAXERROR", "ERRORLEVEL", "ECHOREQ", "SEPARATOR", "NULL",
	"FORMAT", "SESSIONS", "SESSION", "QUIET", "SIDETITLES", "FOLDLINE", "FOOTING", "RETLIMIT", "PAGEBREAK", "SUPPRESS", "RECORDMODE",
	"INDICDATA", "OMIT", "SKIPLINE", "SKIPDOUBLE", "UNDERLINE", "RETCANCEL", "RETRY", "TDP", "TIMEMSG"}

func (c *converter) command(tokens []token) {
	if len(tokens) == 0 {
		return
	}
	name, args := tokens[0], tokens[1:]
	if convert, ok := c.commands[strings.ToUpper(name.text)]; ok {
		convert(c, name, args)
		return
	}
	if name.is(settingsAsCommands...) {
		c.set(name, tokens)
		return
	}
	c.dropped(name, tokens, "has no counterpart in RSQL")
}

// dropped leaves a command in the script as a comment.
func (c *converter) dropped(at token, tokens []token, why string) {
	shown := strings.ToUpper(at.text)
	c.print("-- ." + strings.ReplaceAll(written(tokens), "\n", " "))
	c.note(at, ".%s %s", shown, why)
}

// logon keeps no password: the connection comes from outside.
func (c *converter) logon(name token, args []token) {
	user, _, _ := strings.Cut(written(args), ",")
	c.print("-- .LOGON " + strings.TrimSpace(user) + ": the connection is that of rsql's options")
	c.noteOnce(name, "the connection of .LOGON comes from rsql's options (-D or -h); the password is left out")
}

func (c *converter) logoff(token, []token) { c.print("-- .LOGOFF") }

func (c *converter) quit(name token, args []token) {
	switch {
	case len(args) == 0:
		c.print(`\exit 0`)
		c.noteOnce(name, ".QUIT without a code returns the highest severity in BTEQ; here it is 0")
	case args[0].is("ERRORCODE", "ERRORLEVEL"):
		c.print(`\if :ERROR <> 0`, `\exit 8`, `\endif`, `\exit 0`)
		c.noteOnce(name, ".QUIT ERRORCODE becomes status 8 after an error: RSQL's ERRORCODE is an SQLSTATE")
	case args[0].is("ACTIVITYCOUNT"):
		c.print(`\exit :ACTIVITYCOUNT`)
	default:
		c.print(`\exit ` + written(args))
	}
}

// beginIf is .IF condition THEN [statement].
func (c *converter) beginIf(name token, args []token) {
	then := indexOf(args, "THEN")
	if then < 0 {
		c.dropped(name, append([]token{name}, args...), "has no THEN")
		return
	}
	c.print(`\if ` + c.condition(args[:then]))
	rest := args[then+1:]
	if len(rest) == 0 {
		return // a block, which .ENDIF closes
	}
	if rest[0].text == "." {
		c.command(rest[1:])
	} else {
		c.request(rest)
	}
	c.print(`\endif`)
}

func (c *converter) elseIf(name token, args []token) {
	then := indexOf(args, "THEN")
	if then < 0 {
		then = len(args)
	}
	c.print(`\elseif ` + c.condition(args[:then]))
}

func indexOf(tokens []token, words ...string) int {
	for i, t := range tokens {
		if t.is(words...) {
			return i
		}
	}
	return -1
}

func (c *converter) goTo(name token, args []token) {
	if len(args) == 0 {
		c.dropped(name, []token{name}, "names no label")
		return
	}
	label := strings.ToUpper(args[0].text)
	c.jumps = append(c.jumps, jump{label, name})
	c.print(`\goto ` + args[0].text)
}

func (c *converter) label(name token, args []token) {
	if len(args) == 0 {
		c.dropped(name, []token{name}, "has no name")
		return
	}
	label := strings.ToUpper(args[0].text)
	c.labels[label] = name.line
	var left []jump
	for _, j := range c.jumps {
		if j.label != label {
			left = append(left, j)
		}
	}
	c.jumps = left
	c.print(`\label ` + args[0].text)
}

func (c *converter) remark(_ token, args []token) {
	var parts []string
	for _, t := range args {
		parts = append(parts, t.value())
	}
	c.print(`\remark ` + argument(strings.Join(parts, " ")))
}

// argument writes a text as an argument of an RSQL command.
func argument(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", "''", "\n", `\n`).Replace(text) + "'"
}

func (c *converter) os(name token, args []token) {
	c.print(`\os ` + strings.ReplaceAll(written(args), "\n", " "))
	c.noteOnce(name, ".OS runs on the machine of rsql, which is another one than that of bteq")
}

// run is .RUN FILE = name [, SKIP = n].
func (c *converter) run(name token, args []token) {
	file, skip := option(args, "FILE", "DDNAME"), option(args, "SKIP")
	line := `\run file=` + argument(file)
	if skip != "" {
		line += " skip=" + skip
	}
	c.print(line)
	c.note(name, ".RUN: the file %s must be converted, too", file)
}

// option returns the value of KEY = value; names of files may be written without quotes.
func option(args []token, keys ...string) string {
	at := indexOf(args, keys...)
	if at < 0 {
		return ""
	}
	at++
	if at < len(args) && args[at].text == "=" {
		at++
	}
	if at >= len(args) {
		return ""
	}
	if args[at].kind == text || args[at].kind == quoted {
		return args[at].value()
	}
	var b strings.Builder
	for i, t := range args[at:] {
		if i > 0 && (t.before != "" || t.text == ",") {
			break
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// export is .EXPORT REPORT FILE = name and .EXPORT RESET.
func (c *converter) export(name token, args []token) {
	file := option(args, "FILE", "DDNAME", "DSNAME")
	switch {
	case indexOf(args, "RESET") >= 0:
		c.print(`\export reset`)
	case file == "":
		c.dropped(name, append([]token{name}, args...), "names no file")
	default:
		c.print(`\export report file=` + argument(file))
		if indexOf(args, "DATA", "INDICDATA", "DIF") >= 0 {
			c.note(name, ".EXPORT DATA writes records for other programs; here it becomes a report: UNLOAD to S3 may be what you need")
		}
	}
}

// set is .SET name value.
func (c *converter) set(name token, args []token) {
	if len(args) == 0 {
		c.dropped(name, []token{name}, "sets nothing")
		return
	}
	setting, values := args[0], args[1:]
	shown := strings.ToUpper(setting.text)
	if convert, ok := settings[shown]; ok {
		convert(c, setting, values)
		return
	}
	c.print("-- .SET " + strings.ReplaceAll(written(args), "\n", " "))
	if !setting.is("SESSION", "SESSIONS", "TDP", "TIMEMSG", "RETCANCEL") {
		c.note(setting, ".SET %s has no counterpart in RSQL", shown)
	}
}

var settings = map[string]func(c *converter, setting token, values []token){
	"MAXERROR":    (*converter).setMaxError,
	"ERRORLEVEL":  (*converter).setErrorLevel,
	"WIDTH":       rset("width"),
	"TITLEDASHES": rset("titledashes"),
	"FORMAT":      rset("rformat"),
	"HEADING":     rset("heading"),
	"RTITLE":      rset("rtitle"),
	"SEPARATOR":   pset("fieldsep"),
	"NULL":        pset("null"),
	"SIDETITLES":  pset("expanded"),
	"QUIET":       func(c *converter, _ token, values []token) { c.print(`\set QUIET ` + onOff(values)) },
	"ECHOREQ": func(c *converter, _ token, values []token) {
		if onOff(values) == "off" {
			c.print(`\set ECHO none`)
		} else {
			c.print(`\set ECHO queries`)
		}
	},
}

func onOff(values []token) string {
	if len(values) > 0 && values[0].is("OFF") {
		return "off"
	}
	return "on"
}

// rset makes a setting one of \rset.
func rset(name string) func(*converter, token, []token) {
	return func(c *converter, _ token, values []token) { c.print(`\rset ` + name + " " + settingValue(values)) }
}

// pset makes a setting one of \pset.
func pset(name string) func(*converter, token, []token) {
	return func(c *converter, _ token, values []token) {
		if len(values) > 0 && values[0].is("AS") {
			values = values[1:]
		}
		c.print(`\pset ` + name + " " + settingValue(values))
	}
}

func settingValue(values []token) string {
	if len(values) == 1 && (values[0].kind == text || values[0].kind == quoted) {
		return argument(values[0].value())
	}
	return strings.ToLower(written(values))
}

func (c *converter) setMaxError(setting token, values []token) {
	if len(values) == 1 && values[0].text == "0" {
		// BTEQ stops at any severity above 0, while RSQL takes 0 for its default, which never stops.
		c.print(`\rset maxerror 1`)
		c.note(setting, ".SET MAXERROR 0 becomes 1: RSQL's 0 would never stop")
		return
	}
	c.print(`\rset maxerror ` + written(values))
}

// setErrorLevel is .SET ERRORLEVEL code|(code, …)|UNKNOWN SEVERITY n, or ON and OFF.
func (c *converter) setErrorLevel(setting token, values []token) {
	at := indexOf(values, "SEVERITY")
	if at < 0 || at+1 >= len(values) {
		c.print(`\rset errorlevel ` + onOff(values))
		return
	}
	for _, t := range values[:at] {
		switch {
		case t.is("UNKNOWN"):
			c.note(t, ".SET ERRORLEVEL UNKNOWN has no counterpart: other errors have severity 8")
		case t.kind == number:
			state, known := sqlStates[t.text]
			if !known {
				c.note(t, "the error %s of Teradata has no SQLSTATE here", t.text)
				continue
			}
			c.print(fmt.Sprintf(`\rset errorlevel %s severity %s`, state, values[at+1].text))
		}
	}
}
