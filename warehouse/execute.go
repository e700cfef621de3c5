package warehouse

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
)

// execute carries out one statement inside the open transaction; one case for each kind of statement.
func (s *Session) execute(ctx context.Context, j *job) error {
	if err := s.permit(j.statement); err != nil {
		return err
	}
	switch statement := j.statement.(type) {
	case *syntax.Query:
		return s.query(ctx, j)
	case *syntax.Insert:
		return s.change(ctx, j, "INSERT 0 %d")
	case *syntax.Update:
		return s.change(ctx, j, "UPDATE %d", s.lockName(statement.Target))
	case *syntax.Delete:
		return s.change(ctx, j, "DELETE %d", s.lockName(statement.Target))
	case *syntax.Merge:
		return s.change(ctx, j, "MERGE %d", s.lockName(statement.Target))
	case *syntax.Truncate:
		return s.truncate(ctx, j, statement)
	case *syntax.Lock:
		return s.lockTables(ctx, j, statement)
	case *syntax.CreateTable, *syntax.CreateTableAs, *syntax.SelectInto, *syntax.CreateView, *syntax.RefreshView, *syntax.Drop,
		*syntax.AlterTable, *syntax.CreateSchema, *syntax.AlterSchema, *syntax.Comment, *syntax.CreateFunction, *syntax.DropFunction:
		return s.define(ctx, j)
	case *syntax.CreateProcedure, *syntax.DropProcedure:
		return s.defineProcedure(ctx, j)
	case *syntax.Copy:
		if statement.Job != nil {
			return s.createCopyJob(ctx, j, statement)
		}
		return s.copy(ctx, j, statement)
	case *syntax.CopyJob:
		return s.copyJob(ctx, j, statement)
	case *syntax.Unload:
		return s.unload(ctx, j, statement)
	case *syntax.Analyze, *syntax.Vacuum:
		return s.maintain(ctx, j)
	case *syntax.Explain:
		return s.explain(ctx, j, statement)
	case *syntax.Set, *syntax.Reset, *syntax.Show:
		return s.parameter(ctx, j)
	case *syntax.Prepare, *syntax.Execute, *syntax.Deallocate:
		return s.preparedStatement(ctx, j)
	case *syntax.DeclareCursor, *syntax.Fetch, *syntax.CloseCursor:
		return s.cursorStatement(ctx, j)
	case *syntax.Other:
		return s.other(ctx, j, statement)
	}
	return unsupported(j.statement)
}

// unsupported names a statement that Stepwell knows and does not have yet.
func unsupported(statement syntax.Statement) error {
	switch s := statement.(type) {
	case *syntax.Cancel:
		return notYet("CANCEL is not supported yet")
	case *syntax.Other:
		return notYet(s.Verb + " is not supported")
	}
	return notYet("this statement is not supported")
}

func notYet(message string) error {
	return fault.New(fault.Unsupported, "%s", message).WithCode("0A000")
}

// query runs a statement that answers with rows and streams them to the sink.
func (s *Session) query(ctx context.Context, j *job) error {
	if done, err := s.setConfig(ctx, j); done || err != nil {
		return err
	}
	s.showQueries(ctx, j.statement.Source().Text)
	if err := s.lock(ctx, j); err != nil {
		return err
	}
	if strings.Contains(strings.ToLower(j.statement.Source().Text), "pg_last_query_id") {
		if err := s.conn.Set(ctx, "query", strconv.FormatInt(s.lastID, 10)); err != nil {
			return err
		}
	}
	if err := s.showLoads(ctx, j.statement.Source().Text); err != nil {
		return err
	}
	last, err := s.translated(ctx, j.statement)
	if err != nil {
		return err
	}
	rows, err := s.conn.Query(ctx, last)
	if err != nil {
		return err
	}
	return s.stream(rows, j, -1, "SELECT")
}

// translations returns the backend's statements for a Redshift statement, at least one. columnsOf tells the columns of a
// table that values are put into.
func (s *Session) translations(ctx context.Context, statement syntax.Statement,
	columnsOf func(context.Context, syntax.Name) ([]syntax.Column, error)) ([]string, error) {
	if target, ok := typedTarget(statement); ok {
		columns, err := columnsOf(ctx, target)
		if err != nil {
			return nil, err
		}
		if insert, ok := statement.(*syntax.Insert); ok {
			if statement, err = s.narrowed(ctx, insert, columns); err != nil {
				return nil, err
			}
		}
		sql, err := translate.Typed(statement, columns)
		return []string{sql}, err
	}
	list, err := translate.Statement(statement)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.Internal, "the statement has no translation")
	}
	return list, err
}

