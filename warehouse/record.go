package warehouse

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/load"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

const (
	// manyInner is how many statements of one CALL have a place in the record each; behind them only those that fail or take
	// longer than slowInner.
	manyInner = 1_000
	slowInner = 100 * time.Millisecond
)

// record runs a statement and writes down who asked for it, how it went, and what it read and wrote.
func (s *Session) record(ctx context.Context, j *job, do func(context.Context) error) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	source, waited := j.statement.Source(), s.waited
	j.query = s.newQuery(ctx, j.id, source.Text, kindOf(j.statement))
	j.query.Parent = j.parent
	log := s.warehouse.queries
	log.Begin(j.query, cancel)
	defer func() {
		if cause := recover(); cause != nil {
			log.Drop(j.id)
			panic(cause)
		}
	}()
	err = do(ctx)
	j.query.Waited = s.waited - waited
	s.conclude(j, err)
	if j.fleeting && err == nil && j.query.Ended.Sub(j.query.Started) < slowInner {
		log.Drop(j.id)
	} else {
		log.End(j.query)
	}
	if err == nil {
		s.took(j)
	}
	return err
}

// newQuery is the record of a statement that begins.
func (s *Session) newQuery(ctx context.Context, id int64, text, kind string) querylog.Query {
	q := querylog.Query{
		ID: id, Kind: kind, User: s.user, Database: s.database, PID: s.pid, Transaction: s.transaction, Started: time.Now().UTC(), Rows: -1,
		Origin: origin.Of(ctx),
	}
	if group := s.settings["query_group"]; group != parameterDefaults["query_group"] {
		q.Label = group
	}
	if name := s.settings["application_name"]; name != "" {
		q.Origin.Client = name
	}
	q.SetText(text)
	return q
}

// conclude fills in how a statement ended.
func (s *Session) conclude(j *job, err error) {
	q := &j.query
	q.Ended, q.Transaction, q.Status = time.Now().UTC(), s.transaction, querylog.Succeeded
	for _, n := range j.notices {
		q.AddNotice(string(n.Level), n.Message)
	}
	if err == nil {
		q.Tag, q.Rows = j.result.Tag, j.result.Rows
		return
	}
	q.Status = querylog.Failed
	if fault.CodeOf(err) == "57014" {
		q.Status = querylog.Canceled
	}
	fail(q, located(err, j.statement.Source(), "", j.id), j.statement.Source().Position)
}

// fail notes an error of a statement that begins at a place of its text.
func fail(q *querylog.Query, err error, begins fault.Position) {
	var f *fault.Fault
	message, code := err.Error(), fault.CodeOf(err)
	var inside *plpgsql.Failure
	if errors.As(err, &f) {
		at := f.Position
		message = f.At(fault.Position{}).Error()
		if at.IsValid() && !errors.As(err, &inside) {
			q.Line, q.Column = int64(at.Line-max(begins.Line, 1)+1), int64(at.Column)
			if q.Line == 1 {
				q.Column -= int64(max(begins.Column, 1) - 1)
			}
		}
	}
	if inside != nil {
		message += "\n" + strings.Join(inside.Context, "\n")
	}
	q.SetError(message, code)
}

// Reject records a text that was refused before anything of it ran: it cannot be read.
func (s *Session) Reject(ctx context.Context, text string, err error) {
	kind := ""
	if words := strings.Fields(text[:min(len(text), 40)]); len(words) > 0 {
		kind = strings.ToUpper(words[0])
	}
	s.reject(ctx, text, kind, err, fault.Position{})
}

func (s *Session) reject(ctx context.Context, text, kind string, err error, begins fault.Position) {
	q := s.newQuery(ctx, s.warehouse.queries.Number(), text, kind)
	q.Status, q.Ended = querylog.Failed, q.Started
	fail(&q, err, begins)
	s.warehouse.queries.End(q)
}

// temporarySchema is where the record has temporary tables.
const temporarySchema = "pg_temp"

// touches notes which tables a statement reads and writes.
func (s *Session) touches(j *job, reads, writes []syntax.Name) {
	j.query.Reads = s.recordNames(reads)
	switch j.statement.(type) {
	case *syntax.Lock:
	default:
		j.query.Writes = s.recordNames(writes)
	}
	if makesTemporary(j.statement) {
		j.query.Writes = []string{temporarySchema + "." + writes[0].Name}
	}
}

