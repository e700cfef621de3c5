package plpgsql

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// TestTrace runs the files of testdata. Commands:
//
//	procedure [name=p] [nonatomic]   first line: the arguments; the rest: the body
//	answers                          one per line: SQL => column type, … | value, … | … ; SQL => changed 3; SQL => !22012 text
//	call [block] [stop=3]            a CALL; prints all that the host was asked, and the outcome. stop: interrupted at that question
func TestTrace(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		host := &fakeHost{answers: map[string]string{}}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "procedure":
				return host.define(t, d)
			case "answers":
				for line := range strings.Lines(d.Input) {
					sql, answer, _ := strings.Cut(strings.TrimSpace(line), " => ")
					host.answers[sql] = answer
				}
				return ""
			case "call":
				return host.call(t, d)
			}
			return "unknown command " + d.Cmd
		})
	})
}

type fakeHost struct {
	answers    map[string]string
	procedures []*Procedure
	trace      strings.Builder
	asked      int
	stop       int
}

func (h *fakeHost) define(t *testing.T, d *datadriven.TestData) string {
	header := Header{Name: "p", NonAtomic: d.HasArg("nonatomic")}
	d.MaybeScanArgs(t, "name", &header.Name)
	arguments, body, _ := strings.Cut(d.Input, "\n")
	for _, a := range strings.Split(strings.Trim(arguments, "()"), ",") {
		words := strings.Fields(a)
		switch {
		case len(words) == 0:
		case words[0] == "set":
			header.Settings = append(header.Settings, Setting{words[1], words[2]})
		default:
			mode := map[string]Mode{"in": In, "out": Out, "inout": InOut}[words[1]]
			header.Arguments = append(header.Arguments, Argument{Name: strings.Trim(words[0], "_"), Mode: mode, Type: strings.Join(words[2:], " ")})
		}
	}
	p, err := Parse(header, "\n"+body, fault.Position{File: "p.sql", Line: 1, Column: 1})
	if err != nil {
		return describe(err)
	}
	for i, old := range h.procedures {
		if old.Name == p.Name && fmt.Sprint(old.Inputs()) == fmt.Sprint(p.Inputs()) {
			h.procedures[i] = p
			return ""
		}
	}
	h.procedures = append(h.procedures, p)
	return ""
}

func describe(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return "error " + err.Error()
	}
	text := "error " + f.Code + " " + f.Message
	if f.Position.IsValid() {
		text = f.Position.String() + ": " + text
	}
	return text
}

func (h *fakeHost) call(t *testing.T, d *datadriven.TestData) string {
	h.trace.Reset()
	h.asked, h.stop = 0, 0
	d.MaybeScanArgs(t, "stop", &h.stop)
	result, err := Call(h, d.Input, fault.Position{File: "c.sql", Line: 1, Column: 1}, d.HasArg("block"))
	if err != nil {
		fmt.Fprintln(&h.trace, describe(err))
	}
	var failure *Failure
	if errors.As(err, &failure) {
		for _, line := range failure.Context {
			fmt.Fprintln(&h.trace, " ", line)
		}
		fmt.Fprintln(&h.trace, "  at", failure.Position)
	}
	if result.Columns != nil {
		fmt.Fprintln(&h.trace, "result", result.Columns, shownRow(result.Rows[0]))
	}
	return h.trace.String()
}

func shownRow(row []Value) []string {
	var texts []string
	for _, v := range row {
		if v.Null {
			v.Text = "NULL"
		}
		texts = append(texts, v.Text)
	}
	return texts
}

func (h *fakeHost) note(format string, args ...any) { fmt.Fprintf(&h.trace, format+"\n", args...) }

func (h *fakeHost) Begin() error    { h.note("begin"); return nil }
func (h *fakeHost) Commit() error   { h.note("commit"); return nil }
func (h *fakeHost) Rollback() error { h.note("rollback"); return nil }
func (h *fakeHost) Notice(n Notice) { h.note("%s (line %d): %s", n.Level, n.Line, n.Message) }

func (h *fakeHost) Interrupted() error {
	h.asked++
	if h.asked == h.stop {
		return fault.New(fault.Unavailable, "Query cancelled").WithCode(codeCancelled)
	}
	return nil
}

func (h *fakeHost) Set(parameter, value string) (string, error) {
	h.note("set %s = %s", parameter, value)
	return "old", nil
}

func (h *fakeHost) Procedures(schema, name string) (found []*Procedure, err error) {
	for _, p := range h.procedures {
		if p.Name == name && p.Schema == schema {
			found = append(found, p)
		}
	}
	return found, nil
}

func (h *fakeHost) Query(sql string) (Result, error) {
	h.note("> %s", sql)
	answer, ok := h.answers[sql]
	switch {
	case !ok && strings.HasPrefix(sql, "SELECT"):
		return Result{}, fault.Invalidf("the test has no answer").WithCode("XX001")
	case strings.HasPrefix(answer, "!"):
		code, message, _ := strings.Cut(answer[1:], " ")
		return Result{}, fault.Invalidf("%s", message).WithCode(code)
	case strings.HasPrefix(answer, "changed "):
		n, err := strconv.ParseInt(answer[8:], 10, 64)
		return Result{Changed: n}, err
	case answer == "":
		return Result{}, nil
	}
	return table(answer), nil
}

