package plpgsql

import (
	"github.com/stepwell/stepwell/redshift/syntax"
)

// outerBlock takes the whole body.
func (p *parser) outerBlock() *block {
	b := p.block(p.label())
	p.accept(";")
	if p.err == nil && p.peek().Kind != syntax.End {
		p.refuse()
	}
	return b
}

func (p *parser) block(label string) *block {
	b := &block{place: p.place(), label: label}
	defer p.enter(label)()
	if p.accept("DECLARE") {
		for p.err == nil && !p.peek().Is("BEGIN") {
			if p.accept("DECLARE") {
				continue
			}
			p.declaration(b)
		}
	}
	b.line = p.place().line
	p.expect("BEGIN")
	b.body = p.statements("END", "EXCEPTION")
	if p.accept("EXCEPTION") {
		b.handler = p.handler()
	}
	p.expect("END")
	p.endLabel(label)
	return b
}

func (p *parser) handler() *handler {
	h := &handler{resume: p.accept("CONTINUE_HANDLER")}
	if h.resume && !p.nonAtomic {
		p.fail(p.place().at, codeNotSupported, "CONTINUE_HANDLER needs a NONATOMIC procedure")
	}
	if !h.resume {
		p.accept("EXIT_HANDLER")
	}
	p.expect("WHEN", "OTHERS", "THEN")
	defer p.enter("")()
	p.scope.handler = true
	h.sqlstate = p.declare(p.place(), variable{name: "sqlstate", typ: parseTypeName("character varying(5)")})
	h.sqlerrm = p.declare(p.place(), variable{name: "sqlerrm", typ: parseTypeName("character varying")})
	h.body = p.statements("END")
	return h
}

// declaration takes one line of DECLARE.
func (p *parser) declaration(b *block) {
	at := p.place()
	name := p.name()
	switch {
	case p.accept("ALIAS"):
		p.alias(at, name)
	case p.accept("CURSOR"):
		p.cursor(at, b, name)
	default:
		p.variable(at, b, name)
	}
	p.expect(";")
}

func (p *parser) alias(at place, name string) {
	p.expect("FOR")
	if r, taken := p.resolveNext(); taken > 0 && r.field == "" {
		p.next += taken
		p.scope.slots[name] = r.slot
		return
	}
	p.refuse()
}

// resolveNext resolves the variable that comes next.
func (p *parser) resolveNext() (reference, int) {
	if p.peek().Kind == syntax.End {
		return reference{}, 0
	}
	return p.resolve(p.tokens[p.next:])
}

func (p *parser) variable(at place, b *block, name string) {
	v := variable{name: name, constant: p.accept("CONSTANT")}
	d := declaration{place: at}
	v.typ, d.columnType = p.declaredType()
	if p.accept("NOT") {
		p.expect("NULL")
		v.notNull = true
	}
	if p.accept("DEFAULT") || p.accept(":=") || p.accept("=") {
		first := p.expression(";")
		d.first = &first
	}
	if v.notNull && d.first == nil {
		p.fail(at.at, codeBadDefinition, "variable %q must have a default value, since it's declared NOT NULL", name)
	}
	if v.typ.isRecord() && (d.first != nil || v.constant) {
		p.fail(at.at, codeBadDefinition, "default value for row or record variable is not supported")
	}
	d.slot = p.declare(at, v)
	b.declarations = append(b.declarations, d)
}

// declaredType takes a type, or name%TYPE and name%ROWTYPE; for a column it returns the query that tells the type.
func (p *parser) declaredType() (typeName, string) {
	tokens := p.until(";", "NOT", "DEFAULT", ":=", "=")
	if len(tokens) == 0 {
		p.refuse()
		return typeName{}, ""
	}
	n := len(tokens)
	if n < 3 || !tokens[n-2].Is("%") {
		return parseTypeName(syntax.Spell(tokens)), ""
	}
	if tokens[n-1].Is("ROWTYPE") {
		return parseTypeName("record"), ""
	}
	if r, taken := p.resolve(tokens[:n-2]); taken == n-2 && r.field == "" {
		return p.variables[r.slot].typ, ""
	}
	if n < 5 {
		p.fail(p.position(tokens[0]), codeSyntax, "%q is neither a variable nor the column of a table", tokens[0].Text)
		return typeName{}, ""
	}
	return typeName{}, "SELECT " + tokens[n-3].Text + " FROM " + syntax.Spell(tokens[:n-4]) + " WHERE false"
}

// cursor takes the rest of name CURSOR [(argument type, …)] FOR query.
func (p *parser) cursor(at place, b *block, name string) {
	c := &cursorQuery{}
	leave := p.enter("")
	if p.accept("(") {
		c.arguments = p.cursorArguments()
	}
	if !p.accept("FOR") {
		p.expect("IS")
	}
	c.query = p.query(";")
	leave()
	slot := p.declare(at, variable{name: name, typ: parseTypeName("refcursor"), cursor: c})
	b.declarations = append(b.declarations, declaration{place: at, slot: slot})
}

func (p *parser) cursorArguments() []int {
	var slots []int
	for p.err == nil {
		at := p.place()
		name := p.name()
		slots = append(slots, p.declare(at, variable{name: name, typ: parseTypeName(syntax.Spell(p.until(",", ")")))}))
		if p.accept(")") {
			break
		}
		p.expect(",")
	}
	return slots
}

// statements takes statements up to one of the words, which stays.
func (p *parser) statements(stops ...string) []statement {
	var list []statement
	for p.err == nil && !p.peek().IsOneOf(stops...) {
		if p.peek().Kind == syntax.End {
			p.refuse()
			return nil
		}
		if s := p.statement(); s != nil {
			list = append(list, s)
		}
	}
	return list
}
