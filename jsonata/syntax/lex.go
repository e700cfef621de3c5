package syntax

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// token is one word of a text. id is what the grammar sees: an operator, or the class of an operand in parentheses.
type token struct {
	id       string
	node     Kind
	text     string
	flags    string
	number   float64
	position int
}

const (
	idEnd     = "(end)"
	idName    = "(name)"
	idLiteral = "(literal)"
	idRegex   = "(regex)"
)

const (
	operatorChars = ".[]{}(),@#;:?+-*/%|=<>^&!~"
	spaceChars    = " \t\n\r\v"
)

var doubles = []string{"..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"}

type lexer struct {
	text string
	at   int
}

func (l *lexer) byteAt(i int) byte {
	if i < len(l.text) {
		return l.text[i]
	}
	return 0
}

// skip passes white space and comments.
func (l *lexer) skip() error {
	for l.at < len(l.text) {
		switch {
		case strings.IndexByte(spaceChars, l.text[l.at]) >= 0:
			l.at++
		case strings.HasPrefix(l.text[l.at:], "/*"):
			end := strings.Index(l.text[l.at+2:], "*/")
			if end < 0 {
				return fail("S0106", l.at)
			}
			l.at += end + 4
		default:
			return nil
		}
	}
	return nil
}

// next reads one token. After an operand, a slash divides; elsewhere it opens a regular expression.
func (l *lexer) next(afterOperand bool) (token, error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	start := l.at
	if start >= len(l.text) {
		return token{id: idEnd, node: End, text: idEnd, position: start}, nil
	}
	c := l.text[start]
	switch {
	case c == '/' && !afterOperand:
		return l.regex()
	case strings.IndexByte(operatorChars, c) >= 0:
		return l.operator(), nil
	case c == '"' || c == '\'':
		return l.str(c)
	case c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		end := strings.IndexByte(l.text[start+1:], '`')
		if end < 0 {
			return token{}, fail("S0105", len(l.text))
		}
		l.at = start + end + 2
		return token{id: idName, node: Name, text: l.text[start+1 : start+1+end], position: start}, nil
	}
	return l.word(), nil
}

func (l *lexer) operator() token {
	start := l.at
	text := l.text[start : start+1]
	for _, double := range doubles {
		if strings.HasPrefix(l.text[start:], double) {
			text = double
		}
	}
	l.at += len(text)
	return token{id: text, node: Word, text: text, position: start}
}

func (l *lexer) word() token {
	start := l.at
	end := strings.IndexAny(l.text[start:], operatorChars+spaceChars)
	if end < 0 {
		end = len(l.text) - start
	}
	l.at = start + end
	text := l.text[start:l.at]
	t := token{id: idName, node: Name, text: text, position: start}
	switch text {
	case "and", "or", "in":
		t.id, t.node = text, Word
	case "true", "false":
		t.id, t.node = idLiteral, Bool
	case "null":
		t.id, t.node = idLiteral, Null
	default:
		if name, ok := strings.CutPrefix(text, "$"); ok {
			t.node, t.text = Variable, name
		}
	}
	return t
}

func (l *lexer) number() (token, error) {
	start := l.at
	end := start + 1
	if l.text[start] != '0' {
		end = l.digits(end)
	}
	if l.byteAt(end) == '.' && isDigit(l.byteAt(end+1)) {
		end = l.digits(end + 1)
	}
	if c := l.byteAt(end); c == 'e' || c == 'E' {
		begin := end + 1
		if s := l.byteAt(begin); s == '+' || s == '-' {
			begin++
		}
		if isDigit(l.byteAt(begin)) {
			end = l.digits(begin)
		}
	}
	text := l.text[start:end]
	f, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(f, 0) {
		return token{}, failToken("S0102", start, text)
	}
	l.at = end
	return token{id: idLiteral, node: Number, text: text, number: f, position: start}, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (l *lexer) digits(i int) int {
	for isDigit(l.byteAt(i)) {
		i++
	}
	return i
}

func (l *lexer) str(quote byte) (token, error) {
	start := l.at
	var out []byte
	for i := start + 1; i < len(l.text); i++ {
		switch c := l.text[i]; c {
		case quote:
			l.at = i + 1
			return token{id: idLiteral, node: String, text: string(out), position: start}, nil
		case '\\':
			var err error
			if out, i, err = l.escape(out, i+1); err != nil {
				return token{}, err
			}
		default:
			out = append(out, c)
		}
	}
	return token{}, fail("S0101", len(l.text))
}

const (
	escapeLetters = `"\/bfnrt`
	escapeMeaning = "\"\\/\b\f\n\r\t"
)

// escape reads what follows a backslash and returns the place of its last byte.
func (l *lexer) escape(out []byte, i int) ([]byte, int, error) {
	c := l.byteAt(i)
	if at := strings.IndexByte(escapeLetters, c); at >= 0 {
		return append(out, escapeMeaning[at]), i, nil
	}
	if c != 'u' {
		r, _ := utf8.DecodeRuneInString(l.text[min(i, len(l.text)):])
		return nil, 0, failToken("S0103", i, string(r))
	}
	unit, ok := l.hex4(i + 1)
	if !ok {
		return nil, 0, fail("S0104", i)
	}
	i += 4
	if utf16.IsSurrogate(unit) {
		if low, ok := l.hex4(i + 3); ok && l.byteAt(i+1) == '\\' && l.byteAt(i+2) == 'u' {
			if r := utf16.DecodeRune(unit, low); r != utf8.RuneError {
				return utf8.AppendRune(out, r), i + 6, nil
			}
		}
		return appendSurrogate(out, unit), i, nil
	}
	return utf8.AppendRune(out, unit), i, nil
}

// appendSurrogate keeps half a pair as three bytes that are not UTF-8, so that the URL functions can refuse it.
func appendSurrogate(out []byte, unit rune) []byte {
	return append(out, 0xE0|byte(unit>>12), 0x80|byte(unit>>6)&0xBF, 0x80|byte(unit)&0xBF)
}

func (l *lexer) hex4(i int) (rune, bool) {
	if i+4 > len(l.text) {
		return 0, false
	}
	n, err := strconv.ParseUint(l.text[i:i+4], 16, 16)
	return rune(n), err == nil
}

// regex reads a regular expression: it ends at a slash that is neither escaped nor inside brackets.
func (l *lexer) regex() (token, error) {
	start := l.at + 1
	depth := 0
	for i := start; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == '\\':
			i++
		case c == '/' && depth == 0:
			return l.regexEnd(start, i)
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		}
	}
	return token{}, fail("S0302", len(l.text))
}

func (l *lexer) regexEnd(start, end int) (token, error) {
	if start == end {
		return token{}, fail("S0301", end)
	}
	l.at = end + 1
	for c := l.byteAt(l.at); c == 'i' || c == 'm'; c = l.byteAt(l.at) {
		l.at++
	}
	return token{id: idRegex, node: Regex, text: l.text[start:end], flags: l.text[end+1 : l.at], position: start - 1}, nil
}
