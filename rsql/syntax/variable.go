package syntax

import (
	"strings"
	"unicode/utf8"
)

// Lookup returns the value of a variable and whether it is set.
type Lookup func(name string) (string, bool)

// IsVariableName reports whether a name consists of letters, digits, underscores and characters beyond ASCII.
func IsVariableName(name string) bool {
	return name != "" && variableLength(name) == len(name)
}

func variableLength(text string) int {
	n := 0
	for n < len(text) && isVariablePart(text[n]) {
		n++
	}
	return n
}

func isVariablePart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
}

// Literal writes a value as an SQL string. A value with a backslash takes the form E'…', with a blank before it.
func Literal(value string) string {
	quoted := "'" + strings.ReplaceAll(value, "'", "''") + "'"
	if strings.Contains(value, `\`) {
		return " E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

// Identifier writes a value as a quoted identifier.
func Identifier(value string) string { return `"` + strings.ReplaceAll(value, `"`, `""`) + `"` }

// reference is one place in a text where a variable is used: :name, :'name', :"name" or :{?name}.
type reference struct {
	name string
	// form is the character behind the colon of the quoted forms and '{' for the test, 0 for the plain form.
	form   byte
	length int
}

// referenceAt reads the reference that a text starts with.
func referenceAt(text string) (reference, bool) {
	if len(text) < 2 || text[0] != ':' {
		return reference{}, false
	}
	open, closing := "", ""
	switch {
	case text[1] == '\'' || text[1] == '"':
		open, closing = text[1:2], text[1:2]
	case strings.HasPrefix(text[1:], "{?"):
		open, closing = "{?", "}"
	}
	rest := text[1+len(open):]
	n := variableLength(rest)
	if n == 0 || !strings.HasPrefix(rest[n:], closing) {
		return reference{}, false
	}
	r := reference{name: rest[:n], length: 1 + len(open) + n + len(closing)}
	if open != "" {
		r.form = open[0]
	}
	return r, true
}

// value returns what a reference of a quoted form or a test stands for. ok is false where the text stays as it is.
func (r reference) value(lookup Lookup) (text string, ok bool) {
	if lookup == nil {
		return "", false
	}
	value, set := lookup(r.name)
	switch {
	case r.form == '{' && set:
		return "TRUE", true
	case r.form == '{':
		return "FALSE", true
	case !set:
		return "", false
	case r.form == '\'':
		return Literal(value), true
	case r.form == '"':
		return Identifier(value), true
	}
	return value, true
}
