package pgwire

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// port serves an empty warehouse on a loopback address until the test ends and returns the address.
func port(t *testing.T, o Options) string {
	t.Helper()
	return portOver(t, o, warehouse.Options{})
}

func portOver(t *testing.T, o Options, over warehouse.Options) string {
	t.Helper()
	o.Warehouse = duckdbtest.Open(t, over)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, o) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// client connects with pgx.
func client(t *testing.T, address string, adjust ...func(*pgx.ConnConfig)) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig("postgres://etl:secret@" + address + "/dev?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range adjust {
		f(config)
	}
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, c *pgx.Conn, sql string, args ...any) string {
	t.Helper()
	tag, err := c.Exec(t.Context(), sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return tag.String()
}

// rows returns an answer as one line a row.
func rows(t *testing.T, c *pgx.Conn, sql string, args ...any) string {
	t.Helper()
	answer, err := c.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer answer.Close()
	var lines []string
	for answer.Next() {
		values, err := answer.Values()
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		lines = append(lines, strings.Trim(fmt.Sprint(values), "[]"))
	}
	if err := answer.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return strings.Join(lines, "\n")
}

// Every way in which pgx can ask gives the same answer.
func TestModesOfAsking(t *testing.T) {
	address := port(t, Options{})
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec} {
		c := client(t, address, func(c *pgx.ConnConfig) { c.DefaultQueryExecMode = mode })
		execute(t, c, "create table t (id integer, name varchar(20), price decimal(10,2), at timestamp)")
		if tag := execute(t, c, "insert into t values ($1, $2, $3, '2026-01-02 03:04:05'), (2, null, -0.5, null)", 1, `it's \ "x"`, "12.50"); tag != "INSERT 0 2" {
			t.Errorf("%v: tag %s", mode, tag)
		}
		var id int
		var name, price, at string
		err := c.QueryRow(t.Context(), "select id, name, price::varchar, at::varchar from t where id = $1 and name = $2", 1, `it's \ "x"`).Scan(&id, &name, &price, &at)
		if err != nil || id != 1 || name != `it's \ "x"` || price != "12.50" || at != "2026-01-02 03:04:05" {
			t.Errorf("%v: got %d %q %s %s, %v", mode, id, name, price, at, err)
		}
		if got := rows(t, c, "select count(*), sum(id) from t where price < $1", 100.5); got != "2 3" {
			t.Errorf("%v: %s", mode, got)
		}
		execute(t, c, "drop table t")
	}
}
