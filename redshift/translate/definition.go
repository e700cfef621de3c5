package translate

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// definition translates the statements that define objects.
func definition(s syntax.Statement) ([]string, error) {
	switch s := s.(type) {
	case *syntax.CreateTable:
		return createTable(s)
	case *syntax.CreateTableAs:
		return one(createTableAs(s)), nil
	case *syntax.SelectInto:
		return one("CREATE " + temporary(s.Temporary) + "TABLE " + Name(s.Target) + " AS " + tokens(s.Query)), nil
	case *syntax.CreateView:
		return one(createView(s)), nil
	case *syntax.CreateFunction:
		return createFunction(s)
	case *syntax.CreateSchema:
		return one("CREATE SCHEMA " + ifNotExists(s.IfNotExists) + Identifier(s.Name)), nil
	case *syntax.Drop:
		return drop(s), nil
	case *syntax.DropFunction:
		return one("DROP MACRO " + ifExists(s.IfExists) + Name(s.Name)), nil
	case *syntax.AlterTable:
		return alterTable(s)
	}
	return nil, unsupported(s, verb(s))
}

// verb names a statement by its first word, and by its object where the word alone says too little.
func verb(s syntax.Statement) string {
	if other, ok := s.(*syntax.Other); ok {
		return other.Verb
	}
	list := s.Source().Tokens
	name := list[0].Upper()
	if len(list) > 1 && list[0].IsOneOf("CREATE", "DROP", "ALTER", "REFRESH") {
		name += " " + list[1].Upper()
	}
	return name
}

func temporary(yes bool) string {
	if yes {
		return "TEMP "
	}
	return ""
}

func ifNotExists(yes bool) string {
	if yes {
		return "IF NOT EXISTS "
	}
	return ""
}

func ifExists(yes bool) string {
	if yes {
		return "IF EXISTS "
	}
	return ""
}

// createTable makes the sequences of identity columns and the table. Keys and references are not enforced by Redshift and so
// are left out; what a column may hold in bytes is checked.
func createTable(c *syntax.CreateTable) ([]string, error) {
	if len(c.Likes) > 0 {
		return nil, unsupported(c, "LIKE of an unknown table")
	}
	var statements []string
	for _, column := range c.Columns {
		if column.Identity != nil {
			statements = append(statements, identitySequence(c.Name, c.Temporary, column.Name, *column.Identity))
		}
	}
	return append(statements, "CREATE "+temporary(c.Temporary)+"TABLE "+ifNotExists(c.IfNotExists)+Name(c.Name)+
		columnList(c.Name, c.Columns)), nil
}

// columnList is the list of definitions and checks of a table's columns.
func columnList(table syntax.Name, columns []syntax.Column) string {
	var lines, checks []string
	for _, column := range columns {
		lines = append(lines, columnDefinition(table, column))
		if check := lengthCheck(column); check != "" {
			checks = append(checks, check)
		}
	}
	return " (" + strings.Join(append(lines, checks...), ", ") + ")"
}

// Rebuild returns the statements that give an existing table these columns and keep its rows. The backend changes no type
// of a column that a check mentions.
func Rebuild(table syntax.Name, temporaryTable bool, columns []syntax.Column) []string {
	rebuilt := table
	rebuilt.Name += "__rebuilt"
	return []string{
		"CREATE " + temporary(temporaryTable) + "TABLE " + Name(rebuilt) + columnList(table, columns),
		"INSERT INTO " + Name(rebuilt) + " SELECT * FROM " + Name(table),
		"DROP TABLE " + Name(table),
		"ALTER TABLE " + Name(rebuilt) + " RENAME TO " + Identifier(table.Name),
	}
}

func identitySequence(table syntax.Name, temporaryTable bool, column string, i syntax.Identity) string {
	return fmt.Sprintf("CREATE %sSEQUENCE IF NOT EXISTS %s INCREMENT BY %d MINVALUE %d START WITH %d", temporary(temporaryTable),
		IdentitySequence(table, column), i.Step, math.MinInt64, i.Seed)
}

