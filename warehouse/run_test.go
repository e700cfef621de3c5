package warehouse

import (
	"context"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/fault"
)

// peer is a backend that writes down what it is asked and fails as it is told.
type peer struct {
	log []string
	// failures are the errors to give, by the first words of a statement.
	failures map[string][]error
	// answers are the rows to give, by a part of a query.
	answers map[string][][]any
}

func (p *peer) Connect(context.Context) (Conn, error) { return &link{p}, nil }

func (p *peer) Close() error { return nil }

type link struct{ *peer }

func (l *link) step(sql string) error {
	words := strings.Fields(strings.ToLower(strings.ReplaceAll(sql, `"`, "")))
	name := strings.Join(words[:min(3, len(words))], " ")
	l.log = append(l.log, name)
	if queue := l.failures[name]; len(queue) > 0 {
		l.failures[name] = queue[1:]
		return queue[0]
	}
	return nil
}

func (l *link) Begin(context.Context) error    { return l.step("begin") }
func (l *link) Commit(context.Context) error   { return l.step("commit") }
func (l *link) Rollback(context.Context) error { return l.step("rollback") }

func (l *link) Exec(_ context.Context, sql string, _ ...any) (int64, error) { return 1, l.step(sql) }

func (l *link) Query(_ context.Context, sql string, _ ...any) (Rows, error) {
	for part, values := range l.answers {
		if strings.Contains(sql, part) {
			return &memoryRows{values: values}, nil
		}
	}
	if strings.HasPrefix(sql, "SELECT greatest(") {
		return &memoryRows{values: [][]any{{int64(0)}}}, nil // the last number of a statement
	}
	if strings.Contains(sql, "stepwell.") || strings.Contains(sql, "information_schema") {
		return &memoryRows{}, nil
	}
	rows := &memoryRows{columns: []Column{{Name: "a", Type: "int4"}}, values: [][]any{{int64(1)}}}
	if strings.HasSuffix(sql, "LIMIT 0") {
		return rows, nil // a table's columns, no part of the order of things
	}
	return rows, l.step(sql)
}

func (l *link) Set(context.Context, string, string) error { return nil }

// trace runs a text on a peer and returns what the peer was asked.
func trace(t *testing.T, p *peer, text string, r Run) (string, error) {
	t.Helper()
	failures := p.failures
	p.failures = nil
	w, err := Open(t.Context(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	s, err := w.Session(t.Context(), SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	p.log, p.failures = nil, failures
	err = s.Run(t.Context(), text, r, &Collector{})
	log := strings.Join(p.log, ", ")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	return log, err
}

func conflicts(n int) []error {
	list := make([]error, n)
	for i := range list {
		list[i] = fault.New(fault.Conflict, "changed by another").WithCode("40001")
	}
	return list
}

func TestTransactionOrder(t *testing.T) {
	const insert, once = "insert into t", "begin, insert into t, commit"
	for _, c := range []struct {
		name, text, want, code string
		failures               map[string][]error
		run                    Run
	}{
		{name: "a statement alone", text: "insert into t values (1)", want: once},
		{name: "a block", text: "begin; insert into t values (1); insert into t values (2); commit", want: "begin, insert into t, insert into t, commit"},
		{name: "an empty block asks nothing", text: "begin; commit", want: ""},
		{name: "a mark joins the transaction", text: "insert into t values (1)", run: Run{Token: "x"},
			want: "begin, insert into t, insert into stepwell.mark, commit"},
		{name: "reading leaves no mark", text: "select a from t", run: Run{Token: "x"}, want: "begin, select a from, commit"},
		{name: "a conflict runs the statement again", text: "insert into t values (1)", failures: map[string][]error{insert: conflicts(2)},
			want: "begin, insert into t, rollback, begin, insert into t, rollback, " + once},
		{name: "a conflict of the commit too", text: "insert into t values (1)", failures: map[string][]error{"commit": conflicts(1)},
			want: "begin, insert into t, commit, rollback, " + once},
		{name: "not for ever", text: "insert into t values (1)", failures: map[string][]error{insert: conflicts(99)}, code: "40001",
			want: strings.TrimSuffix(strings.Repeat("begin, insert into t, rollback, ", attempts), ", ")},
		{name: "not in a block", text: "begin; insert into t values (1)", failures: map[string][]error{insert: conflicts(1)}, code: "40001",
			want: "begin, insert into t, rollback"},
		{name: "not when rows are sent", text: "select a from t", failures: map[string][]error{"commit": conflicts(1)}, code: "40001",
			want: "begin, select a from, commit, rollback"},
	} {
		got, err := trace(t, &peer{failures: c.failures}, c.text, c.run)
		if got != c.want || fault.CodeOf(err) != c.code {
			t.Errorf("%s:\n got %s (%v)\nwant %s", c.name, got, err, c.want)
		}
	}
}

// TestCallRunsAgainOnlyWhole gives a conflict to a procedure before and behind its COMMIT.
func TestCallRunsAgainOnlyWhole(t *testing.T) {
	const definition = `create procedure p() as $$ begin insert into t values (1); commit; insert into u values (1); end; $$ language plpgsql`
	const once = "begin, insert into t, commit, begin, insert into u, commit"
	for _, c := range []struct{ statement, want, code string }{
		{"insert into t", "begin, insert into t, rollback, " + once, ""},
		{"insert into u", "begin, insert into t, commit, begin, insert into u, rollback", "40001"},
	} {
		p := &peer{answers: map[string][][]any{"FROM stepwell.procedure": {{definition, ""}}}, failures: map[string][]error{c.statement: conflicts(1)}}
		got, err := trace(t, p, "call p()", Run{})
		if got != c.want || fault.CodeOf(err) != c.code {
			t.Errorf("conflict in %s:\n got %s (%v)\nwant %s", c.statement, got, err, c.want)
		}
	}
}

func TestCancelledBeforeItBegins(t *testing.T) {
	p := &peer{}
	w, err := Open(t.Context(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	s, err := w.Session(t.Context(), SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	p.log = nil
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = s.Run(ctx, "select 1", Run{}, &Collector{})
	if fault.CodeOf(err) != "57014" || len(p.log) > 0 {
		t.Errorf("got %v after %v", err, p.log)
	}
}

// The first name that a client gives is the database's; no other database exists.
func TestOnlyOneDatabase(t *testing.T) {
	w, err := Open(t.Context(), &peer{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ name, code string }{{"", ""}, {"Prod", ""}, {"prod", ""}, {"", ""}, {"dev", "3D000"}} {
		if _, err := w.Session(t.Context(), SessionConfig{Database: x.name}); fault.CodeOf(err) != x.code {
			t.Errorf("the database %q gave %v", x.name, err)
		}
	}
}

func (l *link) Close() error { return nil }
