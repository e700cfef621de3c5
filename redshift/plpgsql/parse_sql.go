package plpgsql

import (
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// embedded takes SQL that stands in the body by itself.
func (p *parser) embedded(at place) statement {
	verb := p.peek().Upper()
	if verb == "" && !p.peek().Is("(") {
		p.refuse()
		return nil
	}
	start := p.next
	tokens := p.until(";")
	if len(tokens) == 0 {
		return nil
	}
	if reason := barred(tokens); reason != "" {
		p.fail(at.at, codeNotSupported, "%s is not supported inside a stored procedure", reason)
	}
	s := &sqlStatement{place: at, verb: verb}
	if verb == "SELECT" || verb == "WITH" || verb == "(" {
		tokens, s.targets = p.cutInto(start, tokens)
	}
	s.sql = p.newStatement(tokens, at)
	p.expect(";")
	return s
}

// cutInto takes INTO target, … out of a query. The parser goes back for it and stands behind the query again.
func (p *parser) cutInto(start int, tokens []syntax.Token) ([]syntax.Token, []target) {
	into := intoAt(tokens)
	if into < 0 || p.err != nil {
		return tokens, nil
	}
	end := p.next
	p.next = start + into + 1
	targets := p.targets()
	rest := p.next - start
	p.next = end
	if p.err != nil {
		return nil, targets
	}
	query := append([]syntax.Token{}, tokens[:into]...)
	return append(query, tokens[rest:]...), targets
}

// intoAt returns the index of the first INTO outside parentheses, -1 when there is none.
func intoAt(tokens []syntax.Token) int {
	depth := 0
	for i, t := range tokens {
		switch {
		case t.Is("("):
			depth++
		case t.Is(")"):
			depth--
		case depth == 0 && t.Is("INTO"):
			return i
		}
	}
	return -1
}

// barred names the command when it needs a transaction of its own; such commands cannot be in a procedure.
func barred(tokens []syntax.Token) string {
	for _, words := range [][]string{{"VACUUM"}, {"PREPARE"}, {"DEALLOCATE"}, {"CREATE", "DATABASE"}, {"DROP", "DATABASE"},
		{"ALTER", "DATABASE"}, {"CREATE", "EXTERNAL", "TABLE"}, {"SET", "LOCAL"}} {
		if syntax.StartsWith(tokens, words...) {
			return strings.Join(words, " ")
		}
	}
	if syntax.StartsWith(tokens, "ALTER", "TABLE") {
		for _, t := range tokens {
			if t.Is("APPEND") {
				return "ALTER TABLE APPEND"
			}
		}
	}
	return ""
}

func (p *parser) perform(at place) statement {
	tokens := p.until(";")
	if len(tokens) == 0 {
		p.refuse()
		return nil
	}
	// The statement is a query without its SELECT; a token in its place keeps one rule for where variables may stand.
	query := append([]syntax.Token{{Kind: syntax.Word, Text: "SELECT"}}, tokens...)
	query[1].Space = true
	return &sqlStatement{place: at, verb: "SELECT", perform: true, sql: p.newStatement(query, at)}
}

func (p *parser) execute(at place) statement {
	s := &executeStatement{place: at, sql: p.expression(";", "INTO")}
	if p.accept("INTO") {
		s.targets = p.targets()
	}
	return s
}

func (p *parser) diagnostics(at place) statement {
	p.expect("DIAGNOSTICS")
	s := &diagnosticsStatement{place: at, target: p.target()}
	if !p.accept(":=") {
		p.expect("=")
	}
	p.expect("ROW_COUNT")
	return s
}

func (p *parser) transaction(at place, verb string) statement {
	if verb == "START" {
		p.expect("TRANSACTION")
		return &transactionStatement{place: at, verb: "START TRANSACTION"}
	}
	if !p.accept("WORK") {
		p.accept("TRANSACTION")
	}
	return &transactionStatement{place: at, verb: verb}
}

// call takes the rest of CALL name(expression, …).
func (p *parser) call(at place) *callStatement {
	s := &callStatement{place: at}
	start := p.next - 1
	s.name = p.name()
	if p.accept(".") {
		s.schema, s.name = s.name, p.name()
	}
	p.expect("(")
	for !p.accept(")") && p.err == nil {
		s.arguments = append(s.arguments, p.argument())
		if !p.accept(",") && !p.peek().Is(")") {
			p.refuse()
		}
	}
	if p.err == nil {
		s.text = syntax.Spell(p.tokens[start:p.next])
	}
	return s
}

func (p *parser) argument() fragment {
	start := p.next
	e := p.expression(",", ")")
	for _, t := range p.tokens[start:p.next] {
		if t.Is("SELECT") {
			p.fail(p.position(t), codeNotSupported, "cannot use subquery in CALL argument")
		}
	}
	return e
}

// source takes a query, EXECUTE expression, or the name of a bound cursor.
func (p *parser) source(stop string) source {
	if p.accept("EXECUTE") {
		return source{dynamic: true, query: p.expression(stop)}
	}
	if r, taken := p.resolveNext(); taken == 1 && p.variables[r.slot].cursor != nil {
		p.next++
		return p.cursorSource(r.slot)
	}
	return source{query: p.query(stop)}
}

func (p *parser) cursorSource(slot int) source {
	s := source{cursor: p.variables[slot].cursor}
	if p.accept("(") {
		for p.err == nil {
			s.values = append(s.values, p.expression(",", ")"))
			if p.accept(")") {
				break
			}
			p.expect(",")
		}
	}
	if len(s.values) != len(s.cursor.arguments) {
		p.fail(p.place().at, codeSyntax, "cursor %q takes %d arguments, not %d", p.variables[slot].name, len(s.cursor.arguments), len(s.values))
	}
	return s
}

// query takes a query up to a stop.
func (p *parser) query(stop string) fragment {
	at := p.place()
	if !p.peek().IsOneOf("SELECT", "WITH", "(", "VALUES", "SHOW") {
		p.refuse()
	}
	return p.newStatement(p.until(stop), at)
}

func (p *parser) cursorTarget() target {
	at := p.place()
	t := p.target()
	if p.err == nil && p.variables[t.slot].typ.base != "refcursor" {
		p.fail(at.at, codeMismatch, "variable %q must be of type cursor or refcursor", p.variables[t.slot].name)
	}
	return t
}

func (p *parser) open(at place) statement {
	s := &openStatement{place: at, cursor: p.cursorTarget()}
	if p.err != nil {
		return s
	}
	if p.variables[s.cursor.slot].cursor != nil {
		s.rows = p.cursorSource(s.cursor.slot)
		return s
	}
	p.expect("FOR")
	s.rows = p.source(";")
	return s
}

func (p *parser) fetch(at place) statement {
	if !p.accept("NEXT", "FROM") && !p.accept("NEXT") {
		p.accept("FROM")
	}
	s := &fetchStatement{place: at, cursor: p.cursorTarget()}
	p.expect("INTO")
	s.targets = p.targets()
	return s
}
