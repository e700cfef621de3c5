package bteq

import (
	"slices"
	"strings"
)

// types are Teradata's types with another name in Redshift; those of times lose their precision.
var types = map[string]string{"BYTEINT": "smallint", "NUMBER": "numeric", "CLOB": "varchar(65535)", "DEC": "decimal", "VARBYTE": "varbyte", "BYTE": "varbyte"}

// convertTypes converts types and the attributes of columns.
func convertTypes(tokens []token) []token {
	var out []token
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		next := func(n int, words ...string) bool { return i+n < len(tokens) && tokens[i+n].is(words...) }
		switch {
		case t.is("CHARACTER") && next(1, "SET"):
			i += 2
			continue
		case t.is("NOT") && next(1, "CASESPECIFIC"):
			i++
			continue
		case t.is("CASESPECIFIC", "UPPERCASE"):
			continue
		case t.is("FORMAT", "TITLE") && i+1 < len(tokens) && tokens[i+1].kind == text:
			i++
			continue
		case t.is("COMPRESS"):
			if next(1, "(") {
				i = closing(tokens, i+1)
			} else if i+1 < len(tokens) && (tokens[i+1].kind == text || tokens[i+1].kind == number) {
				i++
			}
			continue
		case t.is("GENERATED"):
			identity, last := identityOf(tokens, i)
			if last > i {
				out = append(out, spaced(words(identity))...)
				i = last
				continue
			}
		case t.is("TIMESTAMP", "TIME") && next(1, "("):
			out = append(out, t)
			i = closing(tokens, i+1)
			continue
		}
		if name, ok := types[strings.ToUpper(t.text)]; ok && t.kind == word && i > 0 {
			t.text = name
			if strings.EqualFold(tokens[i].text, "CLOB") && next(1, "(") {
				i = closing(tokens, i+1)
			}
		} else if ok && t.kind == word && len(tokens) <= 4 {
			t.text = name
		}
		out = append(out, t)
	}
	return out
}

// identityOf reads GENERATED … AS IDENTITY (START WITH n INCREMENT BY m …) at i and returns its end.
func identityOf(tokens []token, i int) (string, int) {
	at := i + max(0, indexOf(tokens[i:], "IDENTITY"))
	if at == i {
		return "", i
	}
	start, step, last := "1", "1", at
	if at+1 < len(tokens) && tokens[at+1].text == "(" {
		last = closing(tokens, at+1)
		inside := tokens[at+1 : last]
		if n := indexOf(inside, "START"); n >= 0 && n+2 < len(inside) {
			start = inside[n+2].text
		}
		if n := indexOf(inside, "INCREMENT"); n >= 0 && n+2 < len(inside) {
			step = inside[n+2].text
		}
	}
	return "identity(" + start + ", " + step + ")", last
}

// definition is a CREATE TABLE taken apart.
type definition struct {
	name    []token
	columns []token // with its parentheses
	query   []token // behind AS
	empty   bool    // WITH NO DATA
	attributes
}

// attributes are what stands behind the columns in Redshift.
type attributes struct{ distribution, sort string }

// table converts CREATE TABLE.
func table(c *converter, tokens []token) []token {
	if !tokens[0].is("CREATE") {
		return tokens
	}
	at := indexOf(tokens, "TABLE")
	if at < 0 || at > 4 {
		return tokens
	}
	head := "create table"
	for _, t := range tokens[1:at] {
		switch {
		case t.is("VOLATILE", "TEMPORARY"):
			head = "create temporary table"
		case t.is("SET"):
			c.noteOnce(t, "SET tables drop duplicate rows, which Redshift does not")
		case t.is("GLOBAL"):
			c.note(t, "GLOBAL TEMPORARY tables stay defined in Teradata; in Redshift each session creates its own")
		}
	}
	d := c.definition(tokens[at+1:])
	out := append(words(head), spaced(d.name)...)
	copied := len(d.query) > 0 && !isQuery(d.query)
	switch {
	case copied && d.empty:
		return slices.Concat(out, words(" (like "), d.query, words(")"))
	case copied:
		d.query = append(words("select * from"), spaced(d.query)...)
	case len(d.query) > 0 && d.empty:
		d.query = slices.Concat(words("select * from"), spaced(d.query), words(" as t where 1 = 0"))
		d.query[len(d.query)-6].before = " "
	}
	out = append(out, spaced(convertTypes(d.columns))...)
	for _, attribute := range []string{d.distribution, d.sort} {
		if attribute != "" {
			out = append(out, lined(words(attribute))...)
		}
	}
	if len(d.query) > 0 {
		out = append(out, lined(words("as"))...)
		out = append(out, spaced(d.query)...)
	}
	return out
}

