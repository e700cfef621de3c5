package jsonpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep filters may nest.
const maxDepth = 100

// parser reads a path from left to right. Inside a filter or the arguments of a function (depth > 0) a path ends where
// the text around it goes on.
type parser struct {
	text  string
	at    int
	depth int
}

func (p *parser) fail(format string, args ...any) error {
	column := 1 + utf8.RuneCountInString(p.text[:min(p.at, len(p.text))])
	return &ParseError{Path: p.text, Column: column, Reason: fmt.Sprintf(format, args...)}
}

func (p *parser) here() string {
	if p.at >= len(p.text) {
		return "end of path"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	return strconv.QuoteRune(r)
}

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) skip(prefix string) bool {
	if !strings.HasPrefix(p.text[p.at:], prefix) {
		return false
	}
	p.at += len(prefix)
	return true
}

func (p *parser) space() {
	for p.peek() == ' ' || p.peek() == '\t' || p.peek() == '\n' || p.peek() == '\r' {
		p.at++
	}
}

func (p *parser) expect(token string) error {
	if p.space(); !p.skip(token) {
		return p.fail("unexpected %s, expected '%s'", p.here(), token)
	}
	return nil
}

func (p *parser) path(root byte) (*Path, error) {
	start := p.at
	if p.peek() != root {
		return nil, p.fail("unexpected %s, a path begins with %c", p.here(), root)
	}
	p.at++
	path := &Path{}
	for p.peek() == '.' || p.peek() == '[' {
		s, err := p.step()
		if err != nil {
			return nil, err
		}
		path.steps = append(path.steps, s)
		if _, ok := s.(call); ok && (p.peek() == '.' || p.peek() == '[') {
			return nil, p.fail("a function ends its path")
		}
	}
	if p.depth == 0 && p.at < len(p.text) {
		return nil, p.fail("unexpected %s, expected '.' or '['", p.here())
	}
	path.text = p.text[start:p.at]
	return path, nil
}

func (p *parser) step() (step, error) {
	if p.skip("..") {
		if p.peek() == '.' {
			return nil, p.fail("unexpected '.' after '..'")
		}
		next, err := p.afterDot()
		if err != nil {
			return nil, err
		}
		if _, ok := next.(call); ok {
			return nil, p.fail("a function cannot follow '..'")
		}
		return scan{next}, nil
	}
	if p.skip(".") {
		return p.afterDot()
	}
	return p.bracket()
}

func (p *parser) afterDot() (step, error) {
	if p.peek() == '[' {
		return p.bracket()
	}
	if p.skip("*") {
		return wildcard{}, nil
	}
	start := p.at
	for p.at < len(p.text) && !p.endsName() {
		p.at++
	}
	name := p.text[start:p.at]
	switch {
	case name == "":
		return nil, p.fail("unexpected %s, expected a name, '*' or '['", p.here())
	case p.peek() == '(':
		return p.call(name, start)
	case p.depth == 0 && strings.ContainsRune(" \t\n\r", rune(p.peek())):
		return nil, p.fail("space in a name; write ['%s …']", name)
	}
	return members{name}, nil
}

func (p *parser) endsName() bool {
	ends := ".[( \t\n\r"
	if p.depth > 0 {
		ends += "=!<>~&|),]"
	}
	return strings.IndexByte(ends, p.text[p.at]) >= 0
}

func (p *parser) bracket() (step, error) {
	p.at++
	p.space()
	var s step
	var err error
	switch c := p.peek(); {
	case c == '*':
		p.at++
		s = wildcard{}
	case c == '?':
		s, err = p.filter()
	case c == '\'' || c == '"':
		s, err = p.names()
	case c == '-' || c == ':' || c >= '0' && c <= '9':
		s, err = p.numbers()
	default:
		err = p.fail("unexpected %s, expected an index, a quoted name, '*' or '?'", p.here())
	}
	if err != nil {
		return nil, err
	}
	return s, p.expect("]")
}

func (p *parser) names() (step, error) {
	var names members
	for {
		p.space()
		name, err := p.quoted()
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		if p.space(); !p.skip(",") {
			return names, nil
		}
	}
}

// quoted reads a string in single or double quotes. A backslash escapes the quote and otherwise stands for itself: AWS
// finds the member Test\"x by $['Test\"x'].
func (p *parser) quoted() (string, error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", p.fail("unexpected %s, expected a quoted name", p.here())
	}
	start := p.at
	var out strings.Builder
	for p.at++; p.at < len(p.text); p.at++ {
		c := p.text[p.at]
		if c == quote {
			p.at++
			return out.String(), nil
		}
		if c == '\\' && p.at+1 < len(p.text) {
			p.at++
			if p.text[p.at] != quote {
				out.WriteByte(c)
			}
			c = p.text[p.at]
		}
		out.WriteByte(c)
	}
	p.at = start
	return "", p.fail("string is not closed")
}

// numbers reads [1], [0,2] and slices.
func (p *parser) numbers() (step, error) {
	var list indices
	var parts [3]*int
	colons := 0
	for {
		p.space()
		if c := p.peek(); c == '-' || c >= '0' && c <= '9' {
			n, err := p.integer()
			if err != nil {
				return nil, err
			}
			parts[colons], list = &n, append(list, n)
		} else if colons == 0 && c != ':' {
			return nil, p.fail("unexpected %s, expected an index", p.here())
		}
		p.space()
		switch {
		case colons < 2 && len(list) <= colons+1 && p.skip(":"):
			colons++
		case colons == 0 && p.skip(","):
		case colons == 0:
			return list, nil
		default:
			if by := parts[2]; by != nil && *by < 1 {
				return nil, p.fail("the step of a slice must be positive")
			}
			return slice{parts[0], parts[1], parts[2]}, nil
		}
	}
}

func (p *parser) integer() (int, error) {
	start := p.at
	p.skip("-")
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.at++
	}
	n, err := strconv.ParseInt(p.text[start:p.at], 10, 32)
	if err != nil {
		text := p.text[start:p.at]
		p.at = start
		return 0, p.fail("%s is no index", text)
	}
	return int(n), nil
}
