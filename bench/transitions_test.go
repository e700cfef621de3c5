// Package bench measures Stepwell against limits that are measured in the same run, so that results of different machines
// can be compared by their ratios.
package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	sqlitedb "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/value"
)

const (
	states    = 10 // in the chain
	chainARN  = "arn:aws:states:us-east-1:111111111111:stateMachine:chain"
	chainRole = "arn:aws:iam::111111111111:role/bench"
)

// echo is the cheapest task there can be.
type echo struct{}

func (echo) Run(_ context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	return task.Parameters, nil
}

func (echo) Refuse(machine.ScheduleTask) (string, bool) { return "", false }

// chain is a definition of states of one kind in a row.
func chain(fields string) string {
	var text strings.Builder
	text.WriteString(`{"StartAt":"S1","States":{`)
	for i := 1; i < states; i++ {
		fmt.Fprintf(&text, `"S%d":{%s,"Next":"S%d"},`, i, fields, i+1)
	}
	fmt.Fprintf(&text, `"S%d":{%s,"End":true}}}`, states, fields)
	return text.String()
}

// BenchmarkTransitions runs executions of a chain of 10 Pass states: what the interpreter, the encoding and a commit cost,
// for each execution takes one commit.
func BenchmarkTransitions(b *testing.B) {
	measure(b, chain(`"Type":"Pass"`))
}

// BenchmarkTasks runs executions of a chain of 10 tasks that do nothing, which is what the peers in README.md were measured
// with: each execution takes eleven commits, one after the other.
func BenchmarkTasks(b *testing.B) {
	measure(b, chain(`"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:listBuckets"`))
}

// measure runs executions from a number of callers, each of which starts one, waits for its end and starts the next. Every
// execution is durable, by fsync, before its caller hears of it.
//
// The limits write the same events and histories without an interpreter and without compression: "append" to a file,
// "insert" to a table of one column. They use one fsync or transaction for one execution of every caller.
func measure(b *testing.B, definition string) {
	payload := writtenBy(b, definition)
	for _, callers := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			dir := b.TempDir()
			run, stop := engineRunner(b, filepath.Join(dir, "engine"), definition)
			defer stop()
			b.ResetTimer()
			began := time.Now()
			fanOut(callers, b.N, run)
			rate := float64(b.N) / time.Since(began).Seconds()
			b.StopTimer()
			b.ReportMetric(rate, "executions/s")
			b.ReportMetric(rate*states, "transitions/s")
			rounds := max(20, min(2000, b.N/callers))
			b.ReportMetric(rate/appendRate(b, dir, payload, callers, rounds), "of-append")
			b.ReportMetric(rate/insertRate(b, dir, payload, callers, rounds), "of-insert")
		})
	}
}

// fanOut calls f n times from a number of goroutines.
func fanOut(callers, n int, f func()) {
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			for range share(i, callers, n) {
				f()
			}
		})
	}
	group.Wait()
}

// share is how many of n things the i-th of several callers does.
func share(i, callers, n int) int { return (n + callers - 1 - i) / callers }

func engineRunner(b *testing.B, dir, definition string) (run, stop func()) {
	store, err := sqlite.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	e := engine.Open(store, echo{}, engine.Options{})
	request := engine.StartRequest{StateMachineARN: chainARN, Definition: definition, Input: `{"run":"2024-01-31","size":100}`, RoleARN: chainRole}
	run = func() {
		record, err := e.Start(b.Context(), request)
		if err == nil && record.Status == machine.RunningStatus {
			_, err = e.Wait(b.Context(), record.ARN)
		}
		if err != nil {
			b.Error(err)
		}
	}
	return run, func() { e.Close(); store.Close() }
}

// writtenBy returns the events and the history of one execution.
func writtenBy(b *testing.B, definition string) []byte {
	dir := b.TempDir()
	run, stop := engineRunner(b, dir, definition)
	run()
	stop()
	store, err := sqlite.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	records, _, err := store.Executions(b.Context(), engine.Filter{}, engine.Page{})
	if err != nil {
		b.Fatal(err)
	}
	var bytes []byte
	for chunk, err := range store.Chunks(b.Context(), records[0].ARN, 0, false) {
		if err != nil {
			b.Fatal(err)
		}
		bytes = append(append(bytes, chunk.Events...), chunk.History...)
	}
	return bytes
}

// appendRate is how many executions' bytes per second a file takes, with one fsync for those of all callers.
func appendRate(b *testing.B, dir string, payload []byte, callers, rounds int) float64 {
	file, err := os.Create(filepath.Join(dir, "append"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	began := time.Now()
	for range rounds {
		for range callers {
			if _, err := file.Write(payload); err != nil {
				b.Fatal(err)
			}
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return float64(callers*rounds) / time.Since(began).Seconds()
}

// insertRate is the same for a SQLite table in the engine's settings, with one transaction for all callers.
func insertRate(b *testing.B, dir string, payload []byte, callers, rounds int) float64 {
	conn, err := sqlitedb.OpenConn(filepath.Join(dir, "insert.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	for _, text := range []string{"PRAGMA synchronous = FULL", "CREATE TABLE t (body TEXT NOT NULL)"} {
		if err := sqlitex.ExecuteTransient(conn, text, nil); err != nil {
			b.Fatal(err)
		}
	}
	body := string(payload)
	began := time.Now()
	for range rounds {
		if err := insert(conn, body, callers); err != nil {
			b.Fatal(err)
		}
	}
	return float64(callers*rounds) / time.Since(began).Seconds()
}

func insert(conn *sqlitedb.Conn, body string, rows int) (err error) {
	end, err := sqlitex.ImmediateTransaction(conn)
	if err != nil {
		return err
	}
	defer end(&err)
	for range rows {
		if err := sqlitex.Execute(conn, "INSERT INTO t VALUES (?)", &sqlitex.ExecOptions{Args: []any{body}}); err != nil {
			return err
		}
	}
	return nil
}
