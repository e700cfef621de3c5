package warehouse

import (
	"context"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// procedures keeps parsed procedures by the text of their definition, which never changes.
type procedures struct{ parsed sync.Map }

// load parses a definition, once.
func (p *procedures) load(definition string) (*plpgsql.Procedure, error) {
	if known, ok := p.parsed.Load(definition); ok {
		return known.(*plpgsql.Procedure), nil
	}
	script, err := parse(definition, Run{})
	if err != nil {
		return nil, err
	}
	procedure, err := parseProcedure(script[0].(*syntax.CreateProcedure))
	if err == nil {
		p.parsed.Store(definition, procedure)
	}
	return procedure, err
}

func parseProcedure(c *syntax.CreateProcedure) (*plpgsql.Procedure, error) {
	h := plpgsql.Header{Schema: c.Name.Schema, Name: c.Name.Name, NonAtomic: c.NonAtomic}
	for _, p := range c.Parameters {
		h.Arguments = append(h.Arguments, plpgsql.Argument{Name: p.Name, Mode: argumentModes[p.Mode], Type: p.Type.String()})
	}
	for _, set := range c.Settings {
		h.Settings = append(h.Settings, plpgsql.Setting{Parameter: set.Name, Value: set.Value})
	}
	return plpgsql.Parse(h, c.Body, c.BodyPosition)
}

var argumentModes = map[string]plpgsql.Mode{"IN": plpgsql.In, "OUT": plpgsql.Out, "INOUT": plpgsql.InOut}

// inputs writes the types that tell overloads apart; lengths are no part of them.
func inputs(parameters []syntax.RoutineParameter) string {
	var types []string
	for _, p := range parameters {
		if p.Mode != "OUT" {
			types = append(types, p.Type.Name)
		}
	}
	return strings.Join(types, ", ")
}

// defineProcedure is CREATE and DROP PROCEDURE. The body is parsed now; the SQL inside it when it runs.
func (s *Session) defineProcedure(ctx context.Context, j *job) error {
	switch d := j.statement.(type) {
	case *syntax.CreateProcedure:
		j.result.Tag = "CREATE PROCEDURE"
		if _, err := parseProcedure(d); err != nil {
			return err
		}
		return s.createProcedure(ctx, j, d)
	case *syntax.DropProcedure:
		j.result.Tag = "DROP PROCEDURE"
		return s.dropProcedure(ctx, j, d)
	}
	return nil
}

const thisProcedure = ` WHERE schema_name = $1 AND procedure_name = $2 AND inputs = $3`

// lockProcedure serves as the lock of the definition, so that two deployments of it queue.
func (s *Session) lockProcedure(ctx context.Context, j *job, schema, name string) error {
	j.wrote = true
	definition := "procedure " + schema + "." + name
	return s.acquire(ctx, demand{definition: lock.AccessExclusive}, definition)
}

func (s *Session) createProcedure(ctx context.Context, j *job, c *syntax.CreateProcedure) error {
	key := []any{s.schemaOf(c.Name), c.Name.Name, inputs(c.Parameters)}
	if err := s.lockProcedure(ctx, j, s.schemaOf(c.Name), c.Name.Name); err != nil {
		return err
	}
	old, err := one(ctx, s.conn, `SELECT definition FROM stepwell.procedure`+thisProcedure, key...)
	if err != nil {
		return err
	}
	if old != nil {
		if err := s.replaceable(c, old[0].(string)); err != nil {
			return err
		}
		if _, err := s.conn.Exec(ctx, `DELETE FROM stepwell.procedure`+thisProcedure, key...); err != nil {
			return err
		}
	}
	_, err = s.conn.Exec(ctx, `INSERT INTO stepwell.procedure VALUES ($1, $2, $3, $4)`, append(key, c.Text)...)
	return err
}

// replaceable refuses CREATE without OR REPLACE, and other names or types of OUT arguments.
func (s *Session) replaceable(c *syntax.CreateProcedure, definition string) error {
	if !c.OrReplace {
		return fault.New(fault.Conflict, "procedure %q already exists with same argument types", c.Name.Name).WithCode("42723").At(c.Name.Position)
	}
	old, err := s.warehouse.procedures.load(definition)
	if err != nil {
		return err
	}
	fresh, err := parseProcedure(c)
	if err != nil {
		return err
	}
	if answers(old) != answers(fresh) {
		return fault.New(fault.Conflict, "cannot change return type of existing procedure %q: drop it first", c.Name.Name).WithCode("42P13").At(c.Name.Position)
	}
	return nil
}

// answers describes the OUT and INOUT arguments.
func answers(p *plpgsql.Procedure) string {
	var b strings.Builder
	for _, a := range p.Arguments {
		if a.Mode != plpgsql.In {
			b.WriteString(a.Mode.String() + " " + a.Name + " " + a.Type + ",")
		}
	}
	return b.String()
}

func (s *Session) dropProcedure(ctx context.Context, j *job, d *syntax.DropProcedure) error {
	if err := s.lockProcedure(ctx, j, s.schemaOf(d.Name), d.Name.Name); err != nil {
		return err
	}
	n, err := s.conn.Exec(ctx, `DELETE FROM stepwell.procedure`+thisProcedure, s.schemaOf(d.Name), d.Name.Name, inputs(d.Parameters))
	if err != nil || n > 0 {
		return err
	}
	signature := d.Name.Name + "(" + inputs(d.Parameters) + ")"
	if d.IfExists {
		j.notice(Info, skipped("Procedure", signature))
		return nil
	}
	return fault.New(fault.NotFound, "procedure %s does not exist", signature).WithCode("42883").At(d.Name.Position)
}

// definitions returns the texts of all overloads of a procedure.
func (s *Session) definitions(ctx context.Context, n syntax.Name) ([][]any, error) {
	return all(ctx, s.conn, `SELECT definition, inputs FROM stepwell.procedure WHERE schema_name = $1 AND procedure_name = $2 ORDER BY inputs`,
		s.schemaOf(n), n.Name)
}

// showProcedure answers SHOW PROCEDURE name [(types)] with the definition as it was written.
func (s *Session) showProcedure(ctx context.Context, j *job) error {
	name, types, err := shownProcedure(j.statement.Source())
	if err != nil {
		return err
	}
	if err := s.begin(ctx); err != nil {
		return err
	}
	rows, err := s.definitions(ctx, name)
	if err != nil {
		return err
	}
	if types != nil {
		for _, row := range rows {
			if row[1] == *types {
				rows = [][]any{row}
			}
		}
	}
	switch len(rows) {
	case 0:
		return fault.New(fault.NotFound, "procedure %q does not exist", name.Name).WithCode("42883")
	case 1:
		return s.stream(&textRows{name: "Stored Procedure Definition", lines: []string{rows[0][0].(string)}}, j, -1, "SHOW")
	}
	return fault.Invalidf("procedure name %q is not unique: name its argument types", name.Name).WithCode("42725")
}

// shownProcedure reads what stands behind SHOW PROCEDURE; it has the shape of DROP PROCEDURE, types being optional.
func shownProcedure(f *syntax.Fragment) (syntax.Name, *string, error) {
	text := "DROP" + f.Text[len(f.Tokens[0].Text):]
	typed := f.Tokens[len(f.Tokens)-1].Is(")")
	if !typed {
		text += "()"
	}
	script, err := parse(text, Run{})
	if err != nil {
		return syntax.Name{}, nil, err
	}
	d := script[0].(*syntax.DropProcedure)
	if !typed {
		return d.Name, nil, nil
	}
	types := inputs(d.Parameters)
	return d.Name, &types, nil
}
