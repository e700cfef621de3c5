package warehouse

import (
	"context"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
)

// cursor is an open query; it lives until the end of its transaction.
type cursor struct{ rows Rows }

// cursorStatement is DECLARE, FETCH and CLOSE.
func (s *Session) cursorStatement(ctx context.Context, j *job) error {
	switch c := j.statement.(type) {
	case *syntax.DeclareCursor:
		return s.declare(ctx, j, c)
	case *syntax.Fetch:
		return s.fetch(j, c)
	case *syntax.CloseCursor:
		j.result.Tag = "CLOSE CURSOR"
		if c.Name == "" {
			s.closeCursors()
			return nil
		}
		open, err := s.cursor(c.Name)
		if err != nil {
			return err
		}
		delete(s.cursors, c.Name)
		return open.rows.Close()
	}
	return nil
}

func (s *Session) declare(ctx context.Context, j *job, d *syntax.DeclareCursor) error {
	j.result.Tag = "DECLARE CURSOR"
	if !s.block && s.calls == 0 {
		return fault.New(fault.Conflict, "DECLARE CURSOR may only be used in transaction blocks").WithCode("25P01")
	}
	if s.cursors[d.Name] != nil {
		return fault.New(fault.Conflict, "cursor %q already exists", d.Name).WithCode("42P03")
	}
	if err := s.lock(ctx, j); err != nil {
		return err
	}
	sql, err := translate.Tokens(d.Query)
	if err != nil {
		return err
	}
	rows, err := s.conn.Query(ctx, sql)
	if err != nil {
		return err
	}
	s.cursors[d.Name] = &cursor{rows}
	return nil
}

func (s *Session) fetch(j *job, f *syntax.Fetch) error {
	open, err := s.cursor(f.Cursor)
	if err != nil {
		return err
	}
	return s.send(open.rows, j, int64(f.Count), "FETCH")
}

func (s *Session) cursor(name string) (*cursor, error) {
	if open := s.cursors[name]; open != nil {
		return open, nil
	}
	return nil, fault.New(fault.NotFound, "cursor %q does not exist", name).WithCode("34000")
}

// closeCursors frees what a transaction's end closes. The answers are read only, so an error in freeing them loses nothing.
func (s *Session) closeCursors() {
	for _, open := range s.cursors {
		_ = open.rows.Close()
	}
	clear(s.cursors)
}
