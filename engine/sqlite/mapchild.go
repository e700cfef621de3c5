package sqlite

import (
	"context"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
)

// insertChild keeps what became of a child of the type EXPRESS.
func insertChild(conn *sqlite.Conn, r *engine.Record) error {
	stmt, err := conn.Prepare(`INSERT INTO map_child (map_run, child, items, arn, name, input, start_time, stop_time, status, output, error, cause)
		VALUES ((SELECT id FROM map_run WHERE arn = $map_run), $child, $items, $arn, $name, $input, $start_time, $stop_time, $status, $output, $error, $cause)`)
	if err != nil {
		return err
	}
	stmt.SetText("$map_run", r.MapRunARN)
	stmt.SetInt64("$child", r.Child)
	stmt.SetInt64("$items", r.Items)
	stmt.SetText("$name", r.Name)
	stmt.SetText("$input", r.Input.Text())
	stmt.SetInt64("$start_time", r.StartTime.UnixMilli())
	bindEnd(stmt, r)
	return run(stmt)
}

// ForgetChildren removes the children of the type EXPRESS that did not succeed.
func (s *Store) ForgetChildren(_ context.Context, run string) error {
	return s.write(func(conn *sqlite.Conn) error {
		return sqlitex.Execute(conn, "DELETE FROM map_child WHERE map_run = (SELECT id FROM map_run WHERE arn = ?) AND status <> 'SUCCEEDED'",
			&sqlitex.ExecOptions{Args: []any{run}})
	})
}

// ended returns children of the type EXPRESS in the order of their numbers.
func (s *Store) ended(ctx context.Context, run string, after int64, limit int) (children []engine.Record, err error) {
	const text = `SELECT c.child, c.items, c.arn, c.name, c.input, c.start_time, c.stop_time, c.status, c.output, c.error, c.cause, r.state_machine_arn
		FROM map_child c JOIN map_run r ON r.id = c.map_run WHERE r.arn = ? AND c.child > ? ORDER BY c.child LIMIT ?`
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, text, []any{run, after, limit}, func(stmt *sqlite.Stmt) error {
			child, err := childIn(stmt)
			child.MapRunARN = run
			children = append(children, child)
			return err
		})
	})
	return children, err
}

func childIn(stmt *sqlite.Stmt) (engine.Record, error) {
	input, err := payload(stmt, "input")
	if err != nil {
		return engine.Record{}, err
	}
	output, err := payload(stmt, "output")
	return engine.Record{
		Execution: machine.Execution{
			ARN: stmt.GetText("arn"), Name: stmt.GetText("name"), StateMachineARN: stmt.GetText("state_machine_arn"),
			StartTime: time.UnixMilli(stmt.GetInt64("start_time")).UTC(), Input: input,
		},
		Child: stmt.GetInt64("child"), Items: stmt.GetInt64("items"), Status: machine.Status(stmt.GetText("status")),
		StopTime: time.UnixMilli(stmt.GetInt64("stop_time")).UTC(), Output: output, Error: optional(stmt, "error"), Cause: optional(stmt, "cause"),
	}, err
}
