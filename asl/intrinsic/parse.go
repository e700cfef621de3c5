package intrinsic

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepwell/stepwell/jsonpath"
	"github.com/stepwell/stepwell/value"
)

// maxNesting is how deep AWS lets invocations nest.
const maxNesting = 10

const prefix = "States."

// Parse reads an expression. The error is a *ParseError.
func Parse(text string) (*Expression, error) {
	p := &parser{text: text}
	if strings.HasPrefix(text, prefix) {
		e, err := p.invocation(1)
		if err == nil && p.at < len(text) {
			err = p.fail(p.at, "unexpected %s after the invocation", p.here())
		}
		return e, err
	}
	if !strings.HasPrefix(text, "$") {
		return nil, p.fail(0, "unexpected %s, expected a path ($…) or an intrinsic function (States.…)", p.here())
	}
	return p.reference(0, text)
}

type parser struct {
	text string
	at   int
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &ParseError{Column: 1 + utf8.RuneCountInString(p.text[:at]), Reason: fmt.Sprintf(format, args...)}
}

func (p *parser) here() string {
	if p.at >= len(p.text) {
		return "end of text"
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

func (p *parser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// reference reads a path, context path or variable reference that is text, which begins at the given place.
func (p *parser) reference(at int, text string) (*Expression, error) {
	e := &Expression{text: text}
	name := text[1 : 1+nameSize(text[1:])]
	rest := text[1+len(name):]
	switch {
	case strings.HasPrefix(text, "$$"):
		e.kind, rest = ContextPath, text[2:]
	case name != "":
		e.kind, e.variable = Variable, name
		if first, _ := utf8.DecodeRuneInString(name); unicode.IsDigit(first) {
			return nil, p.fail(at+1, "a variable's name does not begin with a digit")
		}
	}
	path, err := jsonpath.Parse("$" + rest)
	var bad *jsonpath.ParseError
	if errors.As(err, &bad) {
		skipped := utf8.RuneCountInString(p.text[:at]) + utf8.RuneCountInString(text) - utf8.RuneCountInString(rest) - 1
		return nil, &ParseError{Column: skipped + bad.Column, Reason: bad.Reason}
	}
	e.path = path
	return e, err
}

func nameSize(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if end < 0 {
		return len(text)
	}
	return end
}

func (p *parser) invocation(depth int) (*Expression, error) {
	start := p.at
	if depth > maxNesting {
		return nil, p.fail(start, "invocations nested deeper than %d levels", maxNesting)
	}
	p.at += len(prefix)
	size := nameSize(p.text[p.at:])
	name := p.text[p.at : p.at+size]
	p.at += size
	f, ok := functions[name]
	if !ok {
		return nil, p.fail(start, "unknown function %s%s", prefix, name)
	}
	if p.peek() != '(' {
		return nil, p.fail(p.at, "unexpected %s, expected '('", p.here())
	}
	p.at++
	arguments, err := p.arguments(depth)
	if err != nil {
		return nil, err
	}
	if n := len(arguments); n < f.least || n > f.most {
		return nil, p.fail(start, "%s%s takes %s, not %d", prefix, name, f.arity(), n)
	}
	if name == format && len(arguments) > 0 && arguments[0].kind == literal {
		arguments[0].literal = templateText(arguments[0])
	}
	return &Expression{text: p.text[start:p.at], kind: Invocation, function: f, arguments: arguments}, nil
}

// templateText keeps the escapes of States.Format's template: there \{ is a brace and {} a place for an argument.
func templateText(e *Expression) value.Value {
	if e.literal.Kind() != value.String {
		return e.literal
	}
	return value.OfString(e.text[1 : len(e.text)-1])
}

func (p *parser) arguments(depth int) ([]*Expression, error) {
	var list []*Expression
	if p.space(); p.peek() == ')' {
		p.at++
		return nil, nil
	}
	for {
		p.space()
		argument, err := p.argument(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, argument)
		p.space()
		switch p.peek() {
		case ',':
			p.at++
		case ')':
			p.at++
			return list, nil
		default:
			return nil, p.fail(p.at, "unexpected %s, expected ',' or ')'", p.here())
		}
	}
}

func (p *parser) argument(depth int) (*Expression, error) {
	start := p.at
	switch {
	case strings.HasPrefix(p.text[start:], prefix):
		return p.invocation(depth + 1)
	case p.peek() == '$':
		p.at = p.pathEnd()
		return p.reference(start, p.text[start:p.at])
	case p.peek() == '\'':
		v, err := p.quoted()
		return &Expression{text: p.text[start:p.at], kind: literal, literal: v}, err
	}
	for p.at < len(p.text) && strings.IndexByte(",() \t\r\n", p.text[p.at]) < 0 {
		p.at++
	}
	word := p.text[start:p.at]
	v, err := value.Parse(word)
	if err != nil || v.Kind() == value.Array || v.Kind() == value.Object || v.Kind() == value.String {
		p.at = start
		return nil, p.fail(start, "unexpected %s, expected a path, an invocation, a 'string', a number, true, false or null", p.here())
	}
	return &Expression{text: word, kind: literal, literal: v}, nil
}

// pathEnd finds where an argument's path ends: at a comma, space or closing parenthesis outside of its own brackets.
func (p *parser) pathEnd() int {
	depth := 0
	for i := p.at; i < len(p.text); i++ {
		switch c := p.text[i]; c {
		case '[', '(':
			depth++
		case ']', ')':
			if depth--; depth < 0 {
				return i
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		case '\'', '"':
			if depth > 0 {
				i = quoteEnd(p.text, i)
			}
		}
	}
	return len(p.text)
}

func quoteEnd(text string, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[start]:
			return i
		}
	}
	return len(text)
}

// quoted reads a string literal. A backslash stands only before a quote, a brace or a backslash.
func (p *parser) quoted() (value.Value, error) {
	start := p.at
	var out strings.Builder
	for i := start + 1; i < len(p.text); i++ {
		c := p.text[i]
		switch c {
		case '\'':
			p.at = i + 1
			return value.OfString(out.String()), nil
		case '\\':
			i++
			if i >= len(p.text) || strings.IndexByte(`'{}\`, p.text[i]) < 0 {
				return value.Value{}, p.fail(i-1, `bad escape in a string; only \', \{, \} and \\ are known`)
			}
			c = p.text[i]
		}
		out.WriteByte(c)
	}
	return value.Value{}, p.fail(start, "string is not closed")
}
