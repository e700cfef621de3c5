package duckdb

import (
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"testing"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/load"
)

// TestAppend brings a value of every encoding, and a null, into a table, in DuckDB's own layout and through the driver's setters.
func TestAppend(t *testing.T) {
	if !direct {
		t.Fatal("the driver's chunks have another form: memory.go must learn it, or loads are slow")
	}
	t.Run("direct", appendAll)
	direct = false
	defer func() { direct = true }()
	t.Run("setters", appendAll)
}

func appendAll(t *testing.T) {
	c := connect(t)
	if _, err := c.Exec(t.Context(), `CREATE TABLE t (s VARCHAR, i SMALLINT, j INTEGER, k BIGINT, d DATE, m TIMESTAMP, z TIMESTAMPTZ, x BLOB,
		n DECIMAL(4,2), o DECIMAL(9,2), p DECIMAL(18,2), q DECIMAL(30,2), r REAL, f DOUBLE, b BOOLEAN, rest INTEGER DEFAULT 7)`); err != nil {
		t.Fatal(err)
	}
	target := load.Target{Table: syntax.Name{Name: "t"}}
	batch := &load.Batch{Rows: 2}
	for _, c := range []struct {
		definition string
		encoding   load.Encoding
		integer    int64
		text       string
	}{
		{"s varchar(80)", load.Text, 0, "a text that is longer than twelve bytes, ä'"}, {"i smallint", load.Integer, -5, ""},
		{"j int", load.Integer, -70000, ""}, {"k bigint", load.Integer, 1 << 40, ""}, {"d date", load.Days, -1, ""},
		{"m timestamp", load.Micros, 1_500_000, ""}, {"z timestamptz", load.Micros, 1_500_000, ""}, {"x varbyte", load.Hex, 0, "00ff"},
		{"n decimal(4,2)", load.Decimal, 125, ""}, {"o decimal(9,2)", load.Decimal, -125, ""}, {"p decimal(18,2)", load.Decimal, 1 << 50, ""},
		{"q decimal(30,2)", load.Text, 0, "1.25"}, {"r real", load.Float, int64(math.Float64bits(2.5)), ""},
		{"f float8", load.Float, int64(math.Float64bits(0.1)), ""}, {"b boolean", load.Boolean, 1, ""},
	} {
		column := columnOf(t, c.definition)
		target.Columns = append(target.Columns, load.TargetColumn{Name: column.Name, Type: column.Type, Encoding: c.encoding})
		v := load.Vector{Null: []bool{false, true}, Integers: []int64{c.integer, 0}}
		if c.encoding == load.Text || c.encoding == load.Hex {
			v = load.Vector{Null: v.Null, Texts: []byte(c.text), Ends: []int{len(c.text), len(c.text)}}
		}
		batch.Columns = append(batch.Columns, v)
	}
	n, err := c.Append(t.Context(), target, once(batch, nil))
	if n != 2 || err != nil {
		t.Fatalf("appended %d rows, %v", n, err)
	}
	rows, err := c.Query(t.Context(), `SELECT s, i, j, k, d::VARCHAR, m::VARCHAR, (z AT TIME ZONE 'UTC')::VARCHAR, x, n, o, p, q, r, f, b, rest FROM t ORDER BY i`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, want := range []string{`[a text that is longer than twelve bytes, ä' -5 -70000 1099511627776 1969-12-31 1970-01-01 00:00:01.5 1970-01-01 00:00:01.5 [0 255] 1.25 -1.25 11258999068426.24 1.25 2.5 0.1 true 7]`,
		`[<nil> <nil> <nil> <nil> <nil> <nil> <nil> <nil> <nil> <nil> <nil> <nil> <nil> <nil> <nil> 7]`} {
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
	batch := &load.Batch{Rows: 1, Columns: []load.Vector{{Integers: []int64{1}, Null: []bool{false}}}}
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

func columnOf(t *testing.T, definition string) syntax.Column {
	t.Helper()
	fragments, err := syntax.Split("CREATE TABLE t (" + definition + ")")
	if err != nil {
		t.Fatal(err)
	}
	statement, err := syntax.Parse(fragments[0])
	if err != nil {
		t.Fatal(err)
	}
	return statement.(*syntax.CreateTable).Columns[0]
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
	return connectTo(t, "")
}

func connectTo(t *testing.T, path string) *conn {
	t.Helper()
	db, err := Open(t.Context(), path)
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
