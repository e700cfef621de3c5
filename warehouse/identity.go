package warehouse

import (
	"context"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
)

// dropSequences drops what counted a dropped table's identity columns.
func (s *Session) dropSequences(ctx context.Context, n syntax.Name, columns []syntax.Column) error {
	n.Schema = s.schemaOf(n)
	for _, c := range columns {
		if c.Identity == nil {
			continue
		}
		if _, err := s.conn.Exec(ctx, "DROP SEQUENCE IF EXISTS "+translate.IdentitySequence(n, c.Name)); err != nil {
			return err
		}
	}
	return nil
}

// moveSequences gives what counts a table's identity columns the names that follow from a RENAME of the table or of a column,
// so that a new table of the old name counts on its own. It is called once the backend's table has its new name.
func (s *Session) moveSequences(ctx context.Context, n syntax.Name, columns []syntax.Column, a syntax.AlterAction) error {
	n.Schema = s.schemaOf(n)
	for _, c := range columns {
		renamed := a.Kind == syntax.RenameColumn
		if c.Identity == nil || renamed && a.Column.Name != c.Name {
			continue
		}
		table, column := n, c.Name
		if renamed {
			column = a.To
		} else {
			table.Name = a.To
		}
		next, err := one(ctx, s.conn, translate.NextIdentity(n, c.Name))
		if err != nil {
			return err
		}
		moves := translate.MoveIdentity(table, column, syntax.Identity{Seed: next[0].(int64), Step: c.Identity.Step})
		for _, sql := range append(moves, "DROP SEQUENCE "+translate.IdentitySequence(n, c.Name)) {
			if _, err := s.conn.Exec(ctx, sql); err != nil {
				return err
			}
		}
	}
	return nil
}
