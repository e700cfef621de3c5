package plpgsql

import (
	"strconv"
	"strings"
)

// fragment is a piece of SQL with the places where variables stand. It is made once, when the procedure is parsed.
type fragment struct {
	place
	parts []part
	plain expression // not nil where the value can be told without the host
	query bool       // an expression that goes on with FROM, as in n := count(*) FROM t
}

// part is literal text, or a variable when reference is not nil.
type part struct {
	text      string
	reference *reference
}

// reference is a variable, or a field of a record variable.
type reference struct {
	slot  int
	field string
	name  string
}

// bind returns the SQL with every variable as a typed literal.
func (f *frame) bind(g fragment) (string, error) {
	var out strings.Builder
	for _, p := range g.parts {
		if p.reference == nil {
			out.WriteString(p.text)
			continue
		}
		t, v, err := f.read(*p.reference)
		if err != nil {
			return "", err
		}
		out.WriteString(literal(t, v))
	}
	return out.String(), nil
}

// literal writes a value so that the dialect reads back exactly its bytes with its type.
func literal(t typeName, v Value) string {
	if v.Null {
		return "CAST(NULL AS " + t.literalType() + ")"
	}
	return "CAST(" + quote(v.Text) + " AS " + t.literalType() + ")"
}

// quote writes a string constant. Redshift reads a backslash inside one as the start of an escape.
func quote(text string) string {
	return "'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(text) + "'"
}

// shown is the SQL as CONTEXT lines show it: variables are numbered.
func (g fragment) shown() string {
	var out strings.Builder
	n := 0
	for _, p := range g.parts {
		if p.reference == nil {
			out.WriteString(p.text)
			continue
		}
		n++
		out.WriteString(" $" + strconv.Itoa(n) + " ")
	}
	return strings.TrimSpace(out.String())
}

// name writes an identifier in quotes.
func name(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
