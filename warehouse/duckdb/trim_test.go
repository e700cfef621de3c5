package duckdb

import (
	"fmt"
	"path/filepath"
	"testing"
)

// TestTrim lets DuckDB give back the blocks of a table that it has written, and leaves its limit as it was.
func TestTrim(t *testing.T) {
	c := connectTo(t, filepath.Join(t.TempDir(), "w.duckdb"))
	const limit = 16 << 20
	if _, err := c.Exec(t.Context(), "CREATE TABLE t AS SELECT hash(i) AS a, hash(i + 1) AS b FROM range(4000000) AS r(i)"); err != nil {
		t.Fatal(err)
	}
	held := func() (bytes int64, most string) {
		rows, err := c.Query(t.Context(), "SELECT sum(memory_usage_bytes)::BIGINT, current_setting('memory_limit') FROM duckdb_memory()")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		row, err := rows.Next()
		if err != nil {
			t.Fatal(err)
		}
		return row[0].(int64), fmt.Sprint(row[1])
	}
	before, most := held()
	if before <= limit {
		t.Fatalf("the table takes %d bytes, which is nothing to give back", before)
	}
	(&trimmer{pool: c.trimmer.pool, kept: limit}).trim()
	if after, now := held(); after > limit || now != most {
		t.Errorf("holds %d of %d bytes; the limit is %s, it was %s", after, before, now, most)
	}
}
