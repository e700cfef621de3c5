package unload

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// encoder appends lines in one format.
type encoder interface {
	header(out []byte) []byte
	row(out []byte, values []any) ([]byte, error)
}

// encoder returns the writer of the plan's format for columns.
func (p *Plan) encoder(columns []Column) encoder {
	switch p.o.format {
	case jsonFormat:
		return newJSONLines(columns)
	case fixedWidth:
		return &fixedLines{columns: columns, widths: p.o.widths, nullAs: p.o.nullAs}
	case csvFormat:
		return &delimitedLines{columns: columns, delimiter: p.o.delimiter, nullAs: p.o.nullAs, quote: p.csvField()}
	}
	return &delimitedLines{columns: columns, delimiter: p.o.delimiter, nullAs: p.o.nullAs, quote: p.textField()}
}

// delimitedLines writes delimited text and CSV, which differ in how a field is protected.
type delimitedLines struct {
	columns   []Column
	delimiter byte
	nullAs    string
	quote     func(out []byte, field string, character bool) []byte
}

func (d *delimitedLines) header(out []byte) []byte {
	for i, c := range d.columns {
		if i > 0 {
			out = append(out, d.delimiter)
		}
		out = d.quote(out, c.Name, true)
	}
	return append(out, '\n')
}

func (d *delimitedLines) row(out []byte, values []any) ([]byte, error) {
	for i, c := range d.columns {
		if i > 0 {
			out = append(out, d.delimiter)
		}
		field, ok := c.field(values[i])
		switch {
		case ok:
			out = d.quote(out, field, c.character())
		case c.Type != "super":
			out = append(out, d.nullAs...)
		}
	}
	return append(out, '\n'), nil
}

// character says that a column holds texts, which alone are escaped.
func (c Column) character() bool {
	return c.Type == "varchar" || c.Type == "bpchar" || c.Type == "super"
}

// field is a value's text in a file: CHAR stands there without its blanks.
func (c Column) field(v any) (text string, ok bool) {
	text, ok = c.Text(v)
	if c.Type == "bpchar" {
		text = strings.TrimRight(text, " ")
	}
	return text, ok
}

func (p *Plan) csvField() func(out []byte, field string, character bool) []byte {
	special := string(rune(p.o.delimiter)) + "\"\r\n"
	return func(out []byte, field string, _ bool) []byte {
		if !strings.ContainsAny(field, special) {
			return append(out, field...)
		}
		out = append(out, '"')
		for i := range len(field) {
			if field[i] == '"' {
				out = append(out, '"')
			}
			out = append(out, field[i])
		}
		return append(out, '"')
	}
}

func (p *Plan) textField() func(out []byte, field string, character bool) []byte {
	special := string(rune(p.o.delimiter)) + "\\\r\n"
	if p.o.addQuotes {
		special += `"'`
	}
	return func(out []byte, field string, character bool) []byte {
		if p.o.addQuotes {
			out = append(out, '"')
		}
		if p.o.escape && character && strings.ContainsAny(field, special) {
			for i := range len(field) {
				if strings.IndexByte(special, field[i]) >= 0 {
					out = append(out, '\\')
				}
				out = append(out, field[i])
			}
		} else {
			out = append(out, field...)
		}
		if p.o.addQuotes {
			out = append(out, '"')
		}
		return out
	}
}

// fixedLines writes fields padded with blanks on the right; nothing is cut.
type fixedLines struct {
	columns []Column
	widths  []int
	nullAs  string
}

func (f *fixedLines) header(out []byte) []byte { return out }

func (f *fixedLines) row(out []byte, values []any) ([]byte, error) {
	for i, c := range f.columns {
		field, ok := c.field(values[i])
		width := f.widths[i]
		if !ok && c.Type != "super" {
			field = f.nullAs
			if !c.character() && runes(field) > width {
				field = ""
			}
		}
		missing := width - runes(field)
		if missing < 0 {
			return out, fault.Invalidf("the value of column %q has %d characters and its FIXEDWIDTH is %d", c.Name, runes(field), width).WithCode("22001")
		}
		out = append(out, field...)
		for range missing {
			out = append(out, ' ')
		}
	}
	return append(out, '\n'), nil
}

func runes(s string) int { return len([]rune(s)) }

// jsonLines writes one object per line.
type jsonLines struct {
	columns []Column
	keys    [][]byte
}

func newJSONLines(columns []Column) *jsonLines {
	j := &jsonLines{columns: columns}
	for _, c := range columns {
		j.keys = append(j.keys, append(value.AppendQuoted(nil, c.Name), ':'))
	}
	return j
}

func (j *jsonLines) header(out []byte) []byte { return out }

func (j *jsonLines) row(out []byte, values []any) ([]byte, error) {
	out = append(out, '{')
	for i, c := range j.columns {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, j.keys[i]...)
		field, ok := c.field(values[i])
		switch {
		case !ok:
			out = append(out, "null"...)
		case c.Type == "super" || numeric(c, field):
			out = append(out, field...)
		default:
			out = value.AppendQuoted(out, field)
		}
	}
	return append(out, '}', '\n'), nil
}

// numeric says that a value can stand in JSON as a number: NaN and Infinity cannot.
func numeric(c Column, field string) bool {
	switch c.Type {
	case "int2", "int4", "int8", "numeric":
		return true
	case "float4", "float8":
		last := field[len(field)-1]
		return last >= '0' && last <= '9'
	}
	return false
}
