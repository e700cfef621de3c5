package warehouse

import (
	"context"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// createView makes a view and remembers what it reads, unless it is WITH NO SCHEMA BINDING: such a view holds nothing.
func (s *Session) createView(ctx context.Context, j *job, c *syntax.CreateView) error {
	j.result.Tag = "CREATE VIEW"
	if err := s.apply(ctx, j, c); err != nil {
		return err
	}
	if err := s.forgetView(ctx, c.Name); err != nil || c.NoSchemaBinding {
		return err
	}
	if err := s.keepQuery(ctx, c); err != nil {
		return err
	}
	reads, _ := syntax.Tables(c)
	for _, n := range reads {
		_, err := s.conn.Exec(ctx, `INSERT INTO stepwell.view_reference VALUES ($1, $2, $3, $4)`, s.schemaOf(c.Name), c.Name.Name, s.schemaOf(n), n.Name)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) forgetView(ctx context.Context, n syntax.Name) error {
	for _, facts := range []string{"view_reference", "materialized_view"} {
		_, err := s.conn.Exec(ctx, `DELETE FROM stepwell.`+facts+` WHERE schema_name = $1 AND view_name = $2`, s.schemaOf(n), n.Name)
		if err != nil {
			return err
		}
	}
	return nil
}

// dropDependents drops the views that read a table or view which is about to be dropped; without CASCADE they forbid it.
func (s *Session) dropDependents(ctx context.Context, j *job, d *syntax.Drop, n syntax.Name) error {
	rows, err := all(ctx, s.conn, `SELECT DISTINCT schema_name, view_name FROM stepwell.view_reference
		WHERE referenced_schema = $1 AND referenced_name = $2 ORDER BY 1, 2`, s.schemaOf(n), n.Name)
	if err != nil {
		return err
	}
	for _, row := range rows {
		view := syntax.Name{Schema: row[0].(string), Name: row[1].(string)}
		found, _, err := s.exists(ctx, view)
		switch {
		case err != nil:
			return err
		case !found:
			continue
		case !d.Cascade:
			return fault.New(fault.Conflict, "cannot drop %s %s because other objects depend on it: view %s", lower(d.Object), n.Name, view.Name).WithCode("2BP01").At(n.Position)
		}
		j.notice(Remark, "drop cascades to view "+view.Name)
		cascade := &syntax.Drop{Fragment: d.Fragment, Object: "VIEW", Cascade: true}
		if query, err := s.materialized(ctx, view); err != nil {
			return err
		} else if query != "" {
			cascade.Object = "MATERIALIZED VIEW"
		}
		if err := s.dropOne(ctx, j, cascade, view, true, true); err != nil {
			return err
		}
	}
	return nil
}
