package syntax

func (p *parser) create() Statement {
	start := p.at
	p.expect("CREATE")
	replace := p.accept("OR", "REPLACE")
	temporary := p.acceptOne("TEMPORARY", "TEMP") != "" || p.accept("LOCAL", "TEMPORARY") || p.accept("LOCAL", "TEMP")
	switch {
	case p.accept("TABLE"):
		return p.createTable(temporary)
	case p.accept("VIEW"):
		return p.createView(replace, false)
	case p.accept("MATERIALIZED", "VIEW"):
		return p.createView(replace, true)
	case p.accept("PROCEDURE"):
		return p.createProcedure(replace)
	case p.accept("FUNCTION"):
		return p.createFunction(replace, false)
	case p.accept("EXTERNAL", "FUNCTION"):
		return p.createFunction(replace, true)
	case p.accept("SCHEMA"):
		return p.createSchema()
	}
	p.at = start
	return p.other()
}

func (p *parser) ifNotExists() bool { return p.accept("IF", "NOT", "EXISTS") }

func (p *parser) createTable(temporary bool) Statement {
	ifNotExists := p.ifNotExists()
	name := p.name()
	temporary = temporary || name.Name[0] == '#'
	if !p.see("(") || p.columnNamesOnly() {
		return p.createTableAs(name, temporary, ifNotExists)
	}
	c := &CreateTable{Fragment: p.fragment, Name: name, Temporary: temporary, IfNotExists: ifNotExists}
	p.expect("(")
	p.definition(c)
	for p.accept(",") {
		p.definition(c)
	}
	p.expect(")")
	p.attributes(&c.Attributes)
	return c
}

// columnNamesOnly tells the column list of CREATE TABLE AS from a list of definitions.
func (p *parser) columnNamesOnly() bool {
	for i := 1; ; i += 2 {
		if !p.ahead(i).IsName() {
			return false
		}
		if p.ahead(i + 1).Is(")") {
			return true
		}
		if !p.ahead(i + 1).Is(",") {
			return false
		}
	}
}

func (p *parser) createTableAs(name Name, temporary, ifNotExists bool) Statement {
	c := &CreateTableAs{Fragment: p.fragment, Name: name, Temporary: temporary, IfNotExists: ifNotExists}
	if p.see("(") {
		c.Columns = p.columns()
	}
	p.attributes(&c.Attributes)
	p.expect("AS")
	c.Query = p.rest()
	c.Query, c.NoData = cutTail(c.Query, "WITH", "NO", "DATA")
	if len(c.Query) == 0 {
		p.unexpected()
	}
	return c
}

// cutTail removes the words from the end of the tokens and reports whether they stood there.
func cutTail(tokens []Token, words ...string) ([]Token, bool) {
	if n := len(tokens) - len(words); n >= 0 && StartsWith(tokens[n:], words...) {
		return tokens[:n], true
	}
	return tokens, false
}

// definition reads one element of the list in CREATE TABLE.
func (p *parser) definition(c *CreateTable) {
	switch {
	case p.accept("LIKE"):
		like := Like{Table: p.name(), Before: len(c.Columns)}
		like.IncludingDefaults = p.accept("INCLUDING", "DEFAULTS")
		p.accept("EXCLUDING", "DEFAULTS")
		c.Likes = append(c.Likes, like)
	case p.peek().IsOneOf("PRIMARY", "UNIQUE", "FOREIGN", "CONSTRAINT", "CHECK") && p.constraintFollows():
		c.Constraints = append(c.Constraints, p.tableConstraint())
	default:
		c.Columns = append(c.Columns, p.column())
	}
}

// constraintFollows keeps columns apart that are called like a constraint.
func (p *parser) constraintFollows() bool {
	return p.ahead(1).IsOneOf("KEY", "(") || p.see("CONSTRAINT")
}

func (p *parser) tableConstraint() Constraint {
	var c Constraint
	if p.accept("CONSTRAINT") {
		c.Name = p.identifier()
	}
	switch {
	case p.accept("PRIMARY", "KEY"):
		c.Kind, c.Columns = PrimaryKey, p.columns()
	case p.accept("UNIQUE"):
		c.Kind, c.Columns = Unique, p.columns()
	case p.accept("FOREIGN", "KEY"):
		c.Kind, c.Columns = ForeignKey, p.columns()
		p.expect("REFERENCES")
		p.references(&c)
	case p.accept("CHECK"):
		c.Kind, c.Check = Check, p.parentheses()
	default:
		p.unexpected()
	}
	return c
}

func (p *parser) references(c *Constraint) {
	c.References = p.name()
	if p.see("(") {
		c.ReferencedColumns = p.columns()
	}
}

func (p *parser) column() Column {
	c := Column{Position: p.peek().Position(), Name: p.identifier(), Type: p.dataType()}
	for p.columnAttribute(&c) {
	}
	return c
}

func (p *parser) columnAttribute(c *Column) bool {
	switch {
	case p.accept("DEFAULT"):
		c.Default = p.defaultExpression()
	case p.accept("IDENTITY"):
		c.Identity = p.identity(false)
	case p.accept("GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"):
		c.Identity = p.identity(true)
	case p.accept("ENCODE"):
		c.Encode = p.identifier()
	case p.accept("DISTKEY"):
		c.DistKey = true
	case p.accept("SORTKEY"):
		c.SortKey = true
	case p.accept("NOT", "NULL"):
		c.NotNull = true
	case p.accept("NULL"):
	case p.accept("COLLATE"):
		c.Collate = p.identifier()
	case p.peek().IsOneOf("CONSTRAINT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK"):
		c.Constraints = append(c.Constraints, p.columnConstraint(c.Name))
	default:
		return false
	}
	return true
}