// translated runs all but the last of the backend's statements for a Redshift statement and returns the last.
func (s *Session) translated(ctx context.Context, statement syntax.Statement) (string, error) {
	if err := s.tellSettings(ctx, statement); err != nil {
		return "", err
	}
	list, err := s.translations(ctx, statement, s.targetColumns)
	if err != nil {
		return "", err
	}
	for _, sql := range list[:len(list)-1] {
		if _, err := s.conn.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	return list[len(list)-1], nil
}

// narrowed names the table's first columns when an INSERT names none and has fewer values: the others get their defaults.
func (s *Session) narrowed(ctx context.Context, i *syntax.Insert, columns []syntax.Column) (*syntax.Insert, error) {
	if len(i.Columns) > 0 {
		return i, nil
	}
	n, known := translate.Width(i)
	if !known {
		query, err := translate.Tokens(i.Rows)
		if err != nil {
			return nil, err
		}
		rows, err := s.conn.Query(ctx, "SELECT * FROM ("+query+"\n) LIMIT 0")
		if err != nil {
			return nil, err
		}
		n = len(rows.Columns())
		if err := rows.Close(); err != nil {
			return nil, err
		}
	}
	if n >= len(columns) {
		return i, nil
	}
	narrow := *i
	for _, c := range columns[:n] {
		narrow.Columns = append(narrow.Columns, c.Name)
	}
	return &narrow, nil
}

// typedTarget names the table whose columns' types the statement's meaning depends on.
func typedTarget(statement syntax.Statement) (syntax.Name, bool) {
	wanted := translate.WantsColumns(statement)
	switch s := statement.(type) {
	case *syntax.Insert:
		return s.Target, wanted
	case *syntax.Update:
		return s.Target, wanted
	}
	return syntax.Name{}, false
}

// stream hands at most limit rows (all when it is negative) to the sink and closes them.
func (s *Session) stream(rows Rows, j *job, limit int64, tag string) (err error) {
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	return s.send(rows, j, limit, tag)
}

func (s *Session) send(rows Rows, j *job, limit int64, tag string) error {
	// What a procedure reads stays inside; rows that the client has seen cannot be taken back.
	s.irrevocable = s.irrevocable || s.calls == 0
	j.result.Tag, j.result.Columns, j.result.Rows = tag, rows.Columns(), 0
	if err := j.sink.Columns(j.result.Columns); err != nil {
		return err
	}
	for limit < 0 || j.result.Rows < limit {
		row, err := rows.Next()
		if err != nil || row == nil {
			return err
		}
		s.local(j.result.Columns, row)
		if err := j.sink.Row(row); err != nil {
			return err
		}
		j.result.Rows++
	}
	return nil
}

// change runs INSERT, UPDATE, DELETE or MERGE. fresh names the table whose rows it changes, which must be read as they
// are now and not as they were before another transaction's commit.
func (s *Session) change(ctx context.Context, j *job, tag string, fresh ...string) error {
	if err := s.lock(ctx, j, fresh...); err != nil {
		return err
	}
	last, err := s.translated(ctx, j.statement)
	if err != nil {
		return err
	}
	n, err := s.conn.Exec(ctx, last)
	if err != nil {
		return err
	}
	j.result.Rows = n
	j.result.Tag = fmt.Sprintf(tag, n)
	return nil
}

// explain answers with the backend's plan, one line per row as Redshift does.
func (s *Session) explain(ctx context.Context, j *job, e *syntax.Explain) error {
	sql, err := s.translated(ctx, e.Statement)
	if err != nil {
		return err
	}
	if err := s.begin(ctx); err != nil {
		return err
	}
	plan, err := all(ctx, s.conn, "EXPLAIN "+sql)
	if err != nil {
		return err
	}
	var lines []string
	for _, row := range plan {
		text, _ := row[len(row)-1].(string)
		lines = append(lines, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
	}
	return s.stream(&textRows{name: "QUERY PLAN", lines: lines}, j, -1, "EXPLAIN")
}

// other accepts privileges and users, which mean nothing to a single user's warehouse, and refuses the rest by name.
func (s *Session) other(ctx context.Context, j *job, o *syntax.Other) error {
	switch {
	case strings.HasPrefix(o.Verb, "SHOW PROCEDURE"):
		return s.showProcedure(ctx, j)
	case accepted[o.Verb]:
		j.result.Tag = o.Verb
		return nil
	}
	return unsupported(o)
}

// accepted are the statements about users and privileges: they are answered as Redshift does and have no effect, because
// a warehouse here has one user who may do everything.
var accepted = map[string]bool{"GRANT": true, "REVOKE": true, "CREATE USER": true, "ALTER USER": true, "DROP USER": true,
	"CREATE GROUP": true, "ALTER GROUP": true, "DROP GROUP": true, "CREATE ROLE": true, "ALTER ROLE": true, "DROP ROLE": true,
	"ALTER DEFAULT PRIVILEGES": true, "ALTER PROCEDURE": true}
