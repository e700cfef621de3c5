package duckdb

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/load"
)

// TestAppend brings a value of every encoding, and a null, into a table.
func TestAppend(t *testing.T) {
	c := connect(t)
	if _, err := c.Exec(t.Context(), `CREATE TABLE t (s VARCHAR, i SMALLINT, d DATE, m TIMESTAMP, x BLOB, n DECIMAL(5,2), rest INTEGER DEFAULT 7)`); err != nil {
		t.Fatal(err)
	}
	target := load.Target{Table: syntax.Name{Name: "t"}, Columns: []load.TargetColumn{{Name: "s"}, {Name: "i", Encoding: load.Integer},
		{Name: "d", Encoding: load.Days}, {Name: "m", Encoding: load.Micros}, {Name: "x", Encoding: load.Hex}, {Name: "n"}}}
	null := []bool{false, true}
	batch := &load.Batch{Rows: 2, Columns: []load.Vector{
		{Texts: []string{"ä'", ""}}, {Integers: []int64{-5, 0}, Null: null}, {Integers: []int64{-1, 0}, Null: null},
		{Integers: []int64{1_500_000, 0}, Null: null}, {Texts: []string{"00ff", ""}, Null: null}, {Texts: []string{"1.25", ""}, Null: null}}}
	n, err := c.Append(t.Context(), target, once(batch, nil))
	if n != 2 || err != nil {
		t.Fatalf("appended %d rows, %v", n, err)
	}
	rows, err := c.Query(t.Context(), `SELECT s, i, d::VARCHAR, m::VARCHAR, x, n, rest FROM t ORDER BY i`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, want := range []string{`[ä' -5 1969-12-31 1970-01-01 00:00:01.5 [0 255] 1.25 7]`, `[ <nil> <nil> <nil> <nil> <nil> 7]`} {
		row, err := rows.Next()
		if got := fmt.Sprint(row); got != want || err != nil {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
}

// TestAppendStops gives the source's own error back and keeps no row.
func TestAppendStops(t *testing.T) {
	c := connect(t)
	if _, err := c.Exec(t.Context(), `CREATE TABLE t (a INTEGER)`); err != nil {
		t.Fatal(err)
	}
	target := load.Target{Table: syntax.Name{Name: "t"}, Columns: []load.TargetColumn{{Name: "a", Encoding: load.Integer}}}
	broken := errors.New("the file ends early")
	batch := &load.Batch{Rows: 1, Columns: []load.Vector{{Integers: []int64{1}}}}
	if _, err := c.Append(t.Context(), target, once(batch, broken)); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	rows, err := c.Query(t.Context(), `SELECT count(*) FROM t`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if row, err := rows.Next(); err != nil || row[0] != int64(0) {
		t.Errorf("the table has %v rows, %v", row, err)
	}
}

// once gives a batch and then an error, or the end when that is nil.
func once(batch *load.Batch, then error) func() (*load.Batch, error) {
	var asked atomic.Int32
	return func() (*load.Batch, error) {
		if asked.Add(1) == 1 {
			return batch, nil
		}
		return nil, then
	}
}

func connect(t *testing.T) *conn {
	t.Helper()
	db, err := Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := db.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	return c.(*conn)
}

// TestNestedColumnsAreText keeps key order and the spelling of numbers, which the driver's own decoding loses.
func TestNestedColumnsAreText(t *testing.T) {
	rows, err := connect(t).Query(t.Context(), `SELECT '{"b": 1.0, "a": 2}'::JSON, [1, 2], {'z': 1, 'a': 'x'}, 5 AS plain WHERE $1 = 'x'`, "x")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	row, err := rows.Next()
	if got, want := fmt.Sprint(row), `[{"b": 1.0, "a": 2} [1,2] {"z":1,"a":"x"} 5]`; got != want || err != nil {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
	for i, want := range []string{"super", "super", "super", "int4"} {
		if got := rows.Columns()[i].Type; got != want {
			t.Errorf("column %d has type %s, want %s", i, got, want)
		}
	}
}
