package duckdb

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// TestDescribe prepares statements and runs none of them.
func TestDescribe(t *testing.T) {
	c := connect(t)
	if _, err := c.Exec(t.Context(), "CREATE TABLE t (a INTEGER, b DECIMAL(10,2), c VARCHAR, d TIMESTAMP)"); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ sql, parameters, columns, code string }{
		{"SELECT 1 AS a, 2 AS a", "", "a int4, a int4", ""},
		{"SELECT $1 AS p", "?", "", ""},
		{"SELECT CAST($1 AS INTEGER) + 1 AS p", "int4", "p int4", ""},
		{"SELECT a, b FROM t WHERE a = $2 AND d > $1", "timestamp, int4", "a int4, b numeric", ""},
		{"INSERT INTO t VALUES ($1, $2, $3, $4)", "int4, numeric, varchar, timestamp", "", ""},
		{"DELETE FROM t WHERE c = $3", "", "", ""}, // the driver finds no parameters behind a gap
		{"SELECT sum(a) AS s, sum(CAST(a AS BIGINT)) AS b, count(*) AS n FROM t", "", "s int8, b numeric, n int8", ""},
		{"SELECT a FROM t LIMIT $1", "int8", "a int4", ""},
		{"SELECT a FROM nope", "", "", "42P01"},
		{"SELECT nope FROM t", "", "", "42703"},
	} {
		d, err := c.Describe(t.Context(), x.sql)
		if fault.CodeOf(err) != x.code {
			t.Errorf("%s: %v", x.sql, err)
		}
		if got := described(d.Parameters); got != x.parameters {
			t.Errorf("%s: parameters %s, want %s", x.sql, got, x.parameters)
		}
		if got := described(d.Columns); got != x.columns {
			t.Errorf("%s: columns %s, want %s", x.sql, got, x.columns)
		}
	}
}

func described(columns []warehouse.Column) string {
	var parts []string
	for _, c := range columns {
		kind := c.Type
		if kind == "" {
			kind = "?"
		}
		parts = append(parts, strings.TrimSpace(c.Name+" "+kind))
	}
	return strings.Join(parts, ", ")
}
