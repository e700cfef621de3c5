package syntax

import (
	"strconv"

	"github.com/stepwell/stepwell/fault"
)

// parser walks over the tokens of one fragment. Its methods that expect something panic with a *fault.Fault, which Parse
// turns into an error; no other panic is caught.
type parser struct {
	fragment *Fragment
	tokens   []Token
	at       int
	// end is returned behind the last token.
	end Token
}

func newParser(f *Fragment) *parser {
	last := f.Tokens[len(f.Tokens)-1]
	return &parser{fragment: f, tokens: f.Tokens, end: Token{Kind: End, Offset: last.End(), Line: last.Line,
		Column: last.Column + len([]rune(last.Text))}}
}

func (p *parser) fail(err error) { panic(err.(*fault.Fault)) }

func (p *parser) unexpected() { p.fail(p.peek().SyntaxError()) }

func (p *parser) peek() Token { return p.ahead(0) }

func (p *parser) ahead(n int) Token {
	if p.at+n < len(p.tokens) {
		return p.tokens[p.at+n]
	}
	return p.end
}

func (p *parser) next() Token {
	t := p.peek()
	if t.Kind != End {
		p.at++
	}
	return t
}

func (p *parser) done() bool { return p.at >= len(p.tokens) }

// see reports whether the words come next.
func (p *parser) see(words ...string) bool {
	return StartsWith(p.tokens[min(p.at, len(p.tokens)):], words...)
}

// accept passes the words if all of them come next.
func (p *parser) accept(words ...string) bool {
	if !p.see(words...) {
		return false
	}
	p.at += len(words)
	return true
}

// acceptOne passes one of the words and returns it in the given spelling, or nothing.
func (p *parser) acceptOne(words ...string) string {
	for _, w := range words {
		if p.accept(w) {
			return w
		}
	}
	return ""
}

func (p *parser) expect(words ...string) {
	for _, w := range words {
		if !p.accept(w) {
			p.unexpected()
		}
	}
}

func (p *parser) expectEnd() {
	if !p.done() {
		p.unexpected()
	}
}

// identifier reads a name without dots.
func (p *parser) identifier() string {
	if !p.peek().IsName() {
		p.unexpected()
	}
	return p.next().Value()
}

// name reads a name of up to three parts.
func (p *parser) name() Name {
	at := p.peek().Position()
	parts := []string{p.identifier()}
	for p.see(".") && len(parts) < 3 {
		p.next()
		parts = append(parts, p.identifier())
	}
	n := Name{Name: parts[len(parts)-1], Position: at}
	if len(parts) > 1 {
		n.Schema = parts[len(parts)-2]
	}
	if len(parts) > 2 {
		n.Database = parts[0]
	}
	return n
}

func (p *parser) names() []Name {
	list := []Name{p.name()}
	for p.accept(",") {
		list = append(list, p.name())
	}
	return list
}

// columns reads a list of names in parentheses.
func (p *parser) columns() []string {
	p.expect("(")
	list := []string{p.identifier()}
	for p.accept(",") {
		list = append(list, p.identifier())
	}
	p.expect(")")
	return list
}

func (p *parser) string() string {
	if p.peek().Kind != String {
		p.unexpected()
	}
	return p.next().Value()
}

func (p *parser) integer() int64 {
	sign := ""
	if p.accept("-") {
		sign = "-"
	}
	n, err := strconv.ParseInt(sign+p.peek().Text, 10, 64)
	if p.peek().Kind != Number || err != nil {
		p.unexpected()
	}
	p.next()
	return n
}

func (p *parser) dataType() Type {
	if p.done() {
		p.unexpected()
	}
	t, n, err := ParseType(p.tokens[p.at:])
	if err != nil {
		p.fail(err)
	}
	p.at += n
	return t
}

// parentheses reads a group in parentheses and returns what stands in it.
func (p *parser) parentheses() []Token {
	p.expect("(")
	start := p.at
	for depth := 1; depth > 0; {
		switch t := p.next(); {
		case t.Kind == End:
			p.unexpected()
		case t.Is("("):
			depth++
		case t.Is(")"):
			depth--
		}
	}
	return p.tokens[start : p.at-1]
}

// until reads tokens up to one of the words outside of parentheses, or to the end.
func (p *parser) until(words ...string) []Token {
	start := p.at
	depth := 0
	for !p.done() {
		t := p.peek()
		if depth == 0 && t.IsOneOf(words...) {
			break
		}
		if t.IsOneOf("(", "[") {
			depth++
		} else if t.IsOneOf(")", "]") {
			depth--
		}
		if depth < 0 {
			p.unexpected()
		}
		p.next()
	}
	if depth > 0 {
		p.unexpected()
	}
	return p.tokens[start:p.at]
}

// rest reads the remaining tokens.
func (p *parser) rest() []Token { return p.until() }

// arguments reads (a, b, …) and returns the tokens of each argument.
func (p *parser) arguments() [][]Token { return splitList(p.parentheses()) }

// splitList cuts tokens at the commas outside of parentheses and brackets. No tokens are an empty list.
func splitList(tokens []Token) [][]Token {
	if len(tokens) == 0 {
		return nil
	}
	var list [][]Token
	depth, start := 0, 0
	for i, t := range tokens {
		switch {
		case t.IsOneOf("(", "["):
			depth++
		case t.IsOneOf(")", "]"):
			depth--
		case depth == 0 && t.Is(","):
			list = append(list, tokens[start:i])
			start = i + 1
		}
	}
	return append(list, tokens[start:])
}
