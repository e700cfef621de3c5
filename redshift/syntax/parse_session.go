package syntax

import "strings"

func (p *parser) begin() Statement {
	b := &Begin{Fragment: p.fragment}
	if p.accept("START") {
		p.expect("TRANSACTION")
	} else {
		p.expect("BEGIN")
		p.acceptOne("WORK", "TRANSACTION")
	}
	for !p.done() {
		switch {
		case p.accept("ISOLATION", "LEVEL"):
			if !p.accept("READ", "COMMITTED") && !p.accept("READ", "UNCOMMITTED") && !p.accept("REPEATABLE", "READ") {
				p.expect("SERIALIZABLE")
			}
		case p.accept("READ"):
			b.ReadOnly = p.oneOf("ONLY", "WRITE") == "ONLY"
		default:
			p.unexpected()
		}
		p.accept(",")
	}
	return b
}

func (p *parser) commit() Statement {
	p.next()
	p.acceptOne("WORK", "TRANSACTION")
	return &Commit{Fragment: p.fragment}
}

func (p *parser) rollback() Statement {
	p.next()
	p.acceptOne("WORK", "TRANSACTION")
	return &Rollback{Fragment: p.fragment}
}

func (p *parser) analyze() Statement {
	p.next()
	a := &Analyze{Fragment: p.fragment, Compression: p.accept("COMPRESSION")}
	p.accept("VERBOSE")
	if p.peek().IsName() && !p.peek().IsOneOf("PREDICATE", "ALL", "COMPROWS") {
		name := p.name()
		a.Target = &name
		if p.see("(") {
			p.columns()
		}
	}
	if p.acceptOne("PREDICATE", "ALL") != "" {
		p.expect("COLUMNS")
	}
	if p.accept("COMPROWS") {
		p.integer()
	}
	return a
}

func (p *parser) vacuum() Statement {
	p.expect("VACUUM")
	v := &Vacuum{Fragment: p.fragment}
	if !p.accept("SORT", "ONLY") && !p.accept("DELETE", "ONLY") {
		p.acceptOne("FULL", "REINDEX", "RECLUSTER")
	}
	if p.peek().IsName() && !p.see("TO") && !(p.see("BOOST") && p.ahead(1).Kind == End) {
		name := p.name()
		v.Target = &name
	}
	if p.accept("TO") {
		p.integer()
		p.expect("PERCENT")
	}
	p.accept("BOOST")
	return v
}

func (p *parser) lock() Statement {
	p.expect("LOCK")
	p.accept("TABLE")
	return &Lock{Fragment: p.fragment, Targets: p.names()}
}

func (p *parser) set() Statement {
	p.expect("SET")
	s := &Set{Fragment: p.fragment}
	switch {
	case p.accept("SESSION", "CHARACTERISTICS", "AS", "TRANSACTION"):
		return p.setCharacteristics(s)
	case p.accept("TRANSACTION", "ISOLATION", "LEVEL"):
		return p.setIsolation(s)
	case p.see("SESSION", "AUTHORIZATION"), p.see("LOCAL", "SESSION"):
		return p.setAuthorization()
	}
	if !p.ahead(1).IsOneOf("TO", "=") {
		s.Local = p.acceptOne("LOCAL", "SESSION") == "LOCAL"
	}
	if p.accept("TIME", "ZONE") {
		s.Name = "timezone"
	} else {
		s.Name = p.settingName()
		if !p.accept("TO") {
			p.expect("=")
		}
	}
	for _, value := range splitList(p.rest()) {
		s.Values = append(s.Values, settingValue(value))
	}
	if len(s.Values) == 0 {
		p.unexpected()
	}
	return s
}

// settingName reads a parameter's name, which may have a dot for parameters of the user.
func (p *parser) settingName() string {
	name := p.identifier()
	for p.accept(".") {
		name += "." + p.identifier()
	}
	return name
}

// setCharacteristics reads one characteristic of transactions, as drivers set them: under the name of its parameter.
func (p *parser) setCharacteristics(s *Set) Statement {
	if p.accept("ISOLATION", "LEVEL") {
		return p.setIsolation(s)
	}
	p.expect("READ")
	only := p.oneOf("ONLY", "WRITE") == "ONLY"
	s.Name, s.Values = "default_transaction_read_only", []string{map[bool]string{true: "on", false: "off"}[only]}
	return s
}

