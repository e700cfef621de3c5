package syntax

import "strings"

func (p *parser) drop() Statement {
	start := p.at
	p.expect("DROP")
	kind := p.objectKind()
	switch kind {
	case "TABLE", "VIEW", "MATERIALIZED VIEW", "SCHEMA":
		d := &Drop{Fragment: p.fragment, Object: kind, IfExists: p.accept("IF", "EXISTS"), Names: p.names()}
		p.accept("DROP", "EXTERNAL", "DATABASE")
		d.Cascade = p.acceptOne("CASCADE", "RESTRICT") == "CASCADE"
		return d
	case "PROCEDURE":
		d := &DropProcedure{Fragment: p.fragment, IfExists: p.accept("IF", "EXISTS"), Name: p.name()}
		d.Parameters = p.optionalParameters()
		return d
	case "FUNCTION":
		d := &DropFunction{Fragment: p.fragment, IfExists: p.accept("IF", "EXISTS"), Name: p.name()}
		d.Parameters = p.optionalParameters()
		p.acceptOne("CASCADE", "RESTRICT")
		return d
	}
	p.at = start
	return p.other()
}

func (p *parser) optionalParameters() []RoutineParameter {
	if p.see("(") {
		return p.parameters()
	}
	return nil
}

func (p *parser) refresh() Statement {
	p.expect("REFRESH", "MATERIALIZED", "VIEW")
	r := &RefreshView{Fragment: p.fragment, Name: p.name()}
	p.acceptOne("CASCADE", "RESTRICT")
	return r
}

func (p *parser) truncate() Statement {
	p.expect("TRUNCATE")
	p.accept("TABLE")
	return &Truncate{Fragment: p.fragment, Target: p.name()}
}

func (p *parser) alter() Statement {
	switch {
	case p.accept("ALTER", "TABLE"):
		return p.alterTable()
	case p.accept("ALTER", "SCHEMA"):
		return p.alterSchema()
	}
	return p.other()
}

func (p *parser) alterSchema() Statement {
	s := &AlterSchema{Fragment: p.fragment, Name: p.identifier()}
	switch {
	case p.accept("RENAME", "TO"):
		s.RenameTo = p.identifier()
	case p.accept("OWNER", "TO"):
		s.Owner = p.identifier()
	case p.see("QUOTA"):
		p.rest()
	default:
		p.unexpected()
	}
	return s
}

func (p *parser) alterTable() Statement {
	a := &AlterTable{Fragment: p.fragment, Name: p.name()}
	a.Actions = append(a.Actions, p.alterAction())
	for p.accept(",") {
		a.Actions = append(a.Actions, p.alterAction())
	}
	return a
}

func (p *parser) alterAction() AlterAction {
	switch {
	case p.see("ADD"):
		return p.alterAdd()
	case p.see("DROP"):
		return p.alterDrop()
	case p.accept("RENAME", "TO"):
		return AlterAction{Kind: RenameTable, To: p.identifier()}
	case p.accept("RENAME"):
		p.accept("COLUMN")
		column := Column{Name: p.identifier()}
		p.expect("TO")
		return AlterAction{Kind: RenameColumn, Column: column, To: p.identifier()}
	case p.accept("OWNER", "TO"):
		return AlterAction{Kind: OwnerTo, To: p.identifier()}
	case p.accept("APPEND", "FROM"):
		return p.alterAppend()
	case p.accept("ALTER"):
		return p.alterAttribute()
	case p.peek().IsOneOf("SET", "PARTITION", "ROW", "MASKING"):
		p.rest()
		return AlterAction{Kind: AlterOther}
	}
	p.unexpected()
	return AlterAction{}
}

func (p *parser) alterAdd() AlterAction {
	p.expect("ADD")
	if p.see("CONSTRAINT") || p.peek().IsOneOf("PRIMARY", "UNIQUE", "FOREIGN", "CHECK") && p.constraintFollows() {
		return AlterAction{Kind: AddConstraint, Constraint: p.tableConstraint()}
	}
	if p.see("PARTITION") || p.see("IF", "NOT", "EXISTS", "PARTITION") {
		p.rest()
		return AlterAction{Kind: AlterOther}
	}
	p.accept("COLUMN")
	return AlterAction{Kind: AddColumn, Column: p.column()}
}

func (p *parser) alterDrop() AlterAction {
	p.expect("DROP")
	if p.see("PARTITION") {
		p.rest()
		return AlterAction{Kind: AlterOther}
	}
	a := AlterAction{Kind: DropColumn}
	if p.accept("CONSTRAINT") {
		a.Kind, a.To = DropConstraint, p.identifier()
	} else {
		p.accept("COLUMN")
		a.Column.Name = p.identifier()
	}
	a.Cascade = p.acceptOne("CASCADE", "RESTRICT") == "CASCADE"
	return a
}

func (p *parser) alterAppend() AlterAction {
	a := AlterAction{Kind: Append, From: p.name()}
	for {
		switch {
		case p.accept("IGNOREEXTRA"):
			a.IgnoreExtra = true
		case p.accept("FILLTARGET"):
			a.FillTarget = true
		default:
			return a
		}
	}
}

// alterAttribute reads what follows ALTER TABLE name ALTER.
func (p *parser) alterAttribute() AlterAction {
	switch {
	case p.see("DISTSTYLE"):
		a := AlterAction{Kind: AlterDistStyle}
		p.attributes(&a.Attributes)
		if a.Attributes.DistKey != "" {
			a.Kind = AlterDistKey
		}
		return a
	case p.see("DISTKEY"):
		a := AlterAction{Kind: AlterDistKey}
		p.attributes(&a.Attributes)
		return a
	case p.see("SORTKEY"), p.see("COMPOUND", "SORTKEY"), p.see("INTERLEAVED", "SORTKEY"):
		a := AlterAction{Kind: AlterSortKey}
		p.attributes(&a.Attributes)
		return a
	case p.accept("ENCODE"):
		return AlterAction{Kind: AlterEncode, To: p.identifier()}
	}
	p.accept("COLUMN")
	column := Column{Name: p.identifier()}
	switch {
	case p.accept("TYPE"):
		column.Type = p.dataType()
		return AlterAction{Kind: AlterColumnType, Column: column}
	case p.accept("ENCODE"):
		return AlterAction{Kind: AlterEncode, Column: column, To: p.identifier()}
	}
	p.unexpected()
	return AlterAction{}
}

func (p *parser) comment() Statement {
	p.expect("COMMENT", "ON")
	c := &Comment{Fragment: p.fragment, On: p.peek().Upper()}
	p.next()
	c.Name = p.name()
	if c.On == "COLUMN" {
		c.Column = c.Name.Name
		c.Name = Name{Schema: c.Name.Database, Name: c.Name.Schema, Position: c.Name.Position}
	}
	if strings.EqualFold(c.On, "CONSTRAINT") {
		p.expect("ON")
		p.name()
	}
	p.expect("IS")
	if p.accept("NULL") {
		return c
	}
	text := p.string()
	c.Text = &text
	return c
}