func (s *Session) recordNames(names []syntax.Name) []string {
	var list []string
	for _, n := range names {
		name := s.lockName(n)
		switch {
		case name == "":
			name = temporarySchema + "." + n.Name
		case n.Schema == "" && isCatalogName(n.Name):
			name = "pg_catalog." + n.Name
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// isCatalogName tells the system tables, which have names of their own.
func isCatalogName(name string) bool {
	for _, prefix := range []string{"pg_", "stl_", "stv_", "sys_", "svl_", "svv_", "svcs_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// effect is what a statement wrote, from where, once its transaction is committed.
type effect struct {
	query            querylog.Query
	sources, targets []string
}

// took notes the way that data took through a statement that ended well. Data in a temporary table is taken to be where it
// came from.
func (s *Session) took(j *job) {
	if len(j.query.Writes) == 0 && j.query.Target == "" {
		return
	}
	e := effect{query: j.query, sources: s.sourcesOf(j), targets: slices.Clone(j.query.Writes)}
	if j.query.Target != "" {
		e.targets = append(e.targets, j.query.Target)
	}
	e.targets = slices.DeleteFunc(e.targets, func(name string) bool {
		is := strings.HasPrefix(name, temporarySchema+".")
		if is {
			s.fill(name, e.sources)
		}
		return is
	})
	switch {
	case len(e.targets) == 0:
	case s.tx != nil && j.query.Target == "":
		s.tx.effects = append(s.tx.effects, e)
	default:
		s.warehouse.queries.Committed(e.query, e.sources, e.targets)
	}
}

// sourcesOf are the lasting places that the data of a statement comes from.
func (s *Session) sourcesOf(j *job) []string {
	switch j.statement.(type) {
	case *syntax.CreateTable, *syntax.Drop, *syntax.Truncate: // LIKE takes no rows
		return nil
	}
	found := map[string]bool{}
	if j.query.Source != "" {
		found[j.query.Source] = true
	}
	for _, name := range j.query.Reads {
		switch {
		case strings.HasPrefix(name, temporarySchema+"."):
			for source := range s.filled[name] {
				found[source] = true
			}
		case !strings.HasPrefix(name, "pg_catalog."):
			found[name] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// mostFilled is how many sources of one temporary table are remembered.
const mostFilled = 100

func (s *Session) fill(temporary string, sources []string) {
	if s.filled[temporary] == nil {
		s.filled[temporary] = map[string]bool{}
	}
	for _, source := range sources {
		if len(s.filled[temporary]) < mostFilled {
			s.filled[temporary][source] = true
		}
	}
}

// kindOf names what a statement does.
func kindOf(statement syntax.Statement) string {
	switch s := statement.(type) {
	case *syntax.Query:
		return "SELECT"
	case *syntax.Insert:
		return "INSERT"
	case *syntax.Update:
		return "UPDATE"
	case *syntax.Delete:
		return "DELETE"
	case *syntax.CreateTableAs, *syntax.SelectInto:
		return "CREATE TABLE AS"
	case *syntax.CreateTable:
		return "CREATE TABLE"
	case *syntax.CreateView:
		return "CREATE VIEW"
	case *syntax.CreateProcedure:
		return "CREATE PROCEDURE"
	case *syntax.CreateFunction:
		return "CREATE FUNCTION"
	case *syntax.Drop:
		return "DROP " + s.Object
	case *syntax.AlterTable:
		return "ALTER TABLE"
	case *syntax.CopyJob:
		return "COPY JOB"
	case *syntax.Begin:
		return "BEGIN"
	case *syntax.Commit:
		return "COMMIT"
	case *syntax.Rollback:
		return "ROLLBACK"
	case *syntax.Other:
		return s.Verb
	}
	if tokens := statement.Source().Tokens; len(tokens) > 0 {
		return tokens[0].Upper()
	}
	return ""
}

// isWork reports whether a statement of a procedure is more than the evaluation of an expression or a step of a cursor.
func isWork(statement syntax.Statement) bool {
	switch statement.(type) {
	case *syntax.Query:
		return slices.ContainsFunc(statement.Source().Tokens, func(t syntax.Token) bool { return t.Is("FROM") })
	case *syntax.Fetch, *syntax.CloseCursor:
		return false
	}
	return true
}

// loadedFiles notes what a COPY has read.
func (j *job) loadedFiles(outcome load.Outcome, size int64) {
	j.query.Files, j.query.Bytes, j.query.Rejected = int64(len(outcome.Files)), size, outcome.Rejected
}
