package plpgsql

import (
	"strconv"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// scope holds the names that a block, a loop or a handler brings. Names of inner scopes hide those of outer ones.
type scope struct {
	outer *scope
	label string
	slots map[string]int
	loop  bool
	// handler says that SQLSTATE, SQLERRM and RAISE without arguments mean something here.
	handler bool
}

// enter opens a scope; the function that it returns closes it.
func (p *parser) enter(label string) (leave func()) {
	outer := p.scope
	p.scope = &scope{outer: outer, label: label, slots: map[string]int{}}
	return func() { p.scope = outer }
}

// declare makes a variable in the innermost scope.
func (p *parser) declare(at place, v variable) int {
	if _, double := p.scope.slots[v.name]; double {
		p.fail(at.at, codeDuplicate, "variable %q is declared twice", v.name)
	}
	slot := p.hidden(v)
	p.scope.slots[v.name] = slot
	return slot
}

// hidden makes a variable that no name reaches.
func (p *parser) hidden(v variable) int {
	if !v.typ.isRecord() {
		v.value.Null = true
	}
	p.variables = append(p.variables, v)
	return len(p.variables) - 1
}

func (p *parser) declareArguments(h Header) {
	p.enter(h.Name)
	for i, a := range h.Arguments {
		number := "$" + strconv.Itoa(i+1)
		name := a.Name
		if name == "" {
			name = number
		}
		slot := p.declare(place{at: p.at}, variable{name: name, typ: parseTypeName(a.Type).unlimited()})
		p.scope.slots[number] = slot
	}
	p.declare(place{at: p.at}, variable{name: "found", typ: parseTypeName("boolean"), value: Value{Text: "f"}})
	p.variables[len(h.Arguments)].value.Null = false
}

// find returns the slot of a name, -1 when no scope has it.
func (s *scope) find(name string) int {
	for ; s != nil; s = s.outer {
		if slot, ok := s.slots[name]; ok {
			return slot
		}
	}
	return -1
}

// labelled returns the scope of a label, nil when there is none.
func (s *scope) labelled(label string) *scope {
	for ; s != nil; s = s.outer {
		if s.label == label {
			return s
		}
	}
	return nil
}

func (s *scope) insideLoop() bool {
	for ; s != nil; s = s.outer {
		if s.loop {
			return true
		}
	}
	return false
}

func (s *scope) insideHandler() bool {
	for ; s != nil; s = s.outer {
		if s.handler {
			return true
		}
	}
	return false
}

// resolve tells whether a variable starts at the first token: name, label.name, record.field or label.record.field. It
// returns how many tokens it takes, 0 when there is no variable.
func (p *parser) resolve(tokens []syntax.Token) (reference, int) {
	first := tokens[0].Value()
	if tokens[0].Kind == syntax.Parameter {
		first = tokens[0].Text
	}
	parts := []string{first}
	for len(parts) < 3 && len(tokens) > 2*len(parts) && tokens[2*len(parts)-1].Is(".") && tokens[2*len(parts)].IsName() {
		parts = append(parts, tokens[2*len(parts)].Value())
	}
	if slot := p.scope.find(first); slot >= 0 {
		return p.refer(slot, parts, 1)
	}
	if labelled := p.scope.labelled(first); labelled != nil && len(parts) > 1 {
		if slot, ok := labelled.slots[parts[1]]; ok {
			return p.refer(slot, parts, 2)
		}
	}
	return reference{}, 0
}

// refer makes the reference to a slot that the first taken parts name; a record must be followed by a field, and what
// else is followed by a dot is a table that happens to have a variable's name.
func (p *parser) refer(slot int, parts []string, taken int) (reference, int) {
	isRecord := p.variables[slot].typ.isRecord()
	switch {
	case isRecord && len(parts) > taken:
		return reference{slot: slot, field: parts[taken], name: parts[taken-1] + "." + parts[taken]}, 2*taken + 1
	case !isRecord && len(parts) == taken:
		return reference{slot: slot, name: parts[taken-1]}, 2*taken - 1
	}
	return reference{}, 0
}

// target takes the variable that a value goes to: a whole variable, also a record, or a field of a record.
func (p *parser) target() target {
	at := p.place()
	first := p.peek()
	if !first.IsName() && first.Kind != syntax.Parameter {
		p.refuse()
		return target{}
	}
	r, taken := p.resolve(p.tokens[p.next:])
	if taken == 0 {
		r.slot, taken = p.record(first)
	}
	if r.slot < 0 {
		p.fail(at.at, codeSyntax, "%q is not a known variable", first.Value())
		return target{}
	}
	if p.variables[r.slot].constant {
		p.fail(at.at, codeAssignment, "%q is declared CONSTANT", p.variables[r.slot].name)
	}
	p.next += taken
	return target{slot: r.slot, field: r.field, name: r.name}
}

// record finds a record variable that stands alone.
func (p *parser) record(first syntax.Token) (slot, taken int) {
	slot = p.scope.find(first.Value())
	if slot < 0 || !p.variables[slot].typ.isRecord() {
		return -1, 0
	}
	return slot, 1
}

func (p *parser) targets() []target {
	list := []target{p.target()}
	for p.accept(",") {
		list = append(list, p.target())
	}
	if len(list) > 1 {
		for _, t := range list {
			if t.field == "" && p.err == nil && p.variables[t.slot].typ.isRecord() {
				p.fail(p.place().at, codeSyntax, "record variable %q cannot be part of a list of several variables", p.variables[t.slot].name)
			}
		}
	}
	return list
}
