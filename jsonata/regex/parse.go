package regex

import (
	"errors"
	"math"
	"slices"
)

// Compile reads an expression. The error is a sentence about it.
func Compile(source string, flags Flags) (*Regexp, error) {
	p := &parser{source: []rune(source), flags: flags, groups: 1, names: map[string]int{}}
	p.last = p.countGroups()
	body, err := p.choice()
	if err == nil && p.at < len(p.source) {
		err = errors.New("Unmatched ')'")
	}
	if err == nil {
		err = p.bind()
	}
	if err != nil {
		return nil, err
	}
	c := &compiler{slots: 2 * p.groups}
	body.emit(c)
	c.add(instruction{op: opMatch})
	if c.full {
		return nil, errors.New("Regular expression too large")
	}
	return &Regexp{program: c.program, groups: p.groups, slots: c.slots, fold: flags&IgnoreCase != 0}, nil
}

type parser struct {
	source     []rune
	at         int
	flags      Flags
	groups     int // that were opened so far, with the whole
	last       int // the number of the last group of all
	names      map[string]int
	references []*reference
	depth      int
}

// maxDepth bounds how deep groups nest.
const maxDepth = 200

func (p *parser) ends() bool { return p.at >= len(p.source) }

func (p *parser) peek() rune {
	if p.ends() {
		return 0
	}
	return p.source[p.at]
}

// accept takes a text if it comes next.
func (p *parser) accept(text string) bool {
	runes := []rune(text)
	if len(p.source)-p.at < len(runes) || !slices.Equal(p.source[p.at:p.at+len(runes)], runes) {
		return false
	}
	p.at += len(runes)
	return true
}

// countGroups tells how many groups are kept, which decides what a digit behind a backslash means.
func (p *parser) countGroups() (n int) {
	inClass := false
	for i := 0; i < len(p.source); i++ {
		switch rest := p.source[i:]; {
		case rest[0] == '\\':
			i++
		case rest[0] == '[' && !inClass:
			inClass = true
		case rest[0] == ']':
			inClass = false
		case rest[0] == '(' && !inClass && (len(rest) < 2 || rest[1] != '?' || isNamed(rest)):
			n++
		}
	}
	return n
}

func isNamed(rest []rune) bool {
	return len(rest) > 3 && rest[2] == '<' && rest[3] != '=' && rest[3] != '!'
}

// bind gives the references by name their groups.
func (p *parser) bind() error {
	for _, r := range p.references {
		if r.name == "" {
			continue
		}
		index, ok := p.names[r.name]
		if !ok {
			return errors.New("Invalid named capture referenced")
		}
		r.index = index
	}
	return nil
}

func (p *parser) choice() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errors.New("Regular expression too large")
	}
	defer func() { p.depth-- }()
	var all choice
	for {
		s, err := p.sequence()
		if err != nil {
			return nil, err
		}
		if all = append(all, s); !p.accept("|") {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func (p *parser) sequence() (node, error) {
	var all sequence
	for !p.ends() && p.peek() != '|' && p.peek() != ')' {
		first := p.groups
		part, err := p.term()
		if err == nil {
			part, err = p.quantified(part, first)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func (p *parser) term() (node, error) {
	c := p.peek()
	p.at++
	multiline := p.flags&Multiline != 0
	switch {
	case c == '^' && multiline:
		return lineStart, nil
	case c == '^':
		return textStart, nil
	case c == '$' && multiline:
		return lineEnd, nil
	case c == '$':
		return textEnd, nil
	case c == '(':
		return p.group()
	case c == '.':
		return (&set{parts: []func(rune) bool{not(isLineEnd)}}).freeze(), nil
	case c == '[':
		return p.class()
	case c == '\\':
		return p.escape()
	case c == '*', c == '+', c == '?':
		return nil, errors.New("Nothing to repeat")
	case c == '{':
		p.at--
		if _, _, ok := p.braces(); ok {
			return nil, errors.New("Nothing to repeat")
		}
		p.at++
	}
	return p.literal(c), nil
}

func (p *parser) literal(c rune) *set {
	return (&set{parts: []func(rune) bool{span(c, c)}, fold: p.flags&IgnoreCase != 0}).freeze()
}

func (p *parser) group() (node, error) {
	var wrap func(body node) node
	switch {
	case p.accept("?:"):
		wrap = func(body node) node { return sequence{body} }
	case p.accept("?="):
		wrap = func(body node) node { return look{body: body} }
	case p.accept("?!"):
		wrap = func(body node) node { return look{body: body, negative: true} }
	case p.accept("?<="):
		wrap = func(body node) node { return look{body: body, behind: true} }
	case p.accept("?<!"):
		wrap = func(body node) node { return look{body: body, behind: true, negative: true} }
	default:
		index := p.groups
		if p.accept("?<") {
			name, err := p.name()
			if err != nil {
				return nil, err
			}
			p.names[name] = index
		} else if p.peek() == '?' {
			return nil, errors.New("Invalid group")
		}
		p.groups++
		wrap = func(body node) node { return group{index, body} }
	}
	body, err := p.choice()
	if err != nil {
		return nil, err
	}
	if !p.accept(")") {
		return nil, errors.New("Unterminated group")
	}
	return wrap(body), nil
}

// name reads the name of a group up to the bracket that closes it.
func (p *parser) name() (string, error) {
	end := slices.Index(p.source[p.at:], '>')
	if end <= 0 || slices.ContainsFunc(p.source[p.at:p.at+end], func(r rune) bool { return r < 128 && !isWord(r) && r != '$' }) {
		return "", errors.New("Invalid capture group name")
	}
	name := string(p.source[p.at : p.at+end])
	if p.at += end + 1; p.names[name] > 0 {
		return "", errors.New("Duplicate capture group name")
	}
	return name, nil
}

// quantified puts the repetition that follows around a part, whose groups are those from first on.
func (p *parser) quantified(part node, first int) (node, error) {
	low, high := 0, -1
	switch {
	case p.accept("*"):
	case p.accept("+"):
		low = 1
	case p.accept("?"):
		high = 1
	default:
		var ok bool
		if low, high, ok = p.braces(); !ok {
			return part, nil
		}
	}
	lazy := p.accept("?")
	if high >= 0 && low > high {
		return nil, errors.New("numbers out of order in {} quantifier")
	}
	if _, isAssertion := part.(assertion); isAssertion {
		return nil, errors.New("Nothing to repeat")
	}
	return repeat{body: part, min: low, max: high, lazy: lazy, first: first, end: p.groups}, nil
}

// braces reads {2}, {2,} or {2,3}; other braces are characters as any.
func (p *parser) braces() (low, high int, ok bool) {
	start := p.at
	if !p.accept("{") {
		return 0, 0, false
	}
	low, ok = p.count()
	high = low
	if ok && p.accept(",") {
		var bounded bool
		if high, bounded = p.count(); !bounded {
			high = -1
		}
	}
	if !ok || !p.accept("}") {
		p.at = start
		return 0, 0, false
	}
	return low, high, true
}

// count reads a number; one that no text is long enough for is as good as a smaller one.
func (p *parser) count() (n int, ok bool) {
	for ; isDigit(p.peek()); p.at++ {
		n, ok = min(n*10+int(p.peek()-'0'), math.MaxInt32), true
	}
	return n, ok
}