// defaultExpression reads until the next column attribute.
func (p *parser) defaultExpression() []Token {
	start := p.at
	p.next()
	if p.at == start {
		p.unexpected()
	}
	if p.tokens[start].Is("(") {
		p.at = start
		p.parentheses()
	}
	p.until(",", ")", "DEFAULT", "IDENTITY", "GENERATED", "ENCODE", "DISTKEY", "SORTKEY", "NOT", "NULL", "COLLATE", "CONSTRAINT",
		"PRIMARY", "UNIQUE", "REFERENCES", "CHECK")
	return p.tokens[start:p.at]
}

func (p *parser) identity(byDefault bool) *Identity {
	i := &Identity{Seed: 1, Step: 1, ByDefault: byDefault}
	if p.accept("(") {
		i.Seed = p.integer()
		p.expect(",")
		i.Step = p.integer()
		p.expect(")")
	}
	return i
}

func (p *parser) columnConstraint(column string) Constraint {
	c := Constraint{Columns: []string{column}}
	if p.accept("CONSTRAINT") {
		c.Name = p.identifier()
	}
	switch {
	case p.accept("PRIMARY", "KEY"):
		c.Kind = PrimaryKey
	case p.accept("UNIQUE"):
		p.accept("KEY")
		c.Kind = Unique
	case p.accept("REFERENCES"):
		c.Kind = ForeignKey
		p.references(&c)
	case p.accept("CHECK"):
		c.Kind, c.Check = Check, p.parentheses()
	default:
		p.unexpected()
	}
	return c
}

// attributes reads the physical properties that follow the columns, in any order.
func (p *parser) attributes(a *Attributes) {
	for {
		switch {
		case p.accept("BACKUP"):
			a.NoBackup = p.yesNo() == "NO"
		case p.accept("DISTSTYLE"):
			a.DistStyle = p.oneOf("EVEN", "KEY", "ALL", "AUTO")
		case p.accept("DISTKEY"):
			a.DistKey = p.distKey()
		case p.sortKey(a):
		case p.accept("ENCODE"):
			p.identifier()
			a.EncodeAuto = true
		case p.accept("AUTO", "REFRESH"):
			p.yesNo()
		case p.accept("WITH", "SETTINGS"), p.accept("ON", "COMMIT", "PRESERVE", "ROWS"):
		default:
			return
		}
	}
}

func (p *parser) distKey() string {
	if !p.see("(") {
		return p.identifier()
	}
	columns := p.columnReferences()
	if len(columns) != 1 {
		p.fail(syntaxError(p.peek().Position(), "only one distribution key can be specified"))
	}
	return columns[0]
}

// columnReferences reads (name, …); a materialized view may also give the numbers of its columns.
func (p *parser) columnReferences() []string {
	var list []string
	for _, column := range splitList(p.parentheses()) {
		if len(column) != 1 || !column[0].IsName() && column[0].Kind != Number {
			p.fail(column[0].SyntaxError())
		}
		list = append(list, column[0].Value())
	}
	return list
}

func (p *parser) sortKey(a *Attributes) bool {
	style := "COMPOUND"
	if p.ahead(1).Is("SORTKEY") && p.peek().IsOneOf("COMPOUND", "INTERLEAVED") {
		style = p.next().Upper()
	}
	if !p.accept("SORTKEY") {
		return false
	}
	a.SortStyle = style
	switch {
	case p.accept("AUTO"):
		a.SortStyle = "AUTO"
	case p.accept("NONE"):
		a.SortStyle = ""
	case p.see("("):
		a.SortKey = p.columnReferences()
	default:
		a.SortKey = []string{p.identifier()}
	}
	return true
}

// oneOf reads one of the words and returns it in the given spelling.
func (p *parser) oneOf(words ...string) string {
	w := p.acceptOne(words...)
	if w == "" {
		p.unexpected()
	}
	return w
}

func (p *parser) yesNo() string { return p.oneOf("YES", "NO") }

func (p *parser) createView(replace, materialized bool) Statement {
	p.ifNotExists()
	v := &CreateView{Fragment: p.fragment, OrReplace: replace, Materialized: materialized, Name: p.name()}
	if p.see("(") {
		v.Columns = p.columns()
	}
	p.attributes(&v.Attributes)
	p.expect("AS")
	v.Query = p.rest()
	v.Query, v.NoSchemaBinding = cutTail(v.Query, "WITH", "NO", "SCHEMA", "BINDING")
	if len(v.Query) == 0 {
		p.unexpected()
	}
	return v
}

func (p *parser) createSchema() Statement {
	s := &CreateSchema{Fragment: p.fragment, IfNotExists: p.ifNotExists()}
	if p.accept("AUTHORIZATION") {
		s.Authorization = p.identifier()
		s.Name = s.Authorization
	} else {
		s.Name = p.identifier()
		if p.accept("AUTHORIZATION") {
			s.Authorization = p.identifier()
		}
	}
	if p.accept("QUOTA") && !p.accept("UNLIMITED") {
		p.integer()
		p.oneOf("MB", "GB", "TB")
	}
	return s
}
