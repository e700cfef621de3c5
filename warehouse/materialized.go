package warehouse

import (
	"context"
	"fmt"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
)

// keepQuery remembers what a materialized view is filled with: the backend has it as a table.
func (s *Session) keepQuery(ctx context.Context, c *syntax.CreateView) error {
	if !c.Materialized {
		return nil
	}
	query, err := translate.Tokens(c.Query)
	if err != nil {
		return err
	}
	_, err = s.conn.Exec(ctx, `INSERT INTO stepwell.materialized_view VALUES ($1, $2, $3)`, s.schemaOf(c.Name), c.Name.Name, query)
	return err
}

// materialized returns the query of a materialized view, empty for everything else.
func (s *Session) materialized(ctx context.Context, n syntax.Name) (string, error) {
	row, err := one(ctx, s.conn, `SELECT query FROM stepwell.materialized_view WHERE schema_name = $1 AND view_name = $2`, s.schemaOf(n), n.Name)
	if row == nil || err != nil {
		return "", err
	}
	return row[0].(string), nil
}

// refresh fills a materialized view with the rows that its query has now.
func (s *Session) refresh(ctx context.Context, j *job, r *syntax.RefreshView) error {
	query, err := s.materialized(ctx, r.Name)
	if err != nil {
		return err
	}
	if query == "" {
		return fault.New(fault.NotFound, "materialized view %q does not exist", r.Name.Name).WithCode("42P01").At(r.Name.Position)
	}
	for _, sql := range []string{"DELETE FROM " + translate.Name(r.Name), "INSERT INTO " + translate.Name(r.Name) + " " + query} {
		if _, err := s.conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	j.wrote = true
	j.result.Tag = "REFRESH"
	j.notice(Info, fmt.Sprintf("Materialized view %s was incrementally updated successfully.", r.Name.Name))
	return nil
}