func isQuery(tokens []token) bool {
	return tokens[0].is("SELECT", "WITH") || tokens[0].text == "("
}

// definition reads what follows CREATE TABLE.
func (c *converter) definition(tokens []token) definition {
	var d definition
	i := 0
	for i < len(tokens) && (tokens[i].isName() && !tokens[i].is("AS") || tokens[i].text == ".") {
		i++
	}
	d.name = tokens[:i]
	// Options of the table stand between its name and its columns, each behind a comma.
	for i < len(tokens) && tokens[i].text != "(" && !tokens[i].is("AS") {
		i++
	}
	if i < len(tokens) && tokens[i].text == "(" {
		shut := closing(tokens, i)
		d.columns = tokens[i : shut+1]
		i = shut + 1
	}
	if i < len(tokens) && tokens[i].is("AS") {
		start := i + 1
		stop := start
		for stop < len(tokens) && !tokens[stop].is("WITH") {
			if tokens[stop].text == "(" {
				stop = closing(tokens, stop)
			}
			stop++
		}
		d.query = tokens[start:min(stop, len(tokens))]
		i = min(stop, len(tokens))
	}
	c.tableAttributes(&d, tokens[i:])
	return d
}

func (c *converter) tableAttributes(d *definition, tokens []token) {
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		next := i+1 < len(tokens)
		switch {
		case t.is("NO") && next && tokens[i+1].is("DATA"):
			d.empty = true
		case t.is("NO") && next && tokens[i+1].is("PRIMARY"):
			d.distribution = "diststyle even"
			i++
		case t.is("PRIMARY"):
			i = c.primaryIndex(d, tokens, i)
		case t.is("UNIQUE"):
			c.noteOnce(t, "UNIQUE indexes are not enforced by Redshift")
		case t.is("INDEX") && d.distribution == "":
			c.note(t, "secondary indexes do not exist in Redshift")
		case t.is("PARTITION"):
			i = c.partition(d, tokens, i)
		case t.is("COMMIT") && next && tokens[i+1].is("DELETE"):
			c.note(t, "ON COMMIT DELETE ROWS does not exist in Redshift: rows stay until the session ends")
		}
	}
}

// primaryIndex makes the distribution key of PRIMARY INDEX name (column).
func (c *converter) primaryIndex(d *definition, tokens []token, i int) int {
	open := i
	for open < len(tokens) && tokens[open].text != "(" {
		open++
	}
	if open == len(tokens) {
		return open
	}
	shut := closing(tokens, open)
	columns := separated(tokens[open+1 : shut])
	if len(columns) > 0 {
		d.distribution = "distkey (" + written(columns[0]) + ")"
	}
	if len(columns) > 1 {
		c.note(tokens[i], "PRIMARY INDEX of several columns: only the first becomes the distribution key")
	}
	return shut
}

// partition makes a sort key of the column that PARTITION BY RANGE_N or CASE_N looks at.
func (c *converter) partition(d *definition, tokens []token, i int) int {
	c.note(tokens[i], "PARTITION BY becomes a sort key: check the column")
	open := i
	for open < len(tokens) && tokens[open].text != "(" {
		open++
	}
	if open+1 >= len(tokens) {
		return open
	}
	column := open + 1
	for column < len(tokens) && (tokens[column].text == "(" || tokens[column].is("RANGE_N", "CASE_N")) {
		column++
	}
	if column < len(tokens) {
		d.sort = "sortkey (" + tokens[column].text + ")"
	}
	return closing(tokens, open)
}
