package warehouse

import (
	"context"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// createFunction keeps the types of a function, which the backend does not know.
func (s *Session) createFunction(ctx context.Context, j *job, c *syntax.CreateFunction) error {
	if err := s.apply(ctx, j, c); err != nil {
		return err
	}
	if err := s.forgetFunction(ctx, c.Name); err != nil {
		return err
	}
	_, err := s.conn.Exec(ctx, `INSERT INTO stepwell.function VALUES ($1, $2, $3, $4, $5)`,
		s.schemaOf(c.Name), c.Name.Name, inputs(c.Parameters), c.Returns.Name, c.Text)
	return err
}

func (s *Session) dropFunction(ctx context.Context, j *job, d *syntax.DropFunction) error {
	if err := s.apply(ctx, j, d); err != nil {
		return err
	}
	return s.forgetFunction(ctx, d.Name)
}

// forgetFunction forgets all functions of a name: the backend has one of each.
func (s *Session) forgetFunction(ctx context.Context, n syntax.Name) error {
	_, err := s.conn.Exec(ctx, `DELETE FROM stepwell.function WHERE schema_name = $1 AND function_name = $2`, s.schemaOf(n), n.Name)
	return err
}
