package regex

import (
	"errors"
	"slices"
	"strconv"
	"unicode"
)

// escape reads what stands behind a backslash outside of brackets.
func (p *parser) escape() (node, error) {
	if p.ends() {
		return nil, errors.New("\\ at end of pattern")
	}
	switch c := p.peek(); {
	case c == 'b':
		p.at++
		return wordEdge, nil
	case c == 'B':
		p.at++
		return noWordEdge, nil
	case c >= '1' && c <= '9':
		start := p.at
		if n, _ := p.count(); n <= p.last {
			return p.refer(&reference{index: n}), nil
		}
		p.at = start
	case c == 'k' && p.at+1 < len(p.source) && p.source[p.at+1] == '<':
		p.at += 2
		end := slices.Index(p.source[p.at:], '>')
		if end < 0 {
			return nil, errors.New("Invalid named reference")
		}
		name := string(p.source[p.at : p.at+end])
		p.at += end + 1
		return p.refer(&reference{name: name}), nil
	}
	part, single, err := p.escaped()
	if err != nil {
		return nil, err
	}
	if part == nil {
		return p.literal(single), nil
	}
	return (&set{parts: []func(rune) bool{part}, fold: p.flags&IgnoreCase != 0}).freeze(), nil
}

func (p *parser) refer(r *reference) node {
	p.references = append(p.references, r)
	return r
}

var controls = map[rune]rune{'t': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r'}

// escaped reads a class, or else one character, behind a backslash.
func (p *parser) escaped() (part func(rune) bool, single rune, err error) {
	if p.ends() {
		return nil, 0, errors.New("\\ at end of pattern")
	}
	c := p.peek()
	p.at++
	if part, ok := classes[c]; ok {
		return part, 0, nil
	}
	if r, ok := controls[c]; ok {
		return nil, r, nil
	}
	switch {
	case c >= '0' && c <= '7':
		return nil, p.octal(c - '0'), nil
	case c == 'x':
		return nil, p.hex(2, c), nil
	case c == 'u':
		return nil, p.hex(4, c), nil
	case c == 'c' && p.peek() < 128 && unicode.IsLetter(p.peek()):
		p.at++
		return nil, p.source[p.at-1] % 32, nil
	case c == 'p' || c == 'P':
		part, err := p.property(c == 'P')
		return part, c, err
	}
	return nil, c, nil
}

// octal reads the digits of an old escape such as \0 or \101.
func (p *parser) octal(n rune) rune {
	for i := 0; i < 2 && p.peek() >= '0' && p.peek() <= '7' && n*8 < 256; i++ {
		n = n*8 + p.peek() - '0'
		p.at++
	}
	return n
}

// hex reads so many digits; without them the letter is meant.
func (p *parser) hex(digits int, letter rune) rune {
	if p.at+digits <= len(p.source) {
		if n, err := strconv.ParseUint(string(p.source[p.at:p.at+digits]), 16, 32); err == nil {
			p.at += digits
			return rune(n)
		}
	}
	return letter
}

// property reads {L} or {Greek} behind \p. In ECMAScript that takes a flag which JSONata does not have; other engines know it always.
func (p *parser) property(negated bool) (func(rune) bool, error) {
	end := slices.Index(p.source[p.at:], '}')
	if p.peek() != '{' || end < 0 {
		return nil, nil
	}
	name := string(p.source[p.at+1 : p.at+end])
	table := unicode.Categories[name]
	if table == nil {
		table = unicode.Scripts[name]
	}
	if table == nil {
		return nil, errors.New("Invalid property name")
	}
	p.at += end + 1
	part := func(r rune) bool { return unicode.Is(table, r) }
	if negated {
		part = not(part)
	}
	return part, nil
}

// class reads a set in brackets, whose opening one is taken.
func (p *parser) class() (node, error) {
	s := &set{negated: p.accept("^"), fold: p.flags&IgnoreCase != 0}
	for !p.accept("]") {
		if p.ends() {
			return nil, errors.New("Unterminated character class")
		}
		part, from, err := p.member()
		if err != nil {
			return nil, err
		}
		if part == nil {
			part = span(from, from)
			if p.peek() == '-' && p.at+1 < len(p.source) && p.source[p.at+1] != ']' {
				if part, err = p.span(from); err != nil {
					return nil, err
				}
			}
		}
		s.parts = append(s.parts, part)
	}
	return s.freeze(), nil
}

// member reads a character or a class in brackets.
func (p *parser) member() (part func(rune) bool, single rune, err error) {
	if !p.accept("\\") {
		p.at++
		return nil, p.source[p.at-1], nil
	}
	if p.accept("b") {
		return nil, '\b', nil
	}
	return p.escaped()
}

// span reads the end of a range. Behind a hyphen a class stands for itself, and the hyphen too.
func (p *parser) span(from rune) (func(rune) bool, error) {
	p.at++
	class, to, err := p.member()
	switch {
	case err != nil:
		return nil, err
	case class != nil:
		return func(r rune) bool { return r == from || r == '-' || class(r) }, nil
	case from > to:
		return nil, errors.New("Range out of order in character class")
	}
	return span(from, to), nil
}
