package sqlite

import (
	"context"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
)

// Failures returns the last executions that failed or timed out. The texts are those of the index execution_failed.
func (s *Store) Failures(ctx context.Context, since time.Time, limit int) (records []engine.Record, err error) {
	const text = selectBrief + ` INDEXED BY execution_failed WHERE status IN ('FAILED', 'TIMED_OUT') AND map_run IS NULL AND stop_time >= ?
		ORDER BY stop_time DESC LIMIT ?`
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, text, []any{since.UnixMilli(), limit}, func(stmt *sqlite.Stmt) error {
			record, err := recordIn(stmt)
			records = append(records, record)
			return err
		})
	})
	return records, err
}

const day = 24 * time.Hour

// Tallies reads the counts that commits keep.
func (s *Store) Tallies(ctx context.Context, since time.Time) (tallies []engine.Tally, err error) {
	const text = `SELECT day, state_machine_arn, status, number FROM execution_count WHERE (day = 0 OR day >= ?) AND number > 0`
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, text, []any{since.UnixMilli() / day.Milliseconds()}, func(stmt *sqlite.Stmt) error {
			t := engine.Tally{StateMachineARN: stmt.ColumnText(1), Status: machine.Status(stmt.ColumnText(2)), Number: stmt.ColumnInt64(3)}
			if on := stmt.ColumnInt64(0); on > 0 {
				t.Day = time.UnixMilli(on * day.Milliseconds()).UTC()
			}
			tallies = append(tallies, t)
			return nil
		})
	})
	return tallies, err
}

// counts are how the numbers of execution_count change by a commit, which writes each of them once.
type counts map[countKey]int64

type countKey struct {
	day             int64
	machine, status string
}

// add counts an execution as it is, or not any more. Children of map runs are not counted.
func (c counts) add(r *engine.Record, n int64) {
	if r.MapRunARN != "" {
		return
	}
	key := countKey{machine: r.StateMachineARN, status: string(r.Status)}
	if !r.StopTime.IsZero() {
		key.day = r.StopTime.UnixMilli() / day.Milliseconds()
	}
	c[key] += n
}

// change counts an execution as it will be instead of as it is. One that was never redriven ran until now.
func (c counts) change(conn *sqlite.Conn, r *engine.Record) error {
	was := engine.Record{Execution: r.Execution, MapRunARN: r.MapRunARN, Status: machine.RunningStatus}
	if r.RedriveCount > 0 {
		err := query(conn, "SELECT status, stop_time FROM execution WHERE arn = ?", []any{r.ARN}, func(stmt *sqlite.Stmt) error {
			if was.Status = machine.Status(stmt.ColumnText(0)); !stmt.ColumnIsNull(1) {
				was.StopTime = time.UnixMilli(stmt.ColumnInt64(1))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	c.add(&was, -1)
	c.add(r, 1)
	return nil
}

func (c counts) write(conn *sqlite.Conn) error {
	for key, n := range c {
		if n == 0 {
			continue
		}
		stmt, err := conn.Prepare(`INSERT INTO execution_count (day, state_machine_arn, status, number) VALUES ($day, $machine, $status, $number)
			ON CONFLICT DO UPDATE SET number = number + excluded.number`)
		if err != nil {
			return err
		}
		stmt.SetInt64("$day", key.day)
		stmt.SetText("$machine", key.machine)
		stmt.SetText("$status", key.status)
		stmt.SetInt64("$number", n)
		if err := run(stmt); err != nil {
			return err
		}
	}
	return nil
}
