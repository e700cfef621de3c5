package plpgsql

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// parser reads one body. The first mistake stays in err; from then on every token is the end of the text, so that all
// loops come to their end.
type parser struct {
	tokens    []syntax.Token
	next      int
	at        fault.Position // of the body in the user's file
	skipped   int            // 1 when the body begins with a line end, which Redshift does not count
	end       syntax.Token
	err       error
	scope     *scope
	variables []variable
	nonAtomic bool
}

func newParser(body string, at fault.Position) (*parser, error) {
	p := &parser{at: at}
	if strings.HasPrefix(body, "\n") || strings.HasPrefix(body, "\r\n") {
		p.skipped = 1
	}
	tokens, err := syntax.Scan(body)
	if err != nil {
		return nil, p.move(err)
	}
	p.tokens = tokens
	p.end = syntax.Token{Kind: syntax.End, Line: 1, Column: 1}
	if len(tokens) > 0 {
		last := tokens[len(tokens)-1]
		p.end.Line, p.end.Column = last.Line, last.Column+len(last.Text)
	}
	return p, nil
}

// move gives an error of the scanner its place in the user's file.
func (p *parser) move(err error) error {
	f, ok := err.(*fault.Fault)
	if !ok {
		return err
	}
	return f.At(p.position(syntax.Token{Line: f.Position.Line, Column: f.Position.Column}))
}

func (p *parser) position(t syntax.Token) fault.Position {
	at := fault.Position{File: p.at.File, Line: p.at.Line + t.Line - 1, Column: t.Column}
	if t.Line == 1 {
		at.Column += p.at.Column - 1
	}
	return at
}

func (p *parser) place() place {
	t := p.peek()
	return place{at: p.position(t), line: t.Line - p.skipped}
}

func (p *parser) fail(at fault.Position, code, format string, args ...any) {
	if p.err == nil {
		p.err = fault.Invalidf(format, args...).WithCode(code).At(at)
	}
}

// refuse reports the next token as the one out of place.
func (p *parser) refuse() {
	t := p.peek()
	if t.Kind == syntax.End {
		p.fail(p.position(t), codeSyntax, "syntax error at end of input")
		return
	}
	p.fail(p.position(t), codeSyntax, "syntax error at or near %q", t.Text)
}

func (p *parser) peek() syntax.Token { return p.peekAt(0) }

func (p *parser) peekAt(n int) syntax.Token {
	if p.err != nil || p.next+n >= len(p.tokens) {
		return p.end
	}
	return p.tokens[p.next+n]
}

func (p *parser) advance() syntax.Token {
	t := p.peek()
	if t.Kind != syntax.End {
		p.next++
	}
	return t
}

// accept takes the words when all of them come next.
func (p *parser) accept(words ...string) bool {
	for i, word := range words {
		if !p.peekAt(i).Is(word) {
			return false
		}
	}
	p.next += len(words)
	return true
}

func (p *parser) expect(words ...string) {
	for _, word := range words {
		if !p.accept(word) {
			p.refuse()
		}
	}
}

// name takes an identifier and returns its folded name.
func (p *parser) name() string {
	if !p.peek().IsName() {
		p.refuse()
		return ""
	}
	return p.advance().Value()
}

// until takes the tokens before the first stop that stands outside parentheses and CASE … END. The stop stays.
func (p *parser) until(stops ...string) []syntax.Token {
	start, depth, cases := p.next, 0, 0
	for {
		t := p.peek()
		switch {
		case t.Kind == syntax.End:
			p.refuse()
			return nil
		case depth == 0 && cases == 0 && t.IsOneOf(stops...):
			return p.tokens[start:p.next]
		case t.IsOneOf("(", "["):
			depth++
		case t.IsOneOf(")", "]"):
			if depth == 0 {
				p.refuse()
				return nil
			}
			depth--
		case t.Is("CASE"):
			cases++
		case t.Is("END") && cases > 0:
			cases--
		case t.Is(";"):
			p.refuse()
			return nil
		}
		p.advance()
	}
}

// expression takes an expression up to a stop. It may not be empty.
func (p *parser) expression(stops ...string) fragment {
	at := p.place()
	tokens := p.until(stops...)
	if len(tokens) == 0 {
		p.refuse()
		return fragment{}
	}
	return p.newExpression(tokens, at)
}

// label takes <<name>> when it comes next.
func (p *parser) label() string {
	if !p.accept("<<") {
		return ""
	}
	name := p.name()
	p.expect(">>")
	return name
}

// endLabel takes the name behind END and checks it against the label of the block or loop.
func (p *parser) endLabel(label string) {
	t := p.peek()
	if !t.IsName() {
		return
	}
	p.advance()
	if t.Value() != label {
		p.fail(p.position(t), codeSyntax, "end label %q differs from the label %q of its block", t.Value(), label)
	}
}
