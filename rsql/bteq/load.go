package bteq

import (
	"fmt"
	"strings"
)

// load is an .IMPORT that waits for the USING statement that reads it.
type load struct {
	at        token
	file      string
	delimiter string
	skip      string
	// unreadable says that COPY cannot read the format.
	unreadable bool
}

// importFile is .IMPORT VARTEXT ',' FILE = name [, SKIP = n].
func (c *converter) importFile(name token, args []token) {
	l := &load{at: name, file: option(args, "FILE", "DDNAME"), delimiter: "|", skip: option(args, "SKIP")}
	at := indexOf(args, "VARTEXT")
	l.unreadable = at < 0
	if at >= 0 && at+1 < len(args) && args[at+1].kind == text {
		l.delimiter = args[at+1].value()
	}
	c.load = l
}

// repeat needs no counterpart behind an .IMPORT: COPY reads the whole file.
func (c *converter) repeat(name token, args []token) {
	switch {
	case c.load == nil:
		c.dropped(name, append([]token{name}, args...), "repeats a request, which RSQL cannot")
	case len(args) > 0 && args[0].kind == number:
		c.note(name, ".REPEAT %s reads so many records; COPY reads all", args[0].text)
	}
}

// field is one field of a USING clause.
type field struct{ name, kind string }

// using converts USING (fields) INSERT …: the file is copied into a temporary table, from which the statement then reads.
func (c *converter) using(tokens []token) {
	l := c.load
	c.load = nil
	open := indexOf(tokens, "(")
	if l == nil || l.unreadable || open < 0 {
		why := "USING without .IMPORT has no counterpart in RSQL"
		if l != nil && l.unreadable {
			why = ".IMPORT of binary records cannot be copied: make a delimited file of it"
		}
		c.note(tokens[0], "%s", why)
		c.print("-- " + strings.ReplaceAll(written(tokens), "\n", "\n-- "))
		return
	}
	shut := closing(tokens, open)
	fields := fieldsOf(tokens[open+1 : shut])
	statement := tokens[shut+1:]
	c.loads++
	stage := fmt.Sprintf("import_%d", c.loads)
	c.stage(l, stage, fields)
	// When the COPY fails the statement is skipped, so that a test behind it still sees the error.
	c.print(`\if :ERROR = 0`)
	c.statementOver(stage, fields, statement)
	c.print(`\endif`)
	c.noteOnce(l.at, ".IMPORT becomes COPY: put the files where the variable import_prefix says (rsql -v import_prefix=s3://bucket/folder/)")
}

func fieldsOf(tokens []token) []field {
	var out []field
	for i := 0; i < len(tokens); i++ {
		f := field{name: tokens[i].text}
		start := i + 1
		for i < len(tokens) && tokens[i].text != "," {
			if tokens[i].text == "(" {
				i = closing(tokens, i)
			}
			i++
		}
		f.kind = written(convertTypes(tokens[start:min(i, len(tokens))]))
		out = append(out, f)
	}
	return out
}

func (c *converter) stage(l *load, stage string, fields []field) {
	var columns []string
	for _, f := range fields {
		columns = append(columns, f.name+" "+f.kind)
	}
	c.print("drop table if exists "+stage+";", "create temporary table "+stage+" ("+strings.Join(columns, ", ")+");",
		`\set `+stage+` :import_prefix `+argument(l.file))
	copied := "copy " + stage + " from :'" + stage + "' iam_role default delimiter '" + strings.ReplaceAll(l.delimiter, "'", "''") + "'"
	if l.skip != "" {
		copied += " ignoreheader " + l.skip
	}
	c.print(copied + ";")
}

// statementOver lets a statement of USING read the temporary table: INSERT … VALUES becomes INSERT … SELECT.
func (c *converter) statementOver(stage string, fields []field, tokens []token) {
	tokens = convertSQL(c, tokens)
	values := indexOf(tokens, "VALUES")
	if len(tokens) == 0 || !tokens[0].is("INSERT") || values < 0 {
		c.note(tokens[0], "the statement of USING is no INSERT … VALUES and is left out: join it with the table %s", stage)
		c.print("-- " + strings.ReplaceAll(written(tokens), "\n", "\n-- "))
		return
	}
	list := withoutColons(tokens[values+1:], fields)
	if len(list) > 1 && list[0].text == "(" {
		list = list[1:closing(list, 0)]
	}
	c.print(strings.TrimRight(written(tokens[:values]), " \n") + "\nselect " + written(list) + "\nfrom " + stage + ";")
}

// withoutColons makes columns of the fields' references.
func withoutColons(tokens []token, fields []field) []token {
	var out []token
	for i, t := range tokens {
		if t.text == ":" && i+1 < len(tokens) && hasField(fields, tokens[i+1].text) {
			tokens[i+1].before = t.before + tokens[i+1].before
			continue
		}
		out = append(out, t)
	}
	return out
}

func hasField(fields []field, name string) bool {
	for _, f := range fields {
		if strings.EqualFold(f.name, name) {
			return true
		}
	}
	return false
}
