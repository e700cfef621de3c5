package sqlite

import (
	"context"
	"errors"
	"iter"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Definition returns a definition's text.
func (s *Store) Definition(ctx context.Context, hash string) (text string, err error) {
	found := false
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, "SELECT text FROM definition WHERE hash = ?", []any{hash}, func(stmt *sqlite.Stmt) error {
			text, found = stmt.ColumnText(0), true
			return nil
		})
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "%s has no definition %s", s.path, hash)
	}
	return text, err
}

const (
	selectFacts = `SELECT id, arn, name, state_machine_arn, state_machine_name, role_arn, region, definition,
		start_time, status, stop_time, error, cause, version_arn, alias_arn, revision, token,
		(SELECT m.arn FROM map_run m WHERE m.id = execution.map_run) AS run, child, items,
		redrive_count, redrive_time, redrive_token, `
	selectExecution = selectFacts + "input, output FROM execution"
	selectBrief     = selectFacts + "NULL AS input, NULL AS output FROM execution"
)

// Execution returns a record. Error: ExecutionDoesNotExist (NotFound).
func (s *Store) Execution(ctx context.Context, arn string) (record engine.Record, err error) {
	found := false
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, selectExecution+" WHERE arn = ?", []any{arn}, func(stmt *sqlite.Stmt) error {
			found = true
			record, err = recordIn(stmt)
			return err
		})
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "Execution Does Not Exist: '%s'", arn).WithCode("ExecutionDoesNotExist")
	}
	return record, err
}

// Executions returns records, newest first. The cursor is the row id of a page's last record.
func (s *Store) Executions(ctx context.Context, filter engine.Filter, page engine.Page) ([]engine.Record, int64, error) {
	var records []engine.Record
	var last, next int64
	err := s.read(ctx, func(conn *sqlite.Conn) error {
		chosen, err := choose(conn, filter, page)
		if err != nil {
			return err
		}
		text := selectExecution
		if page.Brief {
			text = selectBrief
		}
		text += chosen.where() + " ORDER BY id DESC"
		if page.Limit > 0 {
			text += " LIMIT ?"
			chosen.args = append(chosen.args, page.Limit+1) // one more tells whether there is a next page
		}
		return query(conn, text, chosen.args, func(stmt *sqlite.Stmt) error {
			if page.Limit > 0 && len(records) == page.Limit {
				next = last
				return nil
			}
			last = stmt.ColumnInt64(0)
			record, err := recordIn(stmt)
			records = append(records, record)
			return err
		})
	})
	return records, next, err
}

func recordIn(stmt *sqlite.Stmt) (engine.Record, error) {
	input, err := payload(stmt, "input")
	if err != nil {
		return engine.Record{}, err
	}
	output, err := payload(stmt, "output")
	if err != nil {
		return engine.Record{}, err
	}
	r := engine.Record{
		Execution: machine.Execution{
			ARN: stmt.GetText("arn"), Name: stmt.GetText("name"), RoleARN: stmt.GetText("role_arn"),
			StateMachineARN: stmt.GetText("state_machine_arn"), StateMachineName: stmt.GetText("state_machine_name"),
			StateMachineVersionARN: stmt.GetText("version_arn"), StateMachineAliasARN: stmt.GetText("alias_arn"),
			Region: stmt.GetText("region"), StartTime: time.UnixMilli(stmt.GetInt64("start_time")).UTC(), Input: input,
		},
		DefinitionHash: stmt.GetText("definition"),
		Revision:       stmt.GetText("revision"),
		Token:          stmt.GetText("token"),
		MapRunARN:      stmt.GetText("run"),
		Child:          stmt.GetInt64("child"),
		Items:          stmt.GetInt64("items"),
		Status:         machine.Status(stmt.GetText("status")),
		Output:         output,
		Error:          optional(stmt, "error"),
		Cause:          optional(stmt, "cause"),
		RedriveCount:   stmt.GetInt64("redrive_count"),
		RedriveToken:   stmt.GetText("redrive_token"),
	}
	if !stmt.IsNull("redrive_time") {
		r.RedriveTime = time.UnixMilli(stmt.GetInt64("redrive_time")).UTC()
	}
	if !stmt.IsNull("stop_time") {
		r.StopTime = time.UnixMilli(stmt.GetInt64("stop_time")).UTC()
	}
	return r, nil
}

// payload reads a JSON column; NULL is no value.
func payload(stmt *sqlite.Stmt, column string) (value.Value, error) {
	if stmt.IsNull(column) {
		return value.Value{}, nil
	}
	v, err := value.Parse(stmt.GetText(column))
	if err != nil {
		return v, fault.New(fault.Internal, "read %s of execution %s", column, stmt.GetText("arn")).Because(err)
	}
	return v, nil
}

func optional(stmt *sqlite.Stmt, column string) *string {
	if stmt.IsNull(column) {
		return nil
	}
	text := stmt.GetText(column)
	return &text
}

const (
	chunksForward = `SELECT number, first_id, last_id, events, history FROM chunk
		WHERE execution = (SELECT id FROM execution WHERE arn = ?1) AND last_id >= ?2 ORDER BY last_id, number`
	chunksBackward = `SELECT number, first_id, last_id, events, history FROM chunk
		WHERE execution = (SELECT id FROM execution WHERE arn = ?1) AND (first_id <= ?2 OR ?2 = 0) ORDER BY last_id DESC, number DESC`
)

// Chunks yields the chunks of an execution, none when there is no such execution.
func (s *Store) Chunks(ctx context.Context, arn string, from int64, reverse bool) iter.Seq2[engine.Chunk, error] {
	text := chunksForward
	if reverse {
		text = chunksBackward
	}
	return func(yield func(engine.Chunk, error) bool) {
		err := s.read(ctx, func(conn *sqlite.Conn) error {
			return query(conn, text, []any{arn, from}, func(stmt *sqlite.Stmt) error {
				chunk, err := chunkIn(stmt)
				if err == nil && !yield(chunk, nil) {
					return errEnough
				}
				return err
			})
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(engine.Chunk{}, err)
		}
	}
}

// errEnough ends a query whose reader wants no more rows.
var errEnough = errors.New("no more rows are wanted")

func chunkIn(stmt *sqlite.Stmt) (engine.Chunk, error) {
	chunk := engine.Chunk{Number: stmt.ColumnInt64(0), FirstID: stmt.ColumnInt64(1), LastID: stmt.ColumnInt64(2)}
	var err1, err2 error
	chunk.Events, err1 = chunkText(stmt, 3)
	chunk.History, err2 = chunkText(stmt, 4)
	return chunk, errors.Join(err1, err2)
}

// query runs a statement and calls row for each row.
func query(conn *sqlite.Conn, text string, args []any, row func(*sqlite.Stmt) error) error {
	return sqlitex.Execute(conn, text, &sqlitex.ExecOptions{Args: args, ResultFunc: row})
}
