package plpgsql

import "github.com/stepwell/stepwell/redshift/syntax"

// statement takes one statement with its semicolon.
func (p *parser) statement() statement {
	label := p.label()
	if label != "" && !p.peek().IsOneOf("DECLARE", "BEGIN", "LOOP", "WHILE", "FOR") {
		p.refuse()
		return nil
	}
	at := p.place()
	if p.assignmentNext() {
		return p.assignment(at)
	}
	if word := p.peek().Upper(); word == "DECLARE" || word == "BEGIN" {
		b := p.block(label)
		p.expect(";")
		return b
	} else if word == "LOOP" || word == "WHILE" || word == "FOR" {
		return p.looping(at, label)
	} else if word == "" || !isStatement[word] {
		return p.embedded(at)
	}
	s := p.simple(at, p.advance().Upper())
	p.expect(";")
	return s
}

// isStatement tells the statements of the language that end with a semicolon from SQL, by their first word.
var isStatement = setOf("IF CASE EXIT CONTINUE RETURN NULL RAISE EXECUTE PERFORM GET COMMIT ROLLBACK START CALL OPEN FETCH CLOSE")

// simple takes the rest of a statement whose first word is taken, up to its semicolon.
func (p *parser) simple(at place, word string) statement {
	switch word {
	case "IF":
		return p.ifThen(at)
	case "CASE":
		return p.caseWhen(at)
	case "EXIT":
		return p.leave(at, signalExit)
	case "CONTINUE":
		return p.leave(at, signalContinue)
	case "RETURN":
		return p.exitProcedure(at)
	case "NULL":
		return &nullStatement{at}
	case "RAISE":
		return p.raise(at)
	case "EXECUTE":
		return p.execute(at)
	case "PERFORM":
		return p.perform(at)
	case "GET":
		return p.diagnostics(at)
	case "COMMIT", "ROLLBACK", "START":
		return p.transaction(at, word)
	case "CALL":
		return p.call(at)
	case "OPEN":
		return p.open(at)
	case "FETCH":
		return p.fetch(at)
	}
	return &closeStatement{place: at, cursor: p.cursorTarget()}
}

// assignmentNext looks for name := and for name.field :=.
func (p *parser) assignmentNext() bool {
	if t := p.peek(); !t.IsName() && t.Kind != syntax.Parameter {
		return false
	}
	n := 1
	for n < 5 && p.peekAt(n).Is(".") && p.peekAt(n+1).IsName() {
		n += 2
	}
	return p.peekAt(n).IsOneOf(":=", "=")
}

func (p *parser) assignment(at place) statement {
	t := p.target()
	p.advance()
	value := p.expression(";")
	p.expect(";")
	return &assignStatement{place: at, target: t, value: value}
}

func (p *parser) ifThen(at place) statement {
	s := &ifStatement{place: at}
	for {
		b := branch{condition: p.expression("THEN")}
		p.expect("THEN")
		b.body = p.statements("ELSIF", "ELSEIF", "ELSE", "END")
		s.branches = append(s.branches, b)
		if !p.accept("ELSIF") && !p.accept("ELSEIF") {
			break
		}
	}
	if p.accept("ELSE") {
		s.otherwise = p.statements("END")
	}
	p.expect("END", "IF")
	return s
}

func (p *parser) caseWhen(at place) statement {
	s := &caseStatement{place: at}
	if !p.peek().Is("WHEN") {
		operand := p.expression("WHEN")
		s.operand = &operand
		s.slot = p.hidden(variable{name: "case operand", typ: parseTypeName("unknown")})
	}
	for p.accept("WHEN") {
		b := branch{condition: p.expression("THEN")}
		if s.operand != nil {
			b.condition = membership(s.slot, b.condition)
		}
		p.expect("THEN")
		b.body = p.statements("WHEN", "ELSE", "END")
		s.branches = append(s.branches, b)
	}
	if len(s.branches) == 0 {
		p.refuse()
	}
	if s.hasOtherwise = p.accept("ELSE"); s.hasOtherwise {
		s.otherwise = p.statements("END")
	}
	p.expect("END", "CASE")
	return s
}

// membership makes the condition that a slot's value is one of a list.
func membership(slot int, list fragment) fragment {
	parts := []part{{reference: &reference{slot: slot}}, {text: " IN ("}}
	parts = append(parts, list.parts...)
	return fragment{place: list.place, parts: append(parts, part{text: ")"})}
}

func (p *parser) looping(at place, label string) statement {
	defer p.enter(label)()
	p.scope.loop = true
	common := loop{place: at, label: label}
	switch p.advance().Upper() {
	case "LOOP":
		p.next--
		s := &whileStatement{loop: common}
		s.body = p.loopBody(label)
		return s
	case "WHILE":
		condition := p.expression("LOOP")
		s := &whileStatement{loop: common, condition: &condition}
		s.body = p.loopBody(label)
		return s
	}
	return p.forLoop(common)
}

func (p *parser) loopBody(label string) []statement {
	p.expect("LOOP")
	body := p.statements("END")
	p.expect("END", "LOOP")
	p.endLabel(label)
	p.expect(";")
	return body
}

func (p *parser) forLoop(common loop) statement {
	if p.rangeNext() {
		return p.forRange(common)
	}
	s := &forQueryStatement{loop: common, targets: p.targets()}
	p.expect("IN")
	s.query = p.source("LOOP")
	s.body = p.loopBody(common.label)
	return s
}

// rangeNext looks for the two dots of FOR name IN a..b LOOP.
func (p *parser) rangeNext() bool {
	if !p.peek().IsName() || !p.peekAt(1).Is("IN") {
		return false
	}
	for n := 2; ; n++ {
		switch t := p.peekAt(n); {
		case t.Is(".."):
			return true
		case t.Kind == syntax.End || t.IsOneOf("LOOP", ";"):
			return false
		}
	}
}

// forRange takes FOR name IN [REVERSE] a..b LOOP. The bounds are evaluated outside of the loop's own scope.
func (p *parser) forRange(common loop) statement {
	name := p.name()
	p.expect("IN")
	s := &forRangeStatement{loop: common, reverse: p.accept("REVERSE")}
	s.first = p.expression("..")
	p.expect("..")
	s.last = p.expression("LOOP", "BY")
	if p.peek().Is("BY") {
		p.fail(p.place().at, codeNotSupported, "FOR … BY is not supported by Redshift")
	}
	s.slot = p.declare(common.place, variable{name: name, typ: parseTypeName("integer")})
	s.body = p.loopBody(common.label)
	return s
}

func (p *parser) leave(at place, keyword signalKind) statement {
	s := &leaveStatement{place: at, keyword: keyword}
	if t := p.peek(); t.IsName() && !t.Is("WHEN") {
		s.label = p.name()
		if p.scope.labelled(s.label) == nil {
			p.fail(p.position(t), codeSyntax, "label %q does not exist", s.label)
		}
	} else if !p.scope.insideLoop() {
		p.fail(at.at, codeSyntax, "%s cannot be used outside a loop", keyword)
	}
	if p.accept("WHEN") {
		condition := p.expression(";")
		s.when = &condition
	}
	return s
}

func (p *parser) exitProcedure(at place) statement {
	if !p.peek().Is(";") {
		p.fail(p.place().at, codeMismatch, "RETURN cannot have a parameter in a procedure")
	}
	return &returnStatement{at}
}
