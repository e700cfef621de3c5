package jsonpath

import (
	"regexp"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// filter reads ?( condition ).
func (p *parser) filter() (step, error) {
	start := p.at
	p.at++
	if err := p.expect("("); err != nil {
		return nil, err
	}
	p.depth++
	c, err := p.either()
	if err == nil {
		err = p.expect(")")
	}
	p.depth--
	return filter{text: p.text[start:p.at], condition: c}, err
}

func (p *parser) either() (condition, error) {
	var parts either
	for {
		part, err := p.both()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if p.space(); !p.skip("||") {
			return parts, nil
		}
	}
}

func (p *parser) both() (condition, error) {
	var parts both
	for {
		part, err := p.unary()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if p.space(); !p.skip("&&") {
			return parts, nil
		}
	}
}

func (p *parser) unary() (condition, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail("filter nested deeper than %d levels", maxDepth)
	}
	defer func() { p.depth-- }()
	p.space()
	switch {
	case p.skip("!"):
		c, err := p.unary()
		return negated{c}, err
	case p.skip("("):
		c, err := p.either()
		if err == nil {
			err = p.expect(")")
		}
		return c, err
	}
	return p.comparison()
}

func (p *parser) comparison() (condition, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.skip("=~") {
		p.space()
		pattern, err := p.regexp()
		return match{left, pattern}, err
	}
	for _, op := range operators {
		if !p.skip(op.name) {
			continue
		}
		right, err := p.operand()
		return compare{left, right, op.test}, err
	}
	if c := p.peek(); c != ')' && c != '&' && c != '|' {
		return nil, p.fail("unexpected %s, expected an operator or ')'", p.here())
	}
	return exists{left}, nil
}

func (p *parser) operand() (operand, error) {
	p.space()
	if c := p.peek(); c == '@' || c == '$' {
		path, err := p.path(c)
		return operand{path: path, fromHere: c == '@'}, err
	}
	literal, err := p.literal()
	return operand{literal: literal}, err
}

func (p *parser) literal() (value.Value, error) {
	p.space()
	switch c := p.peek(); {
	case c == '\'' || c == '"':
		text, err := p.quoted()
		return value.OfString(text), err
	case c == '[':
		return p.list()
	case p.skip("true"):
		return value.OfBool(true), nil
	case p.skip("false"):
		return value.OfBool(false), nil
	case p.skip("null"):
		return value.NullValue(), nil
	}
	end := p.at
	for end < len(p.text) && strings.IndexByte("+-.eE0123456789", p.text[end]) >= 0 {
		end++
	}
	number, err := value.Parse(p.text[p.at:end])
	if err != nil {
		return number, p.fail("unexpected %s, expected a path, a string, a number, true, false, null or a list", p.here())
	}
	p.at = end
	return number, nil
}

func (p *parser) list() (value.Value, error) {
	if p.depth++; p.depth > maxDepth {
		return value.Value{}, p.fail("filter nested deeper than %d levels", maxDepth)
	}
	defer func() { p.depth-- }()
	p.at++
	var items []value.Value
	for p.space(); !p.skip("]"); p.space() {
		if len(items) > 0 {
			if err := p.expect(","); err != nil {
				return value.Value{}, err
			}
		}
		item, err := p.literal()
		if err != nil {
			return value.Value{}, err
		}
		items = append(items, item)
	}
	return value.OfItems(items), nil
}

// regexp reads /pattern/flags. The pattern must match the whole text, as Java's matches does.
func (p *parser) regexp() (*regexp.Regexp, error) {
	start := p.at
	if !p.skip("/") {
		return nil, p.fail("unexpected %s, expected /pattern/", p.here())
	}
	end := p.at
	for end < len(p.text) && p.text[end] != '/' {
		if p.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.text) {
		return nil, p.fail("pattern is not closed")
	}
	source := strings.ReplaceAll(p.text[p.at:end], `\/`, `/`)
	flags := ""
	for p.at = end + 1; strings.IndexByte("ims", p.peek()) >= 0; p.at++ {
		flags += string(p.peek())
	}
	if flags != "" {
		flags = "(?" + flags + ")"
	}
	pattern, err := regexp.Compile(flags + `\A(?:` + source + `)\z`)
	if err != nil {
		p.at = start
		return nil, p.fail("bad pattern: %s", err.Error())
	}
	return pattern, nil
}
