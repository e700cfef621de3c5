package load

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// Plan is a COPY whose parameters are understood and whose fields are matched with columns.
type Plan struct {
	statement *syntax.Copy
	o         *options
	from      Object
	target    Target
	columns   []column
	names     map[string]int // of columns
}

// column is what a field is converted to.
type column struct {
	name    string
	typ     syntax.Type
	length  int // of a character type, in bytes
	notNull bool
	super   bool // takes JSON as it is written
	convert converter
}

// NewPlan checks a COPY against the columns of its table, in their order; its JOB CREATE clause is the caller's. Errors are faults at the
// place of the mistake: Invalid for what Redshift refuses, Unsupported for what Stepwell does not have yet.
func NewPlan(c *syntax.Copy, columns []syntax.Column) (*Plan, error) {
	o, err := readOptions(c)
	if err != nil {
		return nil, err
	}
	p := &Plan{statement: c, o: o, target: Target{Table: c.Target}, names: map[string]int{}}
	if err := p.locate(); err != nil {
		return nil, err
	}
	chosen, err := p.choose(columns)
	if err != nil {
		return nil, err
	}
	if o.format == fixedWidth && len(o.widths) != len(chosen) {
		return nil, fault.Invalidf("FIXEDWIDTH has %d columns, the table %s takes %d", len(o.widths), c.Target.Name, len(chosen)).WithCode("42601").At(c.Position)
	}
	if o.noShred && (len(chosen) != 1 || chosen[0].Type.Name != "super") {
		return nil, fault.Invalidf("JSON 'noshred' needs a table or a list of one SUPER column").WithCode("42601").At(c.Position)
	}
	for _, definition := range chosen {
		if err := p.add(definition); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Format is the files' format as sys_load_history names it.
func (p *Plan) Format() string {
	return [...]string{delimited: "txt", csvFormat: "csv", fixedWidth: "txt", jsonFormat: "json", avroFormat: "avro", parquetFormat: "parquet"}[p.o.format]
}

// locate splits the source s3://bucket/prefix.
func (p *Plan) locate() error {
	c := p.statement
	if scheme, _, found := strings.Cut(c.From, "://"); found && scheme != "s3" {
		return fault.New(fault.Unsupported, "COPY FROM %s:// is not supported: only s3:// is", scheme).WithCode("0A000").At(c.FromPosition)
	}
	from, ok := parseSource(c.From)
	if !ok {
		return fault.Invalidf("COPY source %q must be s3://bucket/prefix", c.From).WithCode("42601").At(c.FromPosition)
	}
	p.from = from
	return nil
}

// choose returns the columns that fields go to: those listed, or all that the table does not number by itself.
func (p *Plan) choose(columns []syntax.Column) ([]syntax.Column, error) {
	c := p.statement
	if len(c.Columns) == 0 {
		return p.unlisted(columns), nil
	}
	byName := map[string]syntax.Column{}
	for _, column := range columns {
		byName[column.Name] = column
	}
	var chosen []syntax.Column
	for _, name := range c.Columns {
		column, ok := byName[name]
		switch {
		case !ok:
			return nil, fault.Invalidf("column %q of relation %q does not exist", name, c.Target.Name).WithCode("42703").At(c.Position)
		case column.Name == "":
			return nil, fault.Invalidf("column %q specified more than once", name).WithCode("42701").At(c.Position)
		case column.Identity != nil && !column.Identity.ByDefault && !p.o.explicitIDs:
			return nil, fault.Invalidf("cannot set an identity column %q to a value: use EXPLICIT_IDS", name).WithCode("42601").At(c.Position)
		}
		byName[name] = syntax.Column{}
		chosen = append(chosen, column)
	}
	return chosen, missing(columns, byName, c)
}

func (p *Plan) unlisted(columns []syntax.Column) []syntax.Column {
	var chosen []syntax.Column
	for _, column := range columns {
		if column.Identity == nil || column.Identity.ByDefault || p.o.explicitIDs {
			chosen = append(chosen, column)
		}
	}
	return chosen
}

// missing refuses a list that leaves out a column which must have a value and gets none. left maps those that are listed
// to nothing.
func missing(columns []syntax.Column, left map[string]syntax.Column, c *syntax.Copy) error {
	for _, column := range columns {
		if left[column.Name].Name != "" && column.NotNull && column.Default == nil && column.Identity == nil {
			return fault.Invalidf("Column '%s' has a NOT NULL constraint but no default: COPY into %s must list it", column.Name, c.Target.Name).WithCode("23502").At(c.Position)
		}
	}
	return nil
}

func (p *Plan) add(definition syntax.Column) error {
	c := column{name: definition.Name, typ: definition.Type, notNull: definition.NotNull, super: definition.Type.Name == "super"}
	convert, encoding := converterOf(p.o, definition.Type)
	c.convert = convert
	if c.convert == nil {
		return fault.New(fault.Unsupported, "COPY into column %q of type %s is not supported yet", definition.Name, definition.Type).WithCode("0A000").At(p.statement.Position)
	}
	if len(definition.Type.Args) > 0 {
		c.length = definition.Type.Args[0]
	}
	p.names[definition.Name] = len(p.columns)
	p.columns = append(p.columns, c)
	p.target.Columns = append(p.target.Columns, TargetColumn{Name: definition.Name, Type: definition.Type, Encoding: encoding, NotNull: definition.NotNull})
	return nil
}

// secret holds the parameters whose values must not be shown.
var secret = map[string]bool{"CREDENTIALS": true, "ACCESS_KEY_ID": true, "SECRET_ACCESS_KEY": true, "SESSION_TOKEN": true, "MASTER_SYMMETRIC_KEY": true}

// Masked returns the text of a COPY or UNLOAD for logs and system tables: the literals of credentials are stars.
func Masked(f *syntax.Fragment) string {
	text, shift := f.Text, -f.Offset
	hide := false
	for _, t := range f.Tokens {
		switch {
		case secret[t.Upper()]:
			hide = true
		case t.Kind == syntax.String && hide:
			text = text[:t.Offset+shift] + "'***'" + text[t.End()+shift:]
			shift += len("'***'") - len(t.Text)
			hide = false
		case !t.Is("AS"):
			hide = false
		}
	}
	return text
}
