// Command script measures what running a script of many small statements costs: the same 10,000 inserts, updates and queries
// through DuckDB's driver, through a session of the warehouse, through an RSQL script on it, and, where PGHOST says so,
// through psql on a PostgreSQL server.
//
//	go run ./bench/script -rounds 3
package main

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/embedded"
	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/shell"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

func main() {
	rounds := flag.Int("rounds", 3, "how often each way is measured")
	count := flag.Int("statements", 10_000, "how many statements the script has")
	flag.Parse()
	if err := run(*rounds, *count); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// way is one way of running the statements on a fresh database in a folder.
type way struct {
	name string
	run  func(ctx context.Context, folder string, statements []string) (time.Duration, error)
}

func run(rounds, count int) error {
	ways := []way{{"DuckDB directly", direct}, {"a session of the warehouse", session}, {"an RSQL script", script}}
	if os.Getenv("PGHOST") != "" {
		ways = append(ways, way{"psql on PostgreSQL", psql})
	}
	statements := small(count)
	took := make([][]time.Duration, len(ways))
	for range rounds {
		for i, w := range ways {
			folder, err := os.MkdirTemp("", "script")
			if err != nil {
				return err
			}
			d, err := w.run(context.Background(), folder, statements)
			if err := os.RemoveAll(folder); err != nil {
				return err
			}
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			took[i] = append(took[i], d)
		}
	}
	for i, w := range ways {
		slices.Sort(took[i])
		middle := took[i][len(took[i])/2]
		fmt.Printf("%-28s %8.0f ms  %6.1f µs a statement  %.2f\n", w.name, middle.Seconds()*1e3, middle.Seconds()*1e6/float64(count),
			middle.Seconds()/took[0][len(took[0])/2].Seconds())
	}
	return nil
}

const setup = "create table account (id integer, owner varchar(20), balance numeric(12,2))"

// small returns statements of three kinds in turns.
func small(count int) []string {
	out := []string{setup}
	for i := 1; len(out) < count; i++ {
		switch i % 3 {
		case 0:
			out = append(out, fmt.Sprintf("update account set balance = balance + 1.50 where id = %d", i-2))
		case 1:
			out = append(out, fmt.Sprintf("insert into account values (%d, 'owner %d', %d.25)", i, i, i%1000))
		case 2:
			out = append(out, fmt.Sprintf("select id, owner, balance from account where id = %d", i-1))
		}
	}
	return out
}

func direct(ctx context.Context, folder string, statements []string) (time.Duration, error) {
	db, err := sql.Open("duckdb", filepath.Join(folder, "direct.duckdb"))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	for _, s := range statements {
		if err := one(ctx, conn, s); err != nil {
			return 0, err
		}
	}
	return time.Since(start), conn.Close()
}

func one(ctx context.Context, conn *sql.Conn, statement string) error {
	if !strings.HasPrefix(statement, "select") {
		_, err := conn.ExecContext(ctx, statement)
		return err
	}
	rows, err := conn.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	var id int
	var owner, balance any
	for rows.Next() {
		if err := rows.Scan(&id, &owner, &balance); err != nil {
			return err
		}
		fmt.Fprintln(io.Discard, id, owner, balance)
	}
	return rows.Err()
}

func open(ctx context.Context, folder string) (*warehouse.Warehouse, error) {
	database, err := duckdb.Open(ctx, filepath.Join(folder, "warehouse.duckdb"))
	if err != nil {
		return nil, err
	}
	return warehouse.Open(ctx, database, warehouse.Options{})
}

func session(ctx context.Context, folder string, statements []string) (time.Duration, error) {
	w, err := open(ctx, folder)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	s, err := w.Session(ctx, warehouse.SessionConfig{})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	start := time.Now()
	for _, text := range statements {
		if err := s.Run(ctx, text, warehouse.Run{}, &warehouse.Collector{}); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

func script(ctx context.Context, folder string, statements []string) (time.Duration, error) {
	w, err := open(ctx, folder)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	s, err := embedded.Open(ctx, w, warehouse.SessionConfig{})
	if err != nil {
		return 0, err
	}
	var errs bytes.Buffer
	start := time.Now()
	status, err := rsql.Run(rsql.Options{
		Dialect: rsql.RSQL, Session: s, In: strings.NewReader(text(statements)), Out: io.Discard, Err: &errs, Format: report.Default(),
		Host: &shell.Host{Context: ctx},
	})
	took := time.Since(start)
	if status != 0 || errs.Len() > 0 {
		return 0, fmt.Errorf("status %d: %s: %w", status, errs.String(), err)
	}
	return took, nil
}

func text(statements []string) string { return strings.Join(statements, ";\n") + ";\n" }

func psql(ctx context.Context, _ string, statements []string) (time.Duration, error) {
	c := exec.CommandContext(ctx, "psql", "-X", "-v", "ON_ERROR_STOP=1")
	c.Stdin = strings.NewReader("drop table if exists account;\n" + text(statements) + "drop table account;\n")
	var errs bytes.Buffer
	c.Stderr = &errs
	start := time.Now()
	if err := c.Run(); err != nil {
		return 0, fmt.Errorf("%w: %s", err, errs.String())
	}
	return time.Since(start), nil
}