func (p *parser) setIsolation(s *Set) Statement {
	s.Name, s.Values = "transaction_isolation", []string{strings.ToUpper(settingValue(p.rest()))}
	return s
}

// setAuthorization keeps the session's user under the name session_authorization.
func (p *parser) setAuthorization() Statement {
	s := &Set{Fragment: p.fragment, Local: p.accept("LOCAL"), Name: "session_authorization"}
	p.expect("SESSION")
	p.next()
	s.Values = []string{settingValue(p.rest())}
	return s
}

func settingValue(tokens []Token) string {
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = t.Value()
		if t.Kind == Quoted {
			words[i] = strings.Trim(t.Text, `"`)
		}
	}
	if len(words) == 2 && words[0] == "-" {
		return "-" + words[1]
	}
	return strings.Join(words, " ")
}

func (p *parser) reset() Statement {
	p.expect("RESET")
	if p.accept("SESSION", "AUTHORIZATION") {
		return &Reset{Fragment: p.fragment, Name: "session_authorization"}
	}
	return &Reset{Fragment: p.fragment, Name: p.settingName()}
}

// show reads SHOW parameter; SHOW TABLE, SHOW VIEW and the like act on objects and are Other.
func (p *parser) show() Statement {
	p.expect("SHOW")
	if p.ahead(1).Kind == End || p.ahead(1).Is(".") {
		if p.peek().IsOneOf("DATASHARES", "MODEL", "MODELS", "DATABASES", "SCHEMAS") {
			verb := "SHOW " + p.next().Upper()
			return &Other{Fragment: p.fragment, Verb: verb}
		}
		return &Show{Fragment: p.fragment, Name: p.settingName()}
	}
	if p.accept("TRANSACTION", "ISOLATION", "LEVEL") {
		return &Show{Fragment: p.fragment, Name: "transaction_isolation"}
	}
	p.at--
	return p.other()
}

func (p *parser) prepare() Statement {
	p.expect("PREPARE")
	s := &Prepare{Fragment: p.fragment, Name: p.identifier()}
	if p.accept("(") {
		s.Types = append(s.Types, p.dataType())
		for p.accept(",") {
			s.Types = append(s.Types, p.dataType())
		}
		p.expect(")")
	}
	p.expect("AS")
	s.Statement = p.inner()
	return s
}

func (p *parser) execute() Statement {
	p.expect("EXECUTE")
	e := &Execute{Fragment: p.fragment, Name: p.identifier()}
	if p.see("(") {
		e.Arguments = p.arguments()
	}
	return e
}

func (p *parser) deallocate() Statement {
	p.expect("DEALLOCATE")
	p.accept("PREPARE")
	d := &Deallocate{Fragment: p.fragment}
	if !p.accept("ALL") {
		d.Name = p.identifier()
	}
	return d
}

func (p *parser) declare() Statement {
	p.expect("DECLARE")
	d := &DeclareCursor{Fragment: p.fragment, Name: p.identifier()}
	if p.accept("NO") { // psql writes it with FETCH_COUNT; cursors only go forward anyway
		p.expect("SCROLL")
	}
	p.expect("CURSOR", "FOR")
	at := p.at
	if _, ok := p.inner().(*Query); !ok {
		p.at = at
		p.unexpected()
	}
	p.at = at
	d.Query = p.rest()
	return d
}

func (p *parser) fetch() Statement {
	p.expect("FETCH")
	f := &Fetch{Fragment: p.fragment, Count: 1}
	switch {
	case p.accept("NEXT"):
	case p.accept("ALL"):
		f.Count = FetchAll
	case p.accept("FORWARD"):
		if p.accept("ALL") {
			f.Count = FetchAll
		} else if p.peek().Kind == Number {
			f.Count = int(p.integer())
		}
	case p.peek().Kind == Number:
		f.Count = int(p.integer())
	}
	p.acceptOne("FROM", "IN")
	f.Cursor = p.identifier()
	return f
}

func (p *parser) closeCursor() Statement {
	p.expect("CLOSE")
	c := &CloseCursor{Fragment: p.fragment}
	if !p.accept("ALL") {
		c.Name = p.identifier()
	}
	return c
}

func (p *parser) cancel() Statement {
	p.expect("CANCEL")
	c := &Cancel{Fragment: p.fragment, Process: int(p.integer())}
	if !p.done() {
		c.Message = p.string()
	}
	return c
}
