package expression

import "strings"

type tokenKind uint8

const (
	end tokenKind = iota
	word
	namePlaceholder
	valuePlaceholder
	number
	symbol
)

type token struct {
	kind   tokenKind
	text   string
	offset int
}

// is reports whether the token is a keyword, however it is spelled, or a symbol.
func (t token) is(text string) bool {
	return t.kind == symbol && t.text == text || t.kind == word && strings.EqualFold(t.text, text)
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
func part(c byte) bool   { return letter(c) || digit(c) }

// scan splits the text into tokens; the last one is the end.
func (p *parser) scan() {
	if len(p.text) > maxLength {
		p.fail("Expression size has exceeded the maximum allowed size; expression size: %d", len(p.text))
	}
	for at := 0; ; {
		for at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[at]) >= 0 {
			at++
		}
		t := p.next(at)
		p.tokens = append(p.tokens, t)
		if t.kind == end {
			return
		}
		at += len(t.text)
	}
}

// next returns the token that begins at an offset.
func (p *parser) next(at int) token {
	if at == len(p.text) {
		return token{kind: end, offset: at}
	}
	kind, size := symbol, 1
	switch c := p.text[at]; {
	case letter(c):
		kind, size = word, p.run(at, part)
	case digit(c):
		kind, size = number, p.run(at, digit)
	case c == '#' || c == ':':
		if kind, size = namePlaceholder, 1+p.run(at+1, part); c == ':' {
			kind = valuePlaceholder
		}
		if size == 1 {
			p.syntax(at, at+1)
		}
	case strings.HasPrefix(p.text[at:], "<=") || strings.HasPrefix(p.text[at:], ">=") || strings.HasPrefix(p.text[at:], "<>"):
		size = 2
	case strings.IndexByte("=<>()[],.+-", c) < 0:
		p.syntax(at, at+1)
	}
	return token{kind, p.text[at : at+size], at}
}

func (p *parser) run(from int, fits func(byte) bool) int {
	at := from
	for at < len(p.text) && fits(p.text[at]) {
		at++
	}
	return at - from
}

// syntax complains about what stands between two offsets, with the tokens around it.
func (p *parser) syntax(from, to int) {
	const around = 12
	p.fail("Syntax error; token: %q, near: %q", p.text[from:to], p.text[max(0, from-around):min(len(p.text), to+around)])
}

// unexpected complains about the next token, shown with its neighbours.
func (p *parser) unexpected() {
	t := p.peek()
	from := p.tokens[max(0, p.at-1)].offset
	shown := t.text
	if t.kind == end {
		shown = "<EOF>"
	}
	next := p.tokens[min(len(p.tokens)-1, p.at+1)]
	p.fail("Syntax error; token: %q, near: %q", shown, strings.TrimSpace(p.text[from:next.offset+len(next.text)]))
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) take() token {
	t := p.peek()
	if t.kind == end {
		p.unexpected()
	}
	p.at++
	return t
}

// accept takes the next token if it is a keyword or symbol.
func (p *parser) accept(text string) bool {
	if !p.peek().is(text) {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(text string) {
	if !p.accept(text) {
		p.unexpected()
	}
}
