package plpgsql

import (
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// exception is the level of RAISE that ends the procedure.
const exception Level = "EXCEPTION"

var levels = map[string]Level{"LOG": Log, "INFO": Info, "NOTICE": Remark, "WARNING": Warning, "EXCEPTION": exception}

// raise takes the rest of RAISE level 'format', variable, …; or of RAISE alone.
func (p *parser) raise(at place) statement {
	s := &raiseStatement{place: at}
	if p.peek().Is(";") {
		if !p.scope.insideHandler() {
			p.fail(at.at, codeSyntax, "RAISE without parameters cannot be used outside an exception handler")
		}
		return s
	}
	level, ok := levels[p.peek().Upper()]
	if !ok {
		p.refuse()
	}
	p.advance()
	s.level = level
	if p.peek().Kind != syntax.String {
		p.refuse()
		return s
	}
	format := p.advance()
	s.format = placeholders(format.Value())
	for p.accept(",") {
		s.arguments = append(s.arguments, p.raiseArgument())
	}
	p.countArguments(format, s)
	return s
}

// raiseArgument takes a simple variable: Redshift evaluates no expressions here.
func (p *parser) raiseArgument() fragment {
	at := p.place()
	t := p.peek()
	if r, taken := p.resolveNext(); taken > 0 && p.peekAt(taken).IsOneOf(",", ";") {
		p.next += taken
		return fragment{place: at, parts: []part{{reference: &r}}}
	}
	if t.Kind == syntax.End || !t.IsName() {
		p.refuse()
		return fragment{}
	}
	if !p.peekAt(1).IsOneOf(",", ";") {
		p.advance()
	}
	p.refuse()
	return fragment{}
}

func (p *parser) countArguments(format syntax.Token, s *raiseStatement) {
	switch want := len(s.format) - 1; {
	case len(s.arguments) < want:
		p.fail(p.position(format), codeSyntax, "too few parameters specified for RAISE")
	case len(s.arguments) > want:
		p.fail(p.position(format), codeSyntax, "too many parameters specified for RAISE")
	}
}

// placeholders splits a format at its % signs; %% is a sign itself.
func placeholders(format string) []string {
	pieces := []string{""}
	for i := 0; i < len(format); i++ {
		last := len(pieces) - 1
		switch {
		case strings.HasPrefix(format[i:], "%%"):
			pieces[last] += "%"
			i++
		case format[i] == '%':
			pieces = append(pieces, "")
		default:
			pieces[last] += format[i : i+1]
		}
	}
	return pieces
}
