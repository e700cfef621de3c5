package warehouse

import (
	"context"
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// DefaultSchema is where an unqualified name stands unless search_path says otherwise.
const DefaultSchema = "public"

// lockName is the name under which a table is locked; a temporary table has none, for nobody else sees it.
func (s *Session) lockName(n syntax.Name) string {
	if s.isTemporary(n) {
		return ""
	}
	return s.schemaOf(n) + "." + n.Name
}

func (s *Session) isTemporary(n syntax.Name) bool {
	_, known := s.temporary[n.Name]
	return n.Schema == "" && (known || strings.HasPrefix(n.Name, "#"))
}

// schemaOf returns the schema of a name; an unqualified one stands in the first schema of the search path.
func (s *Session) schemaOf(n syntax.Name) string {
	if n.Schema != "" {
		return n.Schema
	}
	for part := range strings.SplitSeq(s.settings["search_path"], ",") {
		if part = strings.Trim(strings.TrimSpace(part), `"'`); part != "" && part != "$user" {
			return part
		}
	}
	return DefaultSchema
}

// lock takes the locks that a statement needs. A table that is written after its rows are read must be fresh.
func (s *Session) lock(ctx context.Context, j *job, fresh ...string) error {
	reads, writes := syntax.Tables(j.statement)
	mode := lock.ShareRowExclusive
	switch j.statement.(type) {
	case *syntax.CreateTable, *syntax.CreateTableAs, *syntax.SelectInto, *syntax.AlterTable, *syntax.Drop, *syntax.Truncate, *syntax.Lock:
		mode = lock.AccessExclusive
	}
	if view, ok := j.statement.(*syntax.CreateView); ok {
		mode = lock.AccessExclusive
		writes = append(writes, view.Name)
	}
	if view, ok := j.statement.(*syntax.RefreshView); ok {
		writes = append(writes, view.Name)
	}
	s.touches(j, reads, writes)
	d := demand{}
	for _, n := range writes {
		name := s.lockName(n)
		if name == "" || makesTemporary(j.statement) {
			continue
		}
		j.wrote = true
		d.add(name, mode)
		for _, read := range reads {
			if s.lockName(read) == name {
				fresh = append(fresh, name)
			}
		}
	}
	for _, n := range reads {
		if name := s.lockName(n); name != "" {
			d.add(name, lock.AccessShare)
		}
	}
	if err := s.acquire(ctx, d, fresh...); err != nil {
		return err
	}
	return s.begin(ctx)
}

// makesTemporary tells a table that will be nobody else's.
func makesTemporary(statement syntax.Statement) bool {
	switch c := statement.(type) {
	case *syntax.CreateTable:
		return c.Temporary
	case *syntax.CreateTableAs:
		return c.Temporary
	case *syntax.SelectInto:
		return c.Temporary
	}
	return false
}

// exists tells whether there is a table or view of the name, and whether it is a view.
func (s *Session) exists(ctx context.Context, n syntax.Name) (found, view bool, err error) {
	schema := s.schemaOf(n)
	sql := `SELECT table_type FROM information_schema.tables WHERE table_schema = $1 AND table_name = $2`
	if s.isTemporary(n) {
		schema, sql = "main", sql+` AND table_type = 'LOCAL TEMPORARY'`
	}
	row, err := one(ctx, s.conn, sql, schema, n.Name)
	if row == nil || err != nil {
		return false, false, err
	}
	return true, row[0] == "VIEW", nil
}

func (s *Session) schemaExists(ctx context.Context, name string) (bool, error) {
	row, err := one(ctx, s.conn, `SELECT 1 FROM information_schema.schemata WHERE schema_name = $1`, name)
	return row != nil, err
}

// mustExist fails as Redshift does when there is no such table.
func (s *Session) mustExist(ctx context.Context, n syntax.Name) error {
	found, _, err := s.exists(ctx, n)
	if err == nil && !found {
		err = noRelation(n)
	}
	return err
}

func noRelation(n syntax.Name) error {
	return fault.New(fault.NotFound, "relation %q does not exist", n.Name).WithCode("42P01").At(n.Position)
}

// truncate commits what is open, empties the table and commits that too. In a procedure the interpreter has done the first.
func (s *Session) truncate(ctx context.Context, j *job, t *syntax.Truncate) error {
	if s.block && s.calls == 0 && s.tx.begun {
		if err := s.commit(ctx); err != nil {
			return err
		}
		s.open()
	}
	if err := s.lock(ctx, j); err != nil {
		return err
	}
	sql, err := s.translated(ctx, t)
	if err != nil {
		return err
	}
	if _, err := s.conn.Exec(ctx, sql); err != nil {
		return err
	}
	j.result.Tag = "TRUNCATE"
	if !s.block || s.calls > 0 {
		return nil
	}
	if err := s.commit(ctx); err != nil {
		return err
	}
	s.open()
	return nil
}

// lockTables is LOCK, which means something in a transaction block only.
func (s *Session) lockTables(ctx context.Context, j *job, l *syntax.Lock) error {
	if err := s.lock(ctx, j); err != nil {
		return err
	}
	j.wrote = false
	for _, n := range l.Targets {
		if err := s.mustExist(ctx, n); err != nil {
			return err
		}
	}
	j.result.Tag = "LOCK TABLE"
	return nil
}

// maintain is ANALYZE and VACUUM: the backend needs neither, so only their rules are kept.
func (s *Session) maintain(ctx context.Context, j *job) error {
	var target *syntax.Name
	switch m := j.statement.(type) {
	case *syntax.Analyze:
		if m.Compression {
			return notYet("ANALYZE COMPRESSION is not supported: tables have no compression encodings here")
		}
		j.result.Tag, target = "ANALYZE", m.Target
	case *syntax.Vacuum:
		if s.block || s.calls > 0 {
			return fault.New(fault.Conflict, "VACUUM cannot run inside a transaction block").WithCode("25001")
		}
		j.result.Tag, target = "VACUUM", m.Target
	}
	if target == nil {
		return nil
	}
	if err := s.begin(ctx); err != nil {
		return err
	}
	return s.mustExist(ctx, *target)
}

func skipped(object, name string) string {
	return fmt.Sprintf("%s %q does not exist and will be skipped", object, name)
}
