package pgwire

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse"
)

// maxPrepared is how many statements, and how many portals, one client can keep.
const maxPrepared = 10000

// prepared is what Parse made. Its statement is nil for an empty text.
type prepared struct {
	name, text string
	// sent is the text around, in which positions of errors count.
	sent         string
	statement    syntax.Statement
	placeholders []placeholder
	// parameters are the types that the client declared, 0 for those it did not.
	parameters []uint32
	// described says that parameters and columns are known from the warehouse.
	described bool
	columns   []warehouse.Column
}

// misstep is an error with the text that its position counts in.
type misstep struct {
	error
	text   string
	offset int
}

func (m *misstep) Unwrap() error { return m.error }

// extended reports the error of a message, behind which all up to Sync are skipped.
func (c *connection) extended(err error) {
	if err == nil {
		return
	}
	c.skipping = true
	var m *misstep
	if errors.As(err, &m) {
		c.fail(m.error, m.text, m.offset)
		return
	}
	c.fail(err, "", 0)
}

func (c *connection) parse(ctx context.Context, m *pgproto3.Parse) error {
	if m.Name != "" && c.statements[m.Name] != nil {
		return fault.New(fault.Conflict, "prepared statement %q already exists", m.Name).WithCode("42P05")
	}
	if len(c.statements) >= maxPrepared {
		return fault.New(fault.Throttled, "there are too many prepared statements").WithCode("53000")
	}
	p, err := prepare(m.Query)
	if err != nil {
		c.session.Reject(ctx, m.Query, err)
		return err
	}
	p.name = m.Name
	copy(p.parameters, m.ParameterOIDs)
	c.statements[m.Name] = p
	c.backend.Send(&pgproto3.ParseComplete{})
	return nil
}

func prepare(sent string) (*prepared, error) {
	script, err := parseScript(sent)
	if err != nil {
		return nil, &misstep{err, sent, 0}
	}
	switch len(script) {
	case 0:
		return &prepared{}, nil
	case 1:
	default:
		return nil, fault.Invalidf("cannot insert multiple commands into a prepared statement").WithCode("42601")
	}
	p := &prepared{statement: script[0], text: script[0].Source().Text, sent: sent}
	var count int
	if p.placeholders, count, err = placeholders(p.statement); err != nil {
		return nil, &misstep{err, sent, 0}
	}
	p.parameters = make([]uint32, count)
	return p, nil
}

// placed lets an error have its position, which counts from an offset, where what runs is the client's own text.
func (p *prepared) placed(err error, offset int) error {
	if err == nil || len(p.placeholders) > 0 {
		return err
	}
	return &misstep{err, p.sent, offset}
}

func (c *connection) bind(ctx context.Context, m *pgproto3.Bind) error {
	s := c.statements[m.PreparedStatement]
	if s == nil {
		return unknownStatement(m.PreparedStatement)
	}
	if m.DestinationPortal != "" && c.portals[m.DestinationPortal] != nil {
		return fault.New(fault.Conflict, "portal %q already exists", m.DestinationPortal).WithCode("42P03")
	}
	if len(c.portals) >= maxPrepared {
		return fault.New(fault.Throttled, "there are too many portals").WithCode("53000")
	}
	values, err := c.values(ctx, s, m)
	if err != nil {
		return err
	}
	c.dropPortal(ctx, m.DestinationPortal)
	p := &portal{name: m.DestinationPortal, prepared: s, statement: s.statement, text: s.text, formats: append([]int16{}, m.ResultFormatCodes...)}
	if len(values) > 0 {
		p.text = replace(s.text, s.placeholders, func(n int) string { return values[n-1] })
		script, err := parseScript(p.text)
		if err != nil || len(script) != 1 {
			return fault.New(fault.Internal, "the statement with its parameters does not parse").Because(err)
		}
		p.statement = script[0]
	}
	c.portals[m.DestinationPortal] = p
	c.backend.Send(&pgproto3.BindComplete{})
	return nil
}

func unknownStatement(name string) error {
	return fault.New(fault.NotFound, "prepared statement %q does not exist", name).WithCode("26000")
}

// values writes the parameters of Bind as literals.
func (c *connection) values(ctx context.Context, s *prepared, m *pgproto3.Bind) ([]string, error) {
	if len(m.Parameters) != len(s.parameters) {
		return nil, protocolError("bind message supplies %d parameters, but prepared statement %q requires %d",
			len(m.Parameters), s.name, len(s.parameters))
	}
	if n := len(m.ParameterFormatCodes); n > 1 && n != len(m.Parameters) {
		return nil, protocolError("bind message has %d parameter formats but %d parameters", n, len(m.Parameters))
	}
	values := make([]string, len(m.Parameters))
	for i, data := range m.Parameters {
		format := formatOf(m.ParameterFormatCodes, i)
		if format == pgtype.BinaryFormatCode && s.parameters[i] == 0 {
			if err := c.forecast(ctx, s); err != nil {
				return nil, err
			}
		}
		var err error
		if values[i], err = c.literal(s.parameters[i], format, data); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// forecast asks the warehouse for the types of parameters that the client left open, and for the columns.
func (c *connection) forecast(ctx context.Context, s *prepared) error {
	if s.described || s.statement == nil {
		return nil
	}
	d, err := c.describeTyped(ctx, s)
	if err != nil {
		return err
	}
	open := false
	for i, oid := range s.parameters {
		if oid != 0 && oid != pgtype.UnknownOID {
			continue
		}
		s.parameters[i] = pgtype.VarcharOID
		if i < len(d.Parameters) && d.Parameters[i].Type != "" {
			s.parameters[i] = wireOf(d.Parameters[i]).oid
		} else {
			open = true
		}
	}
	if open {
		// A column may depend on what was open.
		if d, err = c.describeTyped(ctx, s); err != nil {
			return err
		}
	}
	if _, reads := s.statement.(*syntax.Query); reads && d.Columns == nil {
		return fault.Invalidf("could not determine the data types of the parameters").WithCode("42P18")
	}
	s.columns, s.described = d.Columns, true
	return nil
}

func (c *connection) describeTyped(ctx context.Context, s *prepared) (d warehouse.Description, err error) {
	statement := s.statement
	if len(s.placeholders) > 0 {
		script, err := parseScript(replace(s.text, s.placeholders, func(n int) string { return typed(s.parameters[n-1], n) }))
		if err != nil || len(script) != 1 {
			return d, fault.New(fault.Internal, "the statement with the types of its parameters does not parse").Because(err)
		}
		statement = script[0]
	}
	err = c.run(ctx, func(ctx context.Context) error {
		d, err = c.session.Describe(ctx, statement)
		return err
	})
	return d, s.placed(err, 0)
}

func (c *connection) describe(ctx context.Context, m *pgproto3.Describe) error {
	if m.ObjectType == 'P' {
		return c.describePortal(ctx, m.Name)
	}
	s := c.statements[m.Name]
	if s == nil {
		return unknownStatement(m.Name)
	}
	if err := c.forecast(ctx, s); err != nil {
		return err
	}
	c.backend.Send(&pgproto3.ParameterDescription{ParameterOIDs: s.parameters})
	return c.sendFields(s.columns, nil)
}

func (c *connection) sendFields(columns []warehouse.Column, formats []int16) error {
	if columns == nil {
		c.backend.Send(&pgproto3.NoData{})
		return nil
	}
	fields, err := describeFields(columns, formats)
	if err == nil {
		c.backend.Send(&pgproto3.RowDescription{Fields: fields})
	}
	return err
}
