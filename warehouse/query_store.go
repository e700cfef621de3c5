package warehouse

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// The tables of the record of statements, and the views that show it as Redshift does.
//
//go:embed catalog_query.sql
var catalogOfQueries string

// The bounds of the record: its age is that of Redshift's log tables.
const (
	queryDays  = 7
	mostStored = 100_000
	mostText   = 256 << 20
	// pruneEvery is after how many statements it is looked whether there are too many.
	pruneEvery = 5_000
)

// queryStore keeps the record of statements in the tables of the catalog, through a connection of its own.
type queryStore struct {
	backend Backend
	conn    Conn
	// saved counts the statements since the record was pruned; it begins with a full count.
	saved int
}

// queryRow is a row of stepwell.query. The tags name its columns.
type queryRow struct {
	ID        int64  `json:"id"`
	Parent    int64  `json:"parent"`
	Text      string `json:"text"`
	Length    int64  `json:"length"`
	Kind      string `json:"kind"`
	Tag       string `json:"tag"`
	User      string `json:"user_name"`
	Database  string `json:"database"`
	PID       int64  `json:"pid"`
	XID       int64  `json:"xid"`
	Label     string `json:"label"`
	Started   string `json:"started"`
	Ended     string `json:"ended,omitempty"`
	Waited    int64  `json:"waited"` // in microseconds
	Status    string `json:"status"`
	Rows      int64  `json:"row_count"`
	Error     string `json:"error"`
	Code      string `json:"code"`
	Line      int64  `json:"line"`
	Column    int64  `json:"col"`
	Notices   int64  `json:"notices"`
	Notice    string `json:"notice"`
	Reads     string `json:"reads"`  // a name in each line
	Writes    string `json:"writes"` // a name in each line
	Source    string `json:"source"`
	Target    string `json:"target"`
	Files     int64  `json:"files"`
	Bytes     int64  `json:"bytes"`
	Rejected  int64  `json:"rejected"`
	Execution string `json:"execution"`
	State     string `json:"state"`
	Task      int64  `json:"task"`
	Job       string `json:"job"`
	Request   string `json:"request"`
	Statement string `json:"statement"`
	Origin    string `json:"origin"`
}

func rowOf(q querylog.Query) queryRow {
	o := q.Origin
	row := queryRow{
		ID: q.ID, Parent: q.Parent, Text: q.Text, Length: q.Length, Kind: q.Kind, Tag: q.Tag, User: q.User, Database: q.Database, PID: q.PID,
		XID: q.Transaction, Label: q.Label, Started: q.Started.Format(timestampForm), Waited: q.Waited.Microseconds(), Status: string(q.Status),
		Rows: q.Rows, Error: q.Error, Code: q.Code, Line: q.Line, Column: q.Column, Notices: q.Notices, Notice: q.Notice,
		Reads: strings.Join(q.Reads, "\n"), Writes: strings.Join(q.Writes, "\n"), Source: q.Source, Target: q.Target, Files: q.Files, Bytes: q.Bytes,
		Rejected: q.Rejected, Execution: o.Execution, State: o.State, Task: o.Task, Job: o.Job, Request: o.Request, Statement: o.Statement,
		Origin: originText(o),
	}
	if !q.Ended.IsZero() {
		row.Ended = q.Ended.Format(timestampForm)
	}
	return row
}

func originText(o origin.Origin) string {
	if o == (origin.Origin{}) {
		return ""
	}
	text, _ := json.Marshal(o) // texts and numbers only
	return string(text)
}

func originFrom(text string) (o origin.Origin) {
	_ = json.Unmarshal([]byte(text), &o) // it is our own
	return o
}

type (
	writerRow struct {
		Table  string `json:"table_name"`
		Query  int64  `json:"query"`
		Kind   string `json:"kind"`
		Rows   int64  `json:"row_count"`
		At     string `json:"written"`
		Origin string `json:"origin"`
	}
	edgeRow struct {
		Source string `json:"source"`
		Target string `json:"target"`
		Query  int64  `json:"query"`
		Rows   int64  `json:"row_count"`
		At     string `json:"written"`
		Origin string `json:"origin"`
	}
)

// Save stores a batch in one transaction.
func (q *queryStore) Save(ctx context.Context, b querylog.Batch) (err error) {
	if q.conn == nil {
		if q.conn, err = q.backend.Connect(ctx); err != nil {
			return err
		}
	}
	if err := q.conn.Begin(ctx); err != nil {
		return err
	}
	if err := q.write(ctx, b); err != nil {
		return errors.Join(err, q.conn.Rollback(ctx))
	}
	return q.conn.Commit(ctx)
}

func (q *queryStore) write(ctx context.Context, b querylog.Batch) error {
	if err := q.writeQueries(ctx, b); err != nil {
		return err
	}
	if err := q.writeLineage(ctx, b); err != nil {
		return err
	}
	if _, err := q.conn.Exec(ctx, `DELETE FROM stepwell.query_number`); err != nil {
		return err
	}
	_, err := q.conn.Exec(ctx, `INSERT INTO stepwell.query_number VALUES ($1)`, b.Next)
	return err
}

func (q *queryStore) writeQueries(ctx context.Context, b querylog.Batch) error {
	if err := q.remove(ctx, `DELETE FROM stepwell.query WHERE id IN (SELECT unnest(from_json(CAST($1 AS JSON), '["BIGINT"]')))`, b.Replaced); err != nil {
		return err
	}
	rows := make([]queryRow, len(b.Queries))
	for i, one := range b.Queries {
		rows[i] = rowOf(one)
	}
	if err := insertRows(ctx, q.conn, "stepwell.query", rows); err != nil {
		return err
	}
	q.saved += len(rows)
	if q.saved < pruneEvery {
		return nil
	}
	q.saved = 0
	return q.prune(ctx)
}