func table(text string) Result {
	lines := strings.Split(text, " | ")
	var r Result
	for _, c := range strings.Split(lines[0], ", ") {
		name, kind, _ := strings.Cut(c, " ")
		r.Columns = append(r.Columns, Column{Name: name, Type: kind})
	}
	for _, line := range lines[1:] {
		var row []Value
		for _, cell := range strings.Split(line, ", ") {
			row = append(row, Value{Text: strings.TrimPrefix(cell, "NULL"), Null: cell == "NULL"})
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

// TestVariablesInSQL shows which names of a statement are taken for variables.
func TestVariablesInSQL(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"SELECT a, t.a FROM t WHERE t.b = b", "SELECT {a}, t.a FROM t WHERE t.b = {b}"},
		{"INSERT INTO t (a, b) VALUES (a, B)", "INSERT INTO t (a, b) VALUES ({a}, {b})"},
		{"insert into s.t(a) select a from u", "insert into s.t(a) select {a} from u"},
		{"UPDATE t SET a = a, b = t.b + 1 WHERE a = b", "UPDATE t SET a = {a}, b = t.b + 1 WHERE {a} = {b}"},
		{"UPDATE a SET x = b FROM b WHERE b.id = a.id", "UPDATE a SET x = {b} FROM b WHERE b.id = a.id"},
		{"DELETE FROM t WHERE id = rec.id OR id = p.a", "DELETE FROM t WHERE id = {rec.id} OR id = {a}"},
		{"SELECT extract(year FROM a), trim(both b from a) FROM a", "SELECT extract(year FROM {a}), trim(both {b} from {a}) FROM a"},
		{"SELECT x AS a, y b, a::date, CAST(a AS a) FROM t", "SELECT x AS a, y b, {a}::date, CAST({a} AS a) FROM t"},
		{"SELECT a(1), $1, \"a\" FROM t LIMIT b", "SELECT a(1), {$1}, {a} FROM t LIMIT {b}"},
		{"WITH c (a, b) AS (SELECT a, 1) SELECT * FROM c AS d (a, b)", "WITH c (a, b) AS (SELECT {a}, 1) SELECT * FROM c AS d (a, b)"},
		{"CREATE TEMP TABLE x AS SELECT a AS a", "CREATE TEMP TABLE x AS SELECT {a} AS a"},
		{"CREATE TABLE x (a int, b int DEFAULT 1)", "CREATE TABLE x (a int, b int DEFAULT 1)"},
		{"COPY a FROM 's3://b/c' CSV", "COPY a FROM 's3://b/c' CSV"},
		{"MERGE INTO t USING s ON t.a = a WHEN MATCHED THEN UPDATE SET a = b WHEN NOT MATCHED THEN INSERT (a) VALUES (b)",
			"MERGE INTO t USING s ON t.a = {a} WHEN MATCHED THEN UPDATE SET a = {b} WHEN NOT MATCHED THEN INSERT (a) VALUES ({b})"},
		{"SELECT 1 WHERE a IS DISTINCT FROM b -- a\n AND a", "SELECT 1 WHERE {a} IS DISTINCT FROM {b} AND {a}"},
		{"SELECT 'a' || a || $$b$$", "SELECT 'a' || {a} || $$b$$"},
	} {
		h := Header{Name: "p", Arguments: []Argument{{Name: "a", Type: "int"}, {Name: "b", Type: "int"}, {Name: "rec", Type: "record"}}}
		p, err := newParser(test.sql, fault.Position{Line: 1, Column: 1})
		if err != nil {
			t.Fatal(err)
		}
		p.declareArguments(h)
		var got strings.Builder
		for _, part := range p.newStatement(p.tokens, place{}).parts {
			got.WriteString(part.text)
			if part.reference != nil {
				got.WriteString("{" + part.reference.name + "}")
			}
		}
		if got.String() != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.sql, got.String(), test.want)
		}
	}
}

// TestLiterals checks that every byte of a value comes back through the dialect's own reading of a constant.
func TestLiterals(t *testing.T) {
	var all strings.Builder
	for b := 1; b < 256; b++ {
		all.WriteByte(byte(b))
	}
	for _, text := range []string{"", "it's", `a\b`, `\'`, `''`, "é€", all.String()} {
		tokens, err := syntax.Scan(quote(text))
		if err != nil || len(tokens) != 1 || tokens[0].Value() != text {
			t.Errorf("%q is read back as %v, %v", text, tokens, err)
		}
	}
	if got := literal(parseTypeName("varchar"), Value{Null: true}); got != "CAST(NULL AS character varying(65535))" {
		t.Error(got)
	}
}
