package sqlite

import (
	"context"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
)

// PutMapRun writes a map run, over the one that has its ARN.
func (s *Store) PutMapRun(_ context.Context, r engine.MapRun) error {
	return s.write(func(conn *sqlite.Conn) error {
		stmt, err := conn.Prepare(`INSERT INTO map_run (arn, execution, state_machine_arn, status, start_time, stop_time, max_concurrency,
				tolerated_count, tolerated_percentage, redrive_count, redrive_time)
			VALUES ($arn, $execution, $state_machine_arn, $status, $start_time, $stop_time, $max_concurrency, $tolerated_count, $tolerated_percentage,
				$redrive_count, $redrive_time)
			ON CONFLICT (arn) DO UPDATE SET status = excluded.status, stop_time = excluded.stop_time, max_concurrency = excluded.max_concurrency,
				tolerated_count = excluded.tolerated_count, tolerated_percentage = excluded.tolerated_percentage,
				redrive_count = excluded.redrive_count, redrive_time = excluded.redrive_time`)
		if err != nil {
			return err
		}
		stmt.SetText("$arn", r.ARN)
		stmt.SetText("$execution", r.ExecutionARN)
		stmt.SetText("$state_machine_arn", r.StateMachineARN)
		stmt.SetText("$status", string(r.Status))
		stmt.SetInt64("$start_time", r.StartTime.UnixMilli())
		stmt.SetInt64("$max_concurrency", r.MaxConcurrency)
		for _, name := range []string{"$stop_time", "$tolerated_count", "$tolerated_percentage", "$redrive_time"} {
			stmt.SetNull(name)
		}
		stmt.SetInt64("$redrive_count", r.RedriveCount)
		if !r.RedriveTime.IsZero() {
			stmt.SetInt64("$redrive_time", r.RedriveTime.UnixMilli())
		}
		if !r.StopTime.IsZero() {
			stmt.SetInt64("$stop_time", r.StopTime.UnixMilli())
		}
		if r.ToleratedFailureCount != nil {
			stmt.SetInt64("$tolerated_count", *r.ToleratedFailureCount)
		}
		if r.ToleratedFailurePercentage != nil {
			stmt.SetFloat("$tolerated_percentage", *r.ToleratedFailurePercentage)
		}
		return run(stmt)
	})
}

const selectMapRun = `SELECT arn, execution, state_machine_arn, status, start_time, stop_time, max_concurrency, tolerated_count,
	tolerated_percentage, redrive_count, redrive_time FROM map_run`

// MapRun returns a map run. Error: ResourceNotFound (NotFound).
func (s *Store) MapRun(ctx context.Context, arn string) (engine.MapRun, error) {
	runs, err := s.mapRuns(ctx, selectMapRun+" WHERE arn = ?", arn)
	if err != nil {
		return engine.MapRun{}, err
	}
	if len(runs) == 0 {
		return engine.MapRun{}, fault.New(fault.NotFound, "Resource not found: '%s'", arn).WithCode("ResourceNotFound")
	}
	return runs[0], nil
}

// MapRuns returns the map runs of an execution, newest first.
func (s *Store) MapRuns(ctx context.Context, execution string) ([]engine.MapRun, error) {
	return s.mapRuns(ctx, selectMapRun+" WHERE execution = ? ORDER BY id DESC", execution)
}

func (s *Store) mapRuns(ctx context.Context, text, arg string) (runs []engine.MapRun, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, text, []any{arg}, func(stmt *sqlite.Stmt) error {
			runs = append(runs, mapRunIn(stmt))
			return nil
		})
	})
	return runs, err
}

func mapRunIn(stmt *sqlite.Stmt) engine.MapRun {
	r := engine.MapRun{
		ARN: stmt.GetText("arn"), ExecutionARN: stmt.GetText("execution"), StateMachineARN: stmt.GetText("state_machine_arn"),
		Status: machine.Status(stmt.GetText("status")), StartTime: time.UnixMilli(stmt.GetInt64("start_time")).UTC(),
	}
	r.MaxConcurrency, r.RedriveCount = stmt.GetInt64("max_concurrency"), stmt.GetInt64("redrive_count")
	if !stmt.IsNull("redrive_time") {
		r.RedriveTime = time.UnixMilli(stmt.GetInt64("redrive_time")).UTC()
	}
	if !stmt.IsNull("stop_time") {
		r.StopTime = time.UnixMilli(stmt.GetInt64("stop_time")).UTC()
	}
	if !stmt.IsNull("tolerated_count") {
		count := stmt.GetInt64("tolerated_count")
		r.ToleratedFailureCount = &count
	}
	if !stmt.IsNull("tolerated_percentage") {
		percentage := stmt.GetFloat("tolerated_percentage")
		r.ToleratedFailurePercentage = &percentage
	}
	return r
}

// MapCounts counts the children of a map run and their items by status, and what a redrive can do about those that did not succeed.
func (s *Store) MapCounts(ctx context.Context, arn, redrive string, before time.Time) (engine.MapCounts, error) {
	counts := engine.MapCounts{Executions: map[machine.Status]int64{}, Items: map[machine.Status]int64{}}
	const of = " WHERE map_run = (SELECT id FROM map_run WHERE arn = ?) "
	err := s.read(ctx, func(conn *sqlite.Conn) error {
		for _, table := range []string{"execution", "map_child"} {
			text := "SELECT status, count(*), sum(items) FROM " + table + of + "GROUP BY status"
			err := query(conn, text, []any{arn}, func(stmt *sqlite.Stmt) error {
				status := machine.Status(stmt.ColumnText(0))
				counts.Executions[status] += stmt.ColumnInt64(1)
				counts.Items[status] += stmt.ColumnInt64(2)
				return nil
			})
			if err != nil {
				return err
			}
		}
		text := "SELECT stop_time < ?, count(*), sum(items) FROM execution" + of +
			"AND status IN ('FAILED', 'TIMED_OUT', 'ABORTED') AND (stop_time < ? OR redrive_token <> ?) GROUP BY 1"
		limit := before.UnixMilli()
		return query(conn, text, []any{limit, arn, limit, redrive}, func(stmt *sqlite.Stmt) error {
			count := &counts.PendingRedrive
			if stmt.ColumnBool(0) {
				count = &counts.NotRedrivable
			}
			*count = engine.MapCount{Executions: stmt.ColumnInt64(1), Items: stmt.ColumnInt64(2)}
			return nil
		})
	})
	return counts, err
}

// Children returns children of a map run in the order of their numbers. All are of one type, so they are in one of two tables.
func (s *Store) Children(ctx context.Context, arn string, after int64, limit int) (children []engine.Record, err error) {
	text := selectExecution + " WHERE map_run = (SELECT id FROM map_run WHERE arn = ?) AND child > ? ORDER BY child LIMIT ?"
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, text, []any{arn, after, limit}, func(stmt *sqlite.Stmt) error {
			child, err := recordIn(stmt)
			children = append(children, child)
			return err
		})
	})
	if err != nil || len(children) > 0 {
		return children, err
	}
	return s.ended(ctx, arn, after, limit)
}