// remove deletes what a JSON array names; it does nothing for an empty one.
func (q *queryStore) remove(ctx context.Context, sql string, list any) error {
	text, err := json.Marshal(list)
	if err != nil || string(text) == "null" || string(text) == "[]" {
		return err
	}
	_, err = q.conn.Exec(ctx, sql, string(text))
	return err
}

func (q *queryStore) prune(ctx context.Context) error {
	oldest := time.Now().UTC().AddDate(0, 0, -queryDays)
	if _, err := q.conn.Exec(ctx, `DELETE FROM stepwell.query WHERE started < $1`, oldest); err != nil {
		return err
	}
	_, err := q.conn.Exec(ctx, `DELETE FROM stepwell.query WHERE id IN (SELECT id FROM (
		SELECT id, count(*) OVER newer AS queries, sum(length(text)) OVER newer AS size FROM stepwell.query
		WINDOW newer AS (ORDER BY id DESC ROWS UNBOUNDED PRECEDING)) WHERE queries > $1 OR size > $2)`, int64(mostStored), int64(mostText))
	return err
}

func (q *queryStore) writeLineage(ctx context.Context, b querylog.Batch) error {
	writers, names := make([]writerRow, len(b.Writers)), b.GoneWriters
	for i, w := range b.Writers {
		writers[i] = writerRow{w.Table, w.Query, w.Kind, w.Rows, w.At.Format(timestampForm), originText(w.Origin)}
		names = append(names, w.Table)
	}
	edges, ways := make([]edgeRow, len(b.Edges)), make([]edgeRow, 0, len(b.GoneEdges))
	for i, e := range b.Edges {
		edges[i] = edgeRow{e.Source, e.Target, e.Query, e.Rows, e.At.Format(timestampForm), originText(e.Origin)}
	}
	for _, e := range b.GoneEdges {
		ways = append(ways, edgeRow{Source: e.Source, Target: e.Target})
	}
	err := q.remove(ctx, `DELETE FROM stepwell.table_writer WHERE table_name IN (SELECT unnest(from_json(CAST($1 AS JSON), '["VARCHAR"]')))`, names)
	if err != nil {
		return err
	}
	if err := insertRows(ctx, q.conn, "stepwell.table_writer", writers); err != nil {
		return err
	}
	err = q.remove(ctx, `DELETE FROM stepwell.table_edge WHERE (source, target) IN (
		SELECT (way.source, way.target) FROM (SELECT unnest(from_json(CAST($1 AS JSON), '[{"source":"VARCHAR","target":"VARCHAR"}]')) AS way))`, append(ways, edges...))
	if err != nil {
		return err
	}
	return insertRows(ctx, q.conn, "stepwell.table_edge", edges)
}

// openQueries opens the record: statements that ran when the last process died are aborted.
func (w *Warehouse) openQueries(ctx context.Context, c Conn) error {
	last, err := one(ctx, c, `SELECT greatest(0, (SELECT max(query) FROM `+CatalogSchema+`.stl_load_errors), (SELECT max(query) FROM stepwell.load),
		(SELECT max(query) FROM stepwell.unload), (SELECT max(id) FROM stepwell.query), (SELECT max(next) FROM stepwell.query_number))::BIGINT`)
	if err != nil {
		return err
	}
	if err := abortRunning(ctx, c); err != nil {
		return err
	}
	history, err := lineageOf(ctx, c)
	if err != nil {
		return err
	}
	w.store = &queryStore{backend: w.backend, saved: pruneEvery}
	w.queries = querylog.Open(w.store, last[0].(int64), history, querylog.Options{Observe: w.options.Observe, Problem: w.options.Unrecorded})
	return nil
}

// abortRunning ends the statements that a process left running. When that was, only the record's last entry tells.
func abortRunning(ctx context.Context, c Conn) error {
	left, err := one(ctx, c, `SELECT 1 FROM stepwell.query WHERE status = 'running' LIMIT 1`)
	if err != nil || left == nil {
		return err
	}
	_, err = c.Exec(ctx, `UPDATE stepwell.query SET status = 'aborted', error = 'the process ended while the statement ran', code = '57P01',
		ended = greatest(started, (SELECT max(ended) FROM stepwell.query)) WHERE status = 'running'`)
	return err
}

func lineageOf(ctx context.Context, c Conn) (h querylog.History, err error) {
	writers, err := all(ctx, c, `SELECT table_name, query, kind, row_count, written, origin FROM stepwell.table_writer`)
	if err != nil {
		return h, err
	}
	for _, r := range writers {
		h.Writers = append(h.Writers, querylog.Writer{Table: r[0].(string), Query: r[1].(int64), Kind: r[2].(string), Rows: r[3].(int64), At: r[4].(time.Time),
			Origin: originFrom(r[5].(string))})
	}
	edges, err := all(ctx, c, `SELECT source, target, query, row_count, written, origin FROM stepwell.table_edge`)
	for _, r := range edges {
		h.Edges = append(h.Edges, querylog.Edge{Source: r[0].(string), Target: r[1].(string), Query: r[2].(int64), Rows: r[3].(int64), At: r[4].(time.Time),
			Origin: originFrom(r[5].(string))})
	}
	return h, err
}

// closeQueries stores what is left of the record.
func (w *Warehouse) closeQueries() error {
	w.queries.Close()
	if w.store.conn == nil {
		return nil
	}
	return w.store.conn.Close()
}
