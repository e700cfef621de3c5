package translate

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// piece is a token, or a group of pieces in parentheses or brackets, or finished text of the backend.
type piece struct {
	token syntax.Token
	// space says that white space stands before the piece.
	space bool
	// open is "(" or "[" for a group and group its content.
	open  string
	group []piece
	// sql is finished text; no rule looks into it.
	sql string
}

var closing = map[string]string{"(": ")", "[": "]"}

// nest makes pieces of tokens whose parentheses are balanced.
func nest(tokens []syntax.Token) []piece {
	pieces, _ := nestUntil(ownCatalog(tokens), "")
	return pieces
}

func nestUntil(tokens []syntax.Token, end string) ([]piece, int) {
	var pieces []piece
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case end != "" && t.Is(end):
			return pieces, i
		case t.Is("("), t.Is("["):
			inner, n := nestUntil(tokens[i+1:], closing[t.Text])
			pieces = append(pieces, piece{token: t, space: t.Space, open: t.Text, group: inner})
			i += n + 1
		default:
			pieces = append(pieces, piece{token: t, space: t.Space})
		}
	}
	return pieces, len(tokens)
}

// flatten gives back the tokens of pieces that no rule has touched.
func flatten(pieces []piece) []syntax.Token {
	var tokens []syntax.Token
	for _, p := range pieces {
		tokens = append(tokens, p.token)
		if p.open != "" {
			tokens = append(tokens, flatten(p.group)...)
			tokens = append(tokens, syntax.Token{Kind: syntax.Operator, Text: closing[p.open]})
		}
	}
	return tokens
}

// finished makes a piece of the backend's text.
func finished(sql string) piece { return piece{sql: sql, space: true} }

// is reports whether the piece is this operator or unquoted word.
func (p piece) is(texts ...string) bool {
	return p.sql == "" && p.open == "" && p.token.IsOneOf(texts...)
}

func (p piece) isGroup() bool { return p.open == "(" }

// isName reports whether the piece is an identifier. A keyword counts as one: the caller knows the place.
func (p piece) isName() bool { return p.sql == "" && p.open == "" && p.token.IsName() }

// isQuery reports whether the piece is a query in parentheses.
func (p piece) isQuery() bool {
	return p.isGroup() && len(p.group) > 0 && (p.group[0].is("SELECT", "WITH", "VALUES") || p.group[0].isQuery())
}

func (p piece) literal() (string, bool) {
	if p.sql == "" && p.token.Kind == syntax.String {
		return p.token.Value(), true
	}
	return "", false
}

// text prints pieces; original tokens keep a blank where they had white space.
func text(pieces []piece) string {
	var b strings.Builder
	for i, p := range pieces {
		if p.space && i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case p.sql != "":
			b.WriteString(p.sql)
		case p.open != "":
			b.WriteString(p.open + text(p.group) + closing[p.open])
		default:
			b.WriteString(tokenText(p.token))
		}
	}
	return b.String()
}

func tokenText(t syntax.Token) string {
	switch t.Kind {
	case syntax.Quoted:
		return Identifier(t.Value())
	case syntax.String:
		return quote(t.Value())
	}
	return t.Text
}

// quote returns a string literal of the backend.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Identifier quotes a name for the backend.
func Identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// at returns the piece at an index, or an empty piece outside of the list.
func at(pieces []piece, i int) piece {
	if i < 0 || i >= len(pieces) {
		return piece{token: syntax.Token{Kind: syntax.End}}
	}
	return pieces[i]
}

// split cuts pieces at a comma or a keyword of their own level.
func split(pieces []piece, separator string) [][]piece {
	var parts [][]piece
	start := 0
	for i, p := range pieces {
		if p.is(separator) {
			parts = append(parts, pieces[start:i])
			start = i + 1
		}
	}
	return append(parts, pieces[start:])
}

// index returns where one of the words stands at this level from a place on, or -1.
func index(pieces []piece, from int, words ...string) int {
	if i := slices.IndexFunc(pieces[from:], func(p piece) bool { return p.is(words...) }); i >= 0 {
		return from + i
	}
	return -1
}
