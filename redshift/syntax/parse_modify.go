package syntax

import "slices"

// query reads SELECT, VALUES or a query in parentheses; SELECT … INTO is found at the top level before FROM.
func (p *parser) query() Statement {
	start := p.at
	p.until("FROM", "INTO")
	if !p.see("INTO") {
		p.rest()
		p.checkQuery(p.tokens[start:])
		return &Query{Fragment: p.fragment}
	}
	into := p.at
	p.expect("INTO")
	s := &SelectInto{Fragment: p.fragment, Temporary: p.acceptOne("TEMPORARY", "TEMP") != ""}
	p.accept("TABLE")
	s.Target = p.name()
	s.Temporary = s.Temporary || s.Target.Name[0] == '#'
	s.Query = slices.Concat(p.tokens[:into], p.rest())
	p.checkQuery(s.Query)
	return s
}

// checkQuery finds the mistakes that would otherwise surface in a backend's words: a clause without content.
func (p *parser) checkQuery(tokens []Token) {
	clause := false
	for _, t := range append(slices.Clone(tokens), p.end) {
		closes := t.Kind == End || t.IsOneOf(")", ",", "FROM", "WHERE", "HAVING", "UNION", "INTERSECT", "EXCEPT", "LIMIT")
		if clause && closes {
			p.fail(t.SyntaxError())
		}
		clause = t.IsOneOf("FROM", "WHERE", "HAVING")
	}
}

// with passes the common table expressions and reads the statement behind them.
func (p *parser) with() Statement {
	p.expect("WITH")
	p.accept("RECURSIVE")
	for {
		p.identifier()
		if p.see("(") {
			p.parentheses()
		}
		p.expect("AS")
		p.parentheses()
		if !p.accept(",") {
			break
		}
	}
	switch first := p.peek(); {
	case first.IsOneOf("SELECT", "VALUES", "("):
		return p.query()
	case first.Is("INSERT"):
		return p.insert()
	case first.Is("UPDATE"):
		return p.update()
	case first.Is("DELETE"):
		return p.delete()
	}
	p.unexpected()
	return nil
}

func (p *parser) insert() Statement {
	p.expect("INSERT", "INTO")
	i := &Insert{Fragment: p.fragment, Target: p.name()}
	if p.see("(") && !p.ahead(1).IsOneOf("SELECT", "WITH", "(", "VALUES") {
		i.Columns = p.columns()
	}
	i.Rows = p.rest()
	if len(i.Rows) == 0 || !i.Rows[0].IsOneOf("VALUES", "DEFAULT", "SELECT", "WITH", "(") {
		p.at -= len(i.Rows)
		p.unexpected()
	}
	return i
}

// alias reads an alias of a target table, with or without AS, unless one of the words follows.
func (p *parser) alias(words ...string) string {
	if p.accept("AS") {
		return p.identifier()
	}
	if p.peek().IsName() && !p.peek().IsOneOf(words...) {
		return p.identifier()
	}
	return ""
}

func (p *parser) update() Statement {
	u := &Update{Fragment: p.fragment, With: p.tokens[:p.at]}
	p.expect("UPDATE")
	u.Target = p.name()
	u.Alias = p.alias("SET")
	p.expect("SET")
	u.Set = p.clause("FROM", "WHERE")
	if p.accept("FROM") {
		u.From = p.clause("WHERE")
	}
	u.Where = p.where()
	return u
}

// clause reads the content of a clause, which must not be empty.
func (p *parser) clause(end ...string) []Token {
	tokens := p.until(end...)
	if len(tokens) == 0 {
		p.unexpected()
	}
	return tokens
}

func (p *parser) where() []Token {
	if !p.accept("WHERE") {
		return nil
	}
	return p.clause()
}

func (p *parser) delete() Statement {
	d := &Delete{Fragment: p.fragment, With: p.tokens[:p.at]}
	p.expect("DELETE")
	p.accept("FROM")
	d.Target = p.name()
	d.Alias = p.alias("USING", "WHERE")
	if p.accept("USING") {
		d.Using = p.clause("WHERE")
	}
	d.Where = p.where()
	return d
}

func (p *parser) merge() Statement {
	p.expect("MERGE", "INTO")
	m := &Merge{Fragment: p.fragment, Target: p.name()}
	m.Alias = p.alias("USING")
	p.expect("USING")
	m.Using = p.clause("ON")
	p.expect("ON")
	m.On = p.clause("WHEN", "REMOVE")
	if p.accept("REMOVE", "DUPLICATES") {
		m.RemoveDuplicates = true
		return m
	}
	if m.Branches = p.rest(); len(m.Branches) == 0 {
		p.unexpected()
	}
	return m
}
