package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// Running returns the statements that run now, in the order in which they began.
func (w *Warehouse) Running() []querylog.Query { return w.queries.Running() }

var errQueryCancelled = errors.New("somebody cancelled the query")

// Cancel ends a statement that runs. Error: NotFound.
func (w *Warehouse) Cancel(query int64) error { return w.queries.Cancel(query, errQueryCancelled) }

// Writers returns the last committed writer of each table, by the table's name.
func (w *Warehouse) Writers() []querylog.Writer { return w.queries.Writers() }

// Lineage returns the ways that data took, by target and source.
func (w *Warehouse) Lineage() []querylog.Edge { return w.queries.Edges() }

// Statements returns recorded statements, newest first, also those that run.
func (w *Warehouse) Statements(ctx context.Context, f querylog.Filter, page querylog.Page) ([]querylog.Query, error) {
	where, args := conditions(f)
	if page.Before > 0 {
		args = append(args, page.Before)
		where = append(where, fmt.Sprintf("id < $%d", len(args)))
	}
	if page.Limit <= 0 {
		page.Limit = defaultPage
	}
	args = append(args, int64(page.Limit))
	return w.recorded(ctx, strings.Join(where, " AND "), fmt.Sprintf("ORDER BY id DESC LIMIT $%d", len(args)), args)
}

const defaultPage = 100

// conditions are what a filter asks of a row.
func conditions(f querylog.Filter) (where []string, args []any) {
	where = []string{"true"}
	add := func(is bool, condition string, arg any) {
		if is {
			args = append(args, arg)
			where = append(where, fmt.Sprintf(condition, len(args)))
		}
	}
	for _, column := range []struct{ name, wanted string }{
		{"execution", f.Execution}, {"state", f.State}, {"job", f.Job}, {"request", f.Request}, {"statement", f.Statement}, {"user_name", f.User},
		{"status", string(f.Status)},
	} {
		add(column.wanted != "", column.name+" = $%d", column.wanted)
	}
	add(f.Task != 0, "task = $%d", f.Task)
	add(f.Writes != "", "contains(chr(10) || writes || chr(10), chr(10) || CAST($%d AS VARCHAR) || chr(10))", f.Writes)
	add(f.Contains != "", "contains(lower(text), lower(CAST($%d AS VARCHAR)))", f.Contains)
	add(!f.Since.IsZero(), "started >= $%d", f.Since.UTC())
	add(f.Parent != 0, "parent = $%d", f.Parent)
	add(f.Parent == 0 && !f.Inner, "parent = $%d", int64(0))
	return where, args
}

// Statement returns one recorded statement and, if it is a CALL, those of its procedures in the order in which they ran. Error:
// NotFound, also when the record no longer has it.
func (w *Warehouse) Statement(ctx context.Context, id int64) (q querylog.Query, inner []querylog.Query, err error) {
	list, err := w.recorded(ctx, "id = $1 OR parent = $1", "ORDER BY id", []any{id})
	if err != nil {
		return q, nil, err
	}
	at := slices.IndexFunc(list, func(one querylog.Query) bool { return one.ID == id })
	if at < 0 {
		return q, nil, fault.New(fault.NotFound, "the query %d is not in the record of statements", id)
	}
	q = list[at] // before it is taken out
	return q, slices.Delete(list, at, at+1), nil
}

// queryColumns are the columns of stepwell.query that make a statement, in the order of queryOf.
const queryColumns = `id, parent, text, length, kind, tag, user_name, database, pid, xid, label, started, ended, waited, status, row_count, error, code, line, col,
	notices, notice, reads, writes, source, target, files, bytes, rejected, origin`

// recorded reads statements from the record.
func (w *Warehouse) recorded(ctx context.Context, where, order string, args []any) ([]querylog.Query, error) {
	w.queries.Flush(ctx)
	c, err := w.backend.Connect(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := all(ctx, c, "SELECT "+queryColumns+" FROM stepwell.query WHERE "+where+" "+order, args...)
	if err := errors.Join(err, c.Close()); err != nil {
		return nil, err
	}
	list := make([]querylog.Query, len(rows))
	for i, row := range rows {
		list[i] = queryOf(row)
	}
	return list, nil
}

func queryOf(row []any) querylog.Query {
	at := 0
	next := func() any { at++; return row[at-1] }
	text := func() string { s, _ := next().(string); return s }
	number := func() int64 { n, _ := next().(int64); return n }
	moment := func() time.Time { t, _ := next().(time.Time); return t }
	names := func() []string {
		return slices.DeleteFunc(strings.Split(text(), "\n"), func(s string) bool { return s == "" })
	}
	return querylog.Query{
		ID: number(), Parent: number(), Text: text(), Length: number(), Kind: text(), Tag: text(), User: text(), Database: text(), PID: number(),
		Transaction: number(), Label: text(), Started: moment(), Ended: moment(), Waited: time.Duration(number()) * time.Microsecond,
		Status: querylog.Status(text()), Rows: number(), Error: text(), Code: text(), Line: number(), Column: number(), Notices: number(),
		Notice: text(), Reads: names(), Writes: names(), Source: text(), Target: text(), Files: number(), Bytes: number(), Rejected: number(),
		Origin: originFrom(text()),
	}
}

// Plan returns the lines of EXPLAIN for one statement, which is not run.
func (w *Warehouse) Plan(ctx context.Context, sql string) (lines []string, err error) {
	script, err := parse(sql, Run{})
	if err != nil {
		return nil, err
	}
	if len(script) != 1 {
		return nil, fault.Invalidf("a plan is of one statement, not of %d", len(script)).WithCode("42601")
	}
	s, err := w.Session(ctx, SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var answers Collector
	if err := s.Run(ctx, "EXPLAIN "+script[0].Source().Text, Run{Unrecorded: true}, &answers); err != nil {
		return nil, err
	}
	for _, row := range answers.Answers[0].Values {
		line, _ := row[0].(string)
		lines = append(lines, line)
	}
	return lines, nil
}

// showQueries brings the record up to date for a query that reads it, unless its transaction has an older picture already.
func (s *Session) showQueries(ctx context.Context, query string) {
	query = strings.ToLower(query)
	for _, view := range []string{"sys_query_", "stl_query", "svl_statementtext", "stl_ddltext", "stl_utilitytext", "stv_recents", "stv_inflight"} {
		if strings.Contains(query, view) {
			s.warehouse.queries.Flush(ctx)
			return
		}
	}
}