// IdentitySequence returns the quoted name of the sequence behind an identity column. Whoever drops the table drops it too.
func IdentitySequence(table syntax.Name, column string) string {
	table.Name += "_" + column + "_identity"
	return Name(table)
}

// NextIdentity is the query that takes the next value of an identity column.
func NextIdentity(table syntax.Name, column string) string {
	return "SELECT nextval(" + quote(IdentitySequence(table, column)) + ")"
}

// MoveIdentity returns the statements that let another sequence, which starts with i, count the identity column of a table
// that has its new name already: the backend cannot rename a sequence that a default mentions. The caller drops the old one.
func MoveIdentity(table syntax.Name, column string, i syntax.Identity) []string {
	return []string{
		identitySequence(table, false, column, i),
		"ALTER TABLE " + Name(table) + " ALTER COLUMN " + Identifier(column) + " SET DEFAULT nextval(" + quote(IdentitySequence(table, column)) + ")",
	}
}

func columnDefinition(table syntax.Name, c syntax.Column) string {
	line := Identifier(c.Name) + " " + Type(c.Type)
	if c.Collate == "case_insensitive" {
		line += " COLLATE NOCASE"
	}
	switch {
	case c.Identity != nil:
		line += " DEFAULT nextval(" + quote(IdentitySequence(table, c.Name)) + ")"
	case c.Default != nil:
		line += " DEFAULT " + defaultValue(c)
	}
	if c.NotNull || c.Identity != nil || isPrimaryKey(c) {
		line += " NOT NULL"
	}
	return line
}

// defaultValue casts a literal here, so that its spelling is judged once.
func defaultValue(c syntax.Column) string {
	pieces := rewrite(nest(c.Default))
	if len(pieces) == 1 {
		if literal, ok := pieces[0].literal(); ok && c.Type.Name != "character varying" && c.Type.Name != "character" {
			return castLiteral(literal, c.Type, true)
		}
	}
	return strings.TrimSpace(text(pieces))
}

func isPrimaryKey(c syntax.Column) bool {
	for _, constraint := range c.Constraints {
		if constraint.Kind == syntax.PrimaryKey {
			return true
		}
	}
	return false
}

// lengthCheck counts bytes, as Redshift does. Trailing blanks beyond the length do no harm there.
func lengthCheck(c syntax.Column) string {
	message := "Value too long for character type"
	switch c.Type.Name {
	case "character varying":
	case "character":
		message = "value too long for type " + c.Type.String()
	default:
		return ""
	}
	column, limit := Identifier(c.Name), strconv.Itoa(c.Type.Args[0])
	return "CHECK (CASE WHEN strlen(" + column + ") > " + limit + " AND strlen(rtrim(" + column + ", ' ')) > " + limit +
		" THEN error(" + quote(message) + ") ELSE true END)"
}

func createTableAs(c *syntax.CreateTableAs) string {
	columns := ""
	if len(c.Columns) > 0 {
		columns = " (" + names(c.Columns) + ")"
	}
	data := ""
	if c.NoData {
		data = " WITH NO DATA"
	}
	return "CREATE " + temporary(c.Temporary) + "TABLE " + ifNotExists(c.IfNotExists) + Name(c.Name) + columns + " AS " +
		tokens(unwrap(c.Query)) + data
}

// unwrap removes the parentheses around a whole query, which the backend does not take behind AS.
func unwrap(query []syntax.Token) []syntax.Token {
	for {
		pieces := nest(query)
		if len(pieces) != 1 || !pieces[0].isQuery() {
			return query
		}
		query = query[1 : len(query)-1]
	}
}

