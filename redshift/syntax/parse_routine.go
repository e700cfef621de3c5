package syntax

import "github.com/stepwell/stepwell/fault"

func (p *parser) createProcedure(replace bool) Statement {
	c := &CreateProcedure{Fragment: p.fragment, OrReplace: replace, Name: p.name(), Parameters: p.parameters()}
	for !p.done() {
		switch {
		case p.accept("NONATOMIC"):
			c.NonAtomic = true
		case p.accept("AS"):
			c.BodyPosition = bodyPosition(p.peek())
			c.Body = p.string()
		case p.accept("LANGUAGE"):
			if language := p.identifier(); language != "plpgsql" {
				p.fail(syntaxError(p.peek().Position(), `language "`+language+`" is not supported for stored procedures`))
			}
		case p.accept("SECURITY"):
			c.SecurityDefiner = p.oneOf("INVOKER", "DEFINER") == "DEFINER"
		case p.accept("SET"):
			s := Setting{Name: p.identifier()}
			if !p.accept("TO") {
				p.expect("=")
			}
			s.Value = p.next().Value()
			for p.accept(",") {
				s.Value += ", " + p.next().Value()
			}
			c.Settings = append(c.Settings, s)
		default:
			p.unexpected()
		}
	}
	if c.BodyPosition.Line == 0 {
		p.unexpected()
	}
	return c
}

// bodyPosition is the place of the first character behind the opening quotes.
func bodyPosition(t Token) fault.Position {
	at := t.Position()
	at.Column++
	if t.Kind == String && t.Text[0] == '$' {
		for i := 1; t.Text[i] != '$'; i++ {
			at.Column++
		}
		at.Column++
	}
	return at
}

// parameters reads ([name] [mode] type, …); name and mode may stand in either order.
func (p *parser) parameters() []RoutineParameter {
	p.expect("(")
	var list []RoutineParameter
	if p.accept(")") {
		return list
	}
	list = append(list, p.parameter())
	for p.accept(",") {
		list = append(list, p.parameter())
	}
	p.expect(")")
	return list
}

func (p *parser) parameter() RoutineParameter {
	r := RoutineParameter{Mode: p.mode()}
	if p.nameBeforeType() {
		r.Name = p.identifier()
		if r.Mode == "" {
			r.Mode = p.mode()
		}
	}
	if r.Mode == "" {
		r.Mode = "IN"
	}
	r.Type = p.dataType()
	return r
}

func (p *parser) mode() string {
	if p.accept("IN", "OUT") {
		return "INOUT"
	}
	return p.acceptOne("INOUT", "IN", "OUT")
}

// nameBeforeType tells a parameter's name from an unnamed parameter's type: a name has a type behind it.
func (p *parser) nameBeforeType() bool {
	if !p.peek().IsName() || p.ahead(1).IsOneOf(",", ")", "(") {
		return false
	}
	_, n, err := ParseType(p.tokens[p.at:])
	return err != nil || !p.ahead(n).IsOneOf(",", ")")
}

func (p *parser) createFunction(replace, external bool) Statement {
	c := &CreateFunction{Fragment: p.fragment, OrReplace: replace, External: external, Name: p.name(), Parameters: p.parameters()}
	p.expect("RETURNS")
	c.Returns = p.dataType()
	p.acceptOne("VOLATILE", "STABLE", "IMMUTABLE")
	if external {
		p.rest()
		return c
	}
	p.expect("AS")
	c.Body = p.string()
	p.expect("LANGUAGE")
	c.Language = p.identifier()
	return c
}

func (p *parser) call() Statement {
	p.expect("CALL")
	return &Call{Fragment: p.fragment, Name: p.name(), Arguments: p.arguments()}
}
