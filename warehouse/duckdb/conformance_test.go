package duckdb_test

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

// outcome is what a text of statements answered: the last answer that has columns, or the error.
type outcome struct {
	columns []string
	rows    [][]*string
	changed int64
	notices [][2]string
	err     error
}

func run(ctx context.Context, s *warehouse.Session, text string) outcome {
	var c warehouse.Collector
	o := outcome{err: s.Run(ctx, text, warehouse.Run{}, &c)}
	for _, a := range append(c.Answers, c.Unfinished) {
		for _, n := range a.Notices {
			o.notices = append(o.notices, [2]string{string(n.Level), n.Message})
		}
		if a.Columns == nil {
			o.changed = max(o.changed, a.Rows)
			continue
		}
		o.columns, o.rows = nil, nil
		for _, column := range a.Columns {
			o.columns = append(o.columns, column.Name)
		}
		for _, row := range a.Values {
			o.rows = append(o.rows, texts(a.Columns, row))
		}
	}
	return o
}

func texts(columns []warehouse.Column, row []any) []*string {
	out := make([]*string, len(row))
	for i, v := range row {
		if text, ok := warehouse.Text(columns[i], v); ok {
			out[i] = &text
		}
	}
	return out
}

func inSession(t *testing.T, w *warehouse.Warehouse, use func(*warehouse.Session)) {
	t.Helper()
	s, err := w.Session(t.Context(), warehouse.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	use(s)
}

// TestSemantics runs the statements of semantics.tsv, whose expectations are short notes more than exact texts.
func TestConformanceSemantics(t *testing.T) {
	tally := conformance.NewTally(t, "redshift/semantics", filepath.Join("testdata", "semantics_misses.txt"))
	w := open(t, "")
	defer w.Close()
	for _, line := range lines(t, "semantics.tsv") {
		name, rest, _ := strings.Cut(line, "\t")
		sql, want, _ := strings.Cut(rest, "\t")
		inSession(t, w, func(s *warehouse.Session) {
			if why := semanticsDiffer(want, run(t.Context(), s, sql)); why != "" {
				tally.Record(name, sql, []string{why})
			} else {
				tally.Record(name, sql, nil)
			}
		})
	}
	tally.Close(t)
}

// TestConformanceDocumented runs the examples of the developer guide and compares with what the guide prints. Cases that only
// make, fill and read tables share a warehouse, where each drops its tables.
func TestConformanceDocumented(t *testing.T) {
	tally := conformance.NewTally(t, "redshift/documented", filepath.Join("testdata", "documented_misses.txt"))
	shared := open(t, "")
	defer shared.Close()
	for _, c := range cases(t, "dev.jsonl", "holdout.jsonl") {
		if text(c, "confidence") == "low" {
			continue
		}
		j := judgement{fail, "spatial functions are not supported"}
		if text(c, "topic") != "spatial" {
			j = runDocumented(t, shared, c)
		}
		if j.verdict == pass {
			tally.Record(text(c, "id"), "", nil)
		} else {
			tally.Record(text(c, "id"), j.verdict.String(), []string{j.why})
		}
	}
	tally.Close(t)
}

func runDocumented(t *testing.T, shared *warehouse.Warehouse, c value.Value) (j judgement) {
	t.Helper()
	made, alone := tablesOf(c)
	w := shared
	if alone {
		w = open(t, "")
		defer w.Close()
	}
	inSession(t, w, func(s *warehouse.Session) { j = judge(c, runCase(t, s, c)) })
	if !alone && len(made) > 0 {
		if _, err := answers(t.Context(), w, "drop table if exists "+strings.Join(made, ", ")+" cascade"); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

func runCase(t *testing.T, s *warehouse.Session, c value.Value) outcome {
	setup, _ := c.Get("setup")
	for _, statement := range setup.Items() {
		run(t.Context(), s, statement.Str())
	}
	return run(t.Context(), s, text(c, "sql"))
}

// tablesOf are the tables that a case makes. It must be alone in its warehouse if it does more than to make, fill and read them.
func tablesOf(c value.Value) (made []string, alone bool) {
	setup, _ := c.Get("setup")
	texts := []string{text(c, "sql")}
	for _, statement := range setup.Items() {
		texts = append(texts, statement.Str())
	}
	for _, sql := range texts {
		switch s := only(sql).(type) {
		case *syntax.Query, *syntax.Insert:
		case *syntax.CreateTable:
			made = append(made, `"`+s.Name.Name+`"`)
			alone = alone || s.Name.Schema != ""
		default:
			alone = true
		}
	}
	return made, alone
}

// only is a text's statement, nil if it has none or more than one or a part that does not parse.
func only(text string) syntax.Statement {
	fragments, err := syntax.Split(text)
	if err != nil || len(fragments) != 1 {
		return nil
	}
	statement, err := syntax.Parse(fragments[0])
	if err != nil {
		return nil
	}
	return statement
}

// TestParse counts the statements of the guide that parse here and whose translation the backend's parser takes.
func TestConformanceParse(t *testing.T) {
	tally := conformance.NewTally(t, "redshift/parse", filepath.Join("testdata", "parse_misses.txt"))
	db, err := duckdb.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, c := range cases(t, "parse_only_dev.jsonl", "parse_only_holdout.jsonl") {
		if err := parses(t.Context(), conn, text(c, "sql")); err != nil {
			tally.Record(text(c, "id"), "", []string{err.Error()})
		} else {
			tally.Record(text(c, "id"), "", nil)
		}
	}
	tally.Close(t)
}

func parses(ctx context.Context, conn warehouse.Conn, script string) error {
	fragments, err := syntax.Split(script)
	if err != nil {
		return err
	}
	for _, f := range fragments {
		statement, err := syntax.Parse(f)
		if err != nil {
			return err
		}
		translated, err := translate.Statement(statement)
		if fault.CodeOf(err) == "0A000" {
			continue
		}
		if err != nil {
			return err
		}
		for _, sql := range translated {
			_, err := conn.Exec(ctx, "EXPLAIN "+strings.TrimPrefix(sql, "EXPLAIN "))
			if fault.CodeOf(err) == "42601" && strings.HasPrefix(err.Error(), "syntax error") {
				return err
			}
		}
	}
	return nil
}

// lines returns the lines of a file of the corpus.
func lines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open(filepath.Join(conformance.Dir(t), "redshift", name))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<22)
	for scanner.Scan() {
		out = append(out, scanner.Text())
	}
	return out
}

// cases returns the cases of those files that are there; the holdout is not in every copy of the corpus.
func cases(t *testing.T, files ...string) []value.Value {
	t.Helper()
	var out []value.Value
	for _, name := range files {
		for _, line := range lines(t, name) {
			c, err := value.Parse(line)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, c)
		}
	}
	return out
}

func text(c value.Value, key string) string {
	v, _ := c.Get(key)
	return v.Str()
}
