package bteq

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	symbol kind = iota
	word
	number
	text
	quoted
	end
)

// token is one element of a script with the blanks and comments before it.
type token struct {
	kind   kind
	text   string
	before string
	// starts says that the token is the first of its line.
	starts       bool
	line, column int
}

// is reports whether the token is one of some words, in any case, or symbols.
func (t token) is(words ...string) bool {
	if t.kind != word && t.kind != symbol {
		return false
	}
	for _, w := range words {
		if strings.EqualFold(t.text, w) {
			return true
		}
	}
	return false
}

func (t token) isName() bool { return t.kind == word || t.kind == quoted }

// value is a text without its quotes.
func (t token) value() string {
	if t.kind == text || t.kind == quoted {
		q := t.text[:1]
		return strings.ReplaceAll(strings.TrimSuffix(t.text[1:], q), q+q, q)
	}
	return t.text
}

// symbols are the operators of more than one character.
var symbols = []string{"**", "||", "<>", "<=", ">=", "^=", "~=", "!="}

func scan(script string) []token {
	var out []token
	line, column, i := 1, 1, 0
	advance := func(part string) {
		for _, r := range part {
			column++
			if r == '\n' {
				line, column = line+1, 1
			}
		}
		i += len(part)
	}
	for {
		fresh := len(out) == 0 || strings.Contains(out[len(out)-1].text, "\n")
		n := blank(script[i:], i == 0 || script[i-1] == '\n')
		before := script[i : i+n]
		advance(before)
		starts := fresh || strings.Contains(before, "\n")
		if i == len(script) {
			return append(out, token{kind: end, before: before, starts: true, line: line, column: column})
		}
		k, length := measure(script[i:])
		out = append(out, token{kind: k, text: script[i : i+length], before: before, starts: starts, line: line, column: column})
		advance(script[i : i+length])
	}
}

// blank returns the length of the blanks and comments that a text begins with. A * that begins a line begins a comment.
func blank(script string, lineStart bool) int {
	n := 0
	for n < len(script) {
		rest := script[n:]
		switch {
		case rest[0] == '\n':
			n++
			lineStart = true
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r':
			n++
		case strings.HasPrefix(rest, "--"), lineStart && rest[0] == '*':
			n += upTo(rest, "\n", 0)
		case strings.HasPrefix(rest, "/*"):
			n += upTo(rest, "*/", 2)
			lineStart = false
		default:
			return n
		}
	}
	return n
}

// upTo returns the length of a text up to a mark, with so many bytes of the mark.
func upTo(script, mark string, with int) int {
	if at := strings.Index(script, mark); at >= 0 {
		return at + with
	}
	return len(script)
}

func measure(script string) (kind, int) {
	c := rune(script[0])
	switch {
	case c == '\'':
		return text, quotedLength(script)
	case c == '"':
		return quoted, quotedLength(script)
	case isWordStart(script):
		return word, wordLength(script)
	case c >= '0' && c <= '9':
		n := 0
		for n < len(script) && (script[n] >= '0' && script[n] <= '9' || script[n] == '.') {
			n++
		}
		return number, n
	}
	for _, s := range symbols {
		if strings.HasPrefix(script, s) {
			return symbol, len(s)
		}
	}
	_, n := utf8.DecodeRuneInString(script)
	return symbol, n
}

func quotedLength(script string) int {
	quote := script[0]
	for i := 1; i < len(script); i++ {
		if script[i] != quote {
			continue
		}
		if i+1 < len(script) && script[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(script)
}

func isWordStart(script string) bool {
	r, _ := utf8.DecodeRuneInString(script)
	return r == '_' || r == '$' || r == '#' || unicode.IsLetter(r)
}

func wordLength(script string) int {
	for i, r := range script {
		if r != '_' && r != '$' && r != '#' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return i
		}
	}
	return len(script)
}

// written joins tokens as they were written, without what stands before the first.
func written(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			b.WriteString(t.before)
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// closing returns the index of the parenthesis that closes the one at index open, the last index when none does.
func closing(tokens []token, open int) int {
	depth := 0
	for i := open; i < len(tokens); i++ {
		switch tokens[i].text {
		case "(":
			depth++
		case ")":
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return len(tokens) - 1
}

// words makes tokens of a text of ours. They have no place.
func words(sql string) []token {
	tokens := scan(sql)
	for i := range tokens {
		tokens[i].line, tokens[i].starts = 0, false
	}
	return tokens[:len(tokens)-1]
}
