package cli

import (
	"encoding/csv"
	"math"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/warehouse"
)

type answer struct {
	columns []warehouse.Column
	rows    [][]any
	tag     string
}

func columnsOfTypes(typed ...string) []warehouse.Column {
	out := []warehouse.Column{}
	for _, text := range typed {
		name, kind, _ := strings.Cut(text, ":")
		out = append(out, warehouse.Column{Name: name, Type: kind})
	}
	return out
}

func printed(t *testing.T, f func(*strings.Builder) form, answers ...answer) string {
	t.Helper()
	var out strings.Builder
	p := &printer{form: f(&out)}
	for _, a := range answers {
		if a.columns != nil {
			if err := p.Columns(a.columns); err != nil {
				t.Fatal(err)
			}
		}
		for _, row := range a.rows {
			if err := p.Row(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Done(warehouse.Result{Tag: a.tag, Columns: a.columns}); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func table(out *strings.Builder) form { return &tableRows{out: out} }

func asJSON(out *strings.Builder) form { return &jsonRows{out: out} }

func asCSV(out *strings.Builder) form { return &csvRows{out: csv.NewWriter(out)} }

func TestRows(t *testing.T) {
	odd := answer{columns: columnsOfTypes("n:int4", "n:varchar", "世界:float8", "d:numeric"), rows: [][]any{
		{int64(1), "a\x1b[31m\nb", 0.5, "1.50"},
		{nil, "世", math.NaN(), nil},
		{int64(-20), "", math.Inf(-1), "7"},
	}}
	for _, test := range []struct {
		name    string
		form    func(*strings.Builder) form
		answers []answer
		want    string
	}{
		{"no answer", table, []answer{{tag: "CREATE TABLE"}}, "CREATE TABLE\n"},
		{"no rows", table, []answer{{columns: columnsOfTypes("a:int4")}}, " a\n--\n(0 rows)\n"},
		{"no columns", table, []answer{{columns: columnsOfTypes(), rows: [][]any{{}}}}, "\n-\n\n(1 row)\n"},
		{"odd", table, []answer{odd}, ` n   | n            | 世界      | d
-----+--------------+-----------+-----
   1 | a\x1b[31m\nb |       0.5 | 1.50
     | 世           |       NaN |
 -20 |              | -Infinity |    7
(3 rows)
`},
		{"two answers", table, []answer{{columns: columnsOfTypes("abc:int4"), rows: [][]any{{int64(1)}}}, {tag: "SET"}, {columns: columnsOfTypes("b:varchar"), rows: [][]any{{"x"}}}},
			" abc\n----\n   1\n(1 row)\nSET\n b\n--\n x\n(1 row)\n"},
		{"escape in a header", table, []answer{{columns: columnsOfTypes("\x1b[2J:int4")}}, " \\x1b[2J\n--------\n(0 rows)\n"},
		{"no answer", asJSON, []answer{{tag: "SET"}}, ""},
		{"odd", asJSON, []answer{odd}, `{"n":1,"n_2":"a\u001b[31m\nb","世界":0.5,"d":1.50}
{"n":null,"n_2":"世","世界":"NaN","d":null}
{"n":-20,"n_2":"","世界":"-Infinity","d":7}
`},
		{"names", asJSON, []answer{{columns: columnsOfTypes("a:int4", "a_2:int4", "a:bool"), rows: [][]any{{int64(1), int64(2), true}}}}, `{"a":1,"a_2":2,"a_3":true}` + "\n"},
		{"digits in text", asJSON, []answer{{columns: columnsOfTypes("a:varchar", "b:float4"), rows: [][]any{{"007", float64(float32(0.1))}}}}, `{"a":"007","b":0.1}` + "\n"},
		{"no columns", asJSON, []answer{{columns: columnsOfTypes(), rows: [][]any{{}}}}, "{}\n"},
		{"odd", asCSV, []answer{odd}, "n,n,世界,d\n1,\"a\x1b[31m\nb\",0.5,1.50\n,世,NaN,\n-20,,-Infinity,7\n"},
		{"no answer", asCSV, []answer{{tag: "SET"}}, ""},
	} {
		if got := printed(t, test.form, test.answers...); got != test.want {
			t.Errorf("%s: got\n%swant\n%s", test.name, got, test.want)
		}
	}
}

// A large answer streams: the widths are those of the first rows, and later cells may be wider.
func TestLargeAnswer(t *testing.T) {
	a := answer{columns: columnsOfTypes("a:varchar", "b:int4")}
	for i := range heldRows + 1 {
		a.rows = append(a.rows, []any{strings.Repeat("x", 1+i/heldRows*3), int64(i)})
	}
	lines := strings.Split(printed(t, table, a), "\n")
	if len(lines) != heldRows+5 || lines[0] != " a | b" || lines[heldRows+2] != " xxxx | 500" || lines[heldRows+3] != "(501 rows)" {
		t.Errorf("%d lines, %q, %q", len(lines), lines[0], lines[heldRows:])
	}
}

func TestNotice(t *testing.T) {
	var out strings.Builder
	(&printer{streams: Streams{Err: &out}}).Notice(warehouse.Notice{Level: "INFO", Message: "one\n\ttwo\x1b[2J"})
	if out.String() != "INFO:  one\n\ttwo\\x1b[2J\n" {
		t.Errorf("%q", out.String())
	}
}
