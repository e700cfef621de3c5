package syntax

import (
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
)

// Scan returns the tokens of a text. It fails on a quote or a comment that is not closed.
func Scan(text string) ([]Token, error) { return scanFrom(text, 0, fault.Position{Line: 1, Column: 1}) }

func scanFrom(text string, offset int, at fault.Position) ([]Token, error) {
	s := scanner{text: text, base: offset, line: at.Line, column: at.Column}
	for {
		space, err := s.skip()
		if err != nil {
			return nil, err
		}
		if s.at == len(s.text) {
			return s.tokens, nil
		}
		kind, length := s.measure()
		if length < 0 {
			return nil, s.unterminated(kind)
		}
		s.tokens = append(s.tokens, Token{Kind: kind, Text: s.text[s.at : s.at+length], Space: space,
			Offset: s.base + s.at, Line: s.line, Column: s.column})
		s.advance(length)
	}
}

type scanner struct {
	text         string
	base, at     int
	line, column int
	tokens       []Token
}

func (s *scanner) advance(n int) {
	passed := s.text[s.at : s.at+n]
	s.at += n
	if lines := strings.Count(passed, "\n"); lines > 0 {
		s.line += lines
		s.column = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	s.column += utf8.RuneCountInString(passed)
}

// skip passes white space and comments and reports whether there were any.
func (s *scanner) skip() (bool, error) {
	start := s.at
	for s.at < len(s.text) {
		n := spaceLength(s.text[s.at:])
		if n < 0 {
			return false, syntaxError(fault.Position{Line: s.line, Column: s.column}, "unterminated /* comment")
		}
		if n == 0 {
			break
		}
		s.advance(n)
	}
	return s.at > start, nil
}

// spaceLength returns the length of the white space or the comment that a text starts with, -1 for an open comment.
func spaceLength(text string) int {
	switch {
	case strings.IndexByte(" \t\r\n\f\v", text[0]) >= 0:
		return 1
	case strings.HasPrefix(text, "\ufeff"):
		return len("\ufeff")
	case strings.HasPrefix(text, "\u00a0"):
		return len("\u00a0")
	case strings.HasPrefix(text, "--"):
		if end := strings.IndexByte(text, '\n'); end >= 0 {
			return end
		}
		return len(text)
	case strings.HasPrefix(text, "/*"):
		return commentLength(text)
	}
	return 0
}

// commentLength knows that comments nest.
func commentLength(text string) int {
	depth := 0
	for i := 0; i+1 < len(text); i++ {
		switch text[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

func (s *scanner) measure() (Kind, int) {
	text := s.text[s.at:]
	c := text[0]
	next := byte(0)
	if len(text) > 1 {
		next = text[1]
	}
	switch {
	case c == '\'':
		return String, quotedLength(text, 0, true)
	case strings.IndexByte("eEnN", c) >= 0 && next == '\'':
		return String, quotedLength(text, 1, true)
	case c == '"':
		return Quoted, quotedLength(text, 0, false)
	case c == '$':
		return dollar(text)
	case c == ':' && (isNameStart(next) || next == '\'' || next == '"'):
		return s.parameter(text)
	case isNameStart(c) || c == '#' && isNameStart(next) && s.nameExpected():
		return Word, 1 + nameLength(text[1:])
	case c >= '0' && c <= '9' || c == '.' && next >= '0' && next <= '9':
		return Number, numberLength(text)
	}
	return Operator, operatorLength(text)
}

// parameter reads :name. A colon that follows a value opens no parameter in a slice such as a[1:n].
func (s *scanner) parameter(text string) (Kind, int) {
	if !isNameStart(text[1]) {
		n := quotedLength(text, 1, false)
		return Parameter, n
	}
	return Parameter, 1 + nameLength(text[1:])
}

// quotedLength measures a quoted text whose quote stands at index open; it returns -1 when the quote is not closed.
func quotedLength(text string, open int, escapes bool) int {
	quote := text[open]
	for i := open + 1; i < len(text); i++ {
		switch {
		case escapes && text[i] == '\\':
			i++
		case text[i] == quote && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return -1
}

// dollar reads $tag$ … $tag$ or the parameter $1.
func dollar(text string) (Kind, int) {
	tag := 1
	for tag < len(text) && isNamePart(text[tag]) && text[tag] != '$' {
		tag++
	}
	if tag < len(text) && text[tag] == '$' && (tag == 1 || isNameStart(text[1])) {
		mark := text[:tag+1]
		end := strings.Index(text[tag+1:], mark)
		if end < 0 {
			return String, -1
		}
		return String, end + 2*len(mark)
	}
	if tag == 1 {
		return Operator, 1
	}
	return Parameter, tag
}

// nameExpected tells a temporary table's # from the operator # by the token before it.
func (s *scanner) nameExpected() bool {
	if len(s.tokens) == 0 {
		return false
	}
	last := s.tokens[len(s.tokens)-1]
	return last.IsOneOf(",", "(", ".", "TABLE", "FROM", "JOIN", "INTO", "UPDATE", "EXISTS", "USING", "TRUNCATE", "ANALYZE",
		"VACUUM", "AS", "ON", "COPY", "LIKE", "MERGE", "COMPRESSION", "LOCK", "TO", "APPEND", "ONLY")
}

func isNameStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func isNamePart(c byte) bool { return isNameStart(c) || c >= '0' && c <= '9' || c == '$' || c == '#' }

func nameLength(text string) int {
	n := 0
	for n < len(text) && isNamePart(text[n]) && !strings.HasPrefix(text[n:], "\u00a0") {
		n++
	}
	return n
}

// numberLength leaves the two dots of a range such as 1..10 alone.
func numberLength(text string) int {
	digits := func(from int) int {
		for from < len(text) && text[from] >= '0' && text[from] <= '9' {
			from++
		}
		return from
	}
	n := digits(0)
	if n < len(text) && text[n] == '.' && !strings.HasPrefix(text[n:], "..") {
		n = digits(n + 1)
	}
	if n < len(text) && (text[n] == 'e' || text[n] == 'E') {
		exponent := n + 1
		if exponent < len(text) && (text[exponent] == '+' || text[exponent] == '-') {
			exponent++
		}
		if end := digits(exponent); end > exponent {
			n = end
		}
	}
	return n
}

// operators holds the operators of more than one character, longer ones first.
var operators = []string{"!~~*", "!~~", "~~*", "!~*", "||/", "::", "<>", "!=", "<=", ">=", "||", "!~", "~~", "~*", ":=", "=>", "<<",
	">>", "|/", "!!", "..", "@>", "<@", "->>", "->"}

func operatorLength(text string) int {
	for _, operator := range operators {
		if strings.HasPrefix(text, operator) {
			return len(operator)
		}
	}
	_, n := utf8.DecodeRuneInString(text)
	return n
}

func (s *scanner) unterminated(kind Kind) error {
	what := "quoted string"
	if kind == Quoted {
		what = "quoted identifier"
	}
	if strings.HasPrefix(s.text[s.at:], "$") {
		what = "dollar-quoted string"
	}
	rest := []rune(s.text[s.at:])
	if len(rest) > 40 {
		rest = rest[:40]
	}
	return syntaxError(fault.Position{Line: s.line, Column: s.column}, "unterminated "+what+` at or near "`+string(rest)+`"`)
}