// createView makes a table of a materialized view; the warehouse refreshes it.
func createView(v *syntax.CreateView) string {
	columns := ""
	if len(v.Columns) > 0 {
		columns = " (" + names(v.Columns) + ")"
	}
	kind, replace := "VIEW ", ""
	if v.Materialized {
		kind = "TABLE "
	}
	if v.OrReplace {
		replace = "OR REPLACE "
	}
	return "CREATE " + replace + kind + Name(v.Name) + columns + " AS " + tokens(unwrap(v.Query))
}

// createFunction makes a macro of a function in SQL; $1 becomes the name of the first parameter.
func createFunction(c *syntax.CreateFunction) ([]string, error) {
	if c.Language != "sql" {
		return nil, unsupported(c, "CREATE FUNCTION in language "+c.Language)
	}
	body, err := syntax.Scan(c.Body)
	if err != nil {
		return nil, err
	}
	var parameters []string
	for i := range c.Parameters {
		parameters = append(parameters, "p"+strconv.Itoa(i+1))
	}
	if len(body) > 0 && body[0].Is("SELECT") {
		body = body[1:]
	}
	pieces := nest(body)
	fillParameters(pieces, c.Parameters)
	replace := ""
	if c.OrReplace {
		replace = "OR REPLACE "
	}
	return one("CREATE " + replace + "MACRO " + Name(c.Name) + "(" + strings.Join(parameters, ", ") + ") AS " +
		cast(sql(pieces), c.Returns, false)), nil
}

// fillParameters puts the macro's parameters in place of $1 and so on. A macro's have no types, so a number is cast.
func fillParameters(pieces []piece, parameters []syntax.RoutineParameter) {
	for i, p := range pieces {
		fillParameters(p.group, parameters)
		if p.token.Kind != syntax.Parameter {
			continue
		}
		name := "p" + p.token.Value()
		n, err := strconv.Atoi(p.token.Value())
		if err == nil && n >= 1 && n <= len(parameters) && numbers[parameters[n-1].Type.Name] {
			name = cast(name, parameters[n-1].Type, false)
		}
		pieces[i] = piece{sql: name, space: p.space}
	}
}

// numbers are the types of numbers.
var numbers = map[string]bool{"smallint": true, "integer": true, "bigint": true, "numeric": true, "real": true, "double precision": true}

// drop gives each object a statement of its own. A materialized view is a table.
func drop(d *syntax.Drop) []string {
	object := strings.TrimPrefix(d.Object, "MATERIALIZED ")
	if object != d.Object {
		object = "TABLE"
	}
	cascade := ""
	if d.Cascade {
		cascade = " CASCADE"
	}
	var statements []string
	for _, n := range d.Names {
		statements = append(statements, "DROP "+object+" "+ifExists(d.IfExists)+Name(n)+cascade)
	}
	return statements
}

// alterTable translates the actions that change a table's columns or name; the others change only facts of the catalog.
func alterTable(a *syntax.AlterTable) ([]string, error) {
	var statements []string
	for _, action := range a.Actions {
		change := ""
		switch action.Kind {
		case syntax.AddColumn:
			change = "ADD COLUMN " + addedColumn(a.Name, action.Column)
		case syntax.DropColumn:
			change = "DROP COLUMN " + Identifier(action.Column.Name)
		case syntax.RenameColumn:
			change = "RENAME COLUMN " + Identifier(action.Column.Name) + " TO " + Identifier(action.To)
		case syntax.RenameTable:
			change = "RENAME TO " + Identifier(action.To)
		case syntax.AlterColumnType, syntax.Append, syntax.AlterOther:
			return nil, unsupported(a, "ALTER TABLE "+string(action.Kind))
		default:
			continue
		}
		statements = append(statements, "ALTER TABLE "+Name(a.Name)+" "+change)
	}
	return statements, nil
}

// addedColumn leaves out NOT NULL: the backend adds no column with a constraint.
func addedColumn(table syntax.Name, c syntax.Column) string {
	c.NotNull, c.Constraints, c.Identity = false, nil, nil
	return columnDefinition(table, c)
}
