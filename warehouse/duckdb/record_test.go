package duckdb_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// recordAt opens a warehouse in a file.
func recordAt(t *testing.T, path string, o warehouse.Options) (*duckdb.Database, *warehouse.Warehouse) {
	t.Helper()
	db, err := duckdb.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	return db, w
}

func session(t *testing.T, w *warehouse.Warehouse) *warehouse.Session {
	t.Helper()
	s, err := w.Session(t.Context(), warehouse.SessionConfig{User: "etl"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func found(t *testing.T, w *warehouse.Warehouse, f querylog.Filter) string {
	t.Helper()
	list, err := w.Statements(t.Context(), f, querylog.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, q := range list {
		ids = append(ids, q.ID)
	}
	return fmt.Sprint(ids)
}

func TestStatementsAreFound(t *testing.T) {
	_, w := recordAt(t, filepath.Join(t.TempDir(), "w.duckdb"), warehouse.Options{})
	defer w.Close()
	s := session(t, w)
	defer s.Close()
	from := origin.Origin{Execution: "arn:x", State: "Load", Task: 5, Job: "j", Request: "r", Statement: "d"}
	run := func(o origin.Origin, text string) {
		t.Helper()
		if err := s.Run(origin.With(t.Context(), o), text, warehouse.Run{}, &warehouse.Collector{}); err != nil {
			t.Fatal(err)
		}
	}
	run(origin.Origin{}, `create table t (a int); create table t2 (a int); create procedure p() as $$ begin insert into t select 1 from t2; insert into t2 values (2); end $$ language plpgsql`)
	run(from, "call p()")
	run(origin.Origin{}, "insert into t2 /* Größe */ values (1)")
	_ = s.Run(t.Context(), "select nothing", warehouse.Run{}, &warehouse.Collector{})
	for _, c := range []struct {
		filter querylog.Filter
		want   string
	}{
		{querylog.Filter{}, "[8 7 4 3 2 1]"},
		{querylog.Filter{Inner: true}, "[8 7 6 5 4 3 2 1]"},
		{querylog.Filter{Parent: 4}, "[6 5]"},
		{querylog.Filter{Execution: "arn:x", State: "Load", Task: 5}, "[4]"},
		{querylog.Filter{Execution: "arn:x", State: "Other"}, "[]"},
		{querylog.Filter{Job: "j", Inner: true}, "[6 5 4]"},
		{querylog.Filter{Request: "r"}, "[4]"},
		{querylog.Filter{Statement: "d"}, "[4]"},
		{querylog.Filter{Writes: "public.t", Inner: true}, "[5 1]"},
		{querylog.Filter{Contains: "GRÖSSE"}, "[]"},
		{querylog.Filter{Contains: "/* gRößE"}, "[7]"},
		{querylog.Filter{Contains: "'; drop table t --"}, "[]"},
		{querylog.Filter{User: "nobody"}, "[]"},
		{querylog.Filter{Status: querylog.Failed}, "[8]"},
		{querylog.Filter{Since: time.Now().Add(time.Hour)}, "[]"},
	} {
		if got := found(t, w, c.filter); got != c.want {
			t.Errorf("%+v finds %s, want %s", c.filter, got, c.want)
		}
	}
	q, inner, err := w.Statement(t.Context(), 4)
	if err != nil || q.Origin != from || len(inner) != 2 || inner[0].Origin != from || inner[1].ID != 6 {
		t.Errorf("the call is %+v with %d, %v", q, len(inner), err)
	}
	if _, _, err := w.Statement(t.Context(), 99); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a statement that is not there: %v", err)
	}
	page, err := w.Statements(t.Context(), querylog.Filter{}, querylog.Page{Before: 7, Limit: 2})
	if err != nil || len(page) != 2 || page[0].ID != 4 {
		t.Errorf("the second page is %v, %v", page, err)
	}
}

func TestPlan(t *testing.T) {
	_, w := recordAt(t, "", warehouse.Options{})
	defer w.Close()
	if lines, err := w.Plan(t.Context(), "select 1 from pg_class;"); err != nil || len(lines) == 0 {
		t.Errorf("the plan is %v, %v", lines, err)
	}
	for text, want := range map[string]string{
		"select 1; drop table t": "a plan is of one statement, not of 2",
		"selec":                  `1:1: syntax error at or near "selec"`,
		"":                       "a plan is of one statement, not of 0",
	} {
		if _, err := w.Plan(t.Context(), text); err == nil || err.Error() != want {
			t.Errorf("the plan of %q: %v", text, err)
		}
	}
}

// A statement that ran when the process died is aborted, and its number is not given again.
func TestRecordAfterACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.duckdb")
	_, w := recordAt(t, path, warehouse.Options{})
	s := session(t, w)
	if err := s.Run(t.Context(), "create table t (a int); insert into t values (1); select count(*) from stv_inflight", warehouse.Run{}, &warehouse.Collector{}); err != nil {
		t.Fatal(err)
	}
	dead := filepath.Join(t.TempDir(), "w.duckdb") // as the files are now; the end of the last statement is in memory only
	for _, suffix := range []string{"", ".wal"} {
		text, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dead+suffix, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(s.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	_, w = recordAt(t, dead, warehouse.Options{})
	defer w.Close()
	list, err := w.Statements(t.Context(), querylog.Filter{}, querylog.Page{})
	if err != nil || len(list) != 3 || list[0].Status != querylog.Aborted || list[0].Ended.IsZero() || list[1].Status != querylog.Succeeded {
		t.Errorf("the record has %+v, %v", list, err)
	}
	if writers := w.Writers(); len(writers) != 1 || writers[0].Query != 2 || writers[0].Table != "public.t" {
		t.Errorf("the writers are %v", writers)
	}
	again := session(t, w)
	defer again.Close()
	var answers warehouse.Collector
	if err := again.Run(t.Context(), "select 1", warehouse.Run{}, &answers); err != nil || answers.Answers[0].QueryID <= 1000 {
		t.Errorf("the next number is %d, %v", answers.Answers[0].QueryID, err)
	}
}

// After an orderly end, numbers go on without a gap.
func TestNumbersGoOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.duckdb")
	for want := range int64(3) {
		_, w := recordAt(t, path, warehouse.Options{})
		s := session(t, w)
		var answers warehouse.Collector
		if err := s.Run(t.Context(), "select 1", warehouse.Run{}, &answers); err != nil || answers.Answers[0].QueryID != want+1 {
			t.Errorf("number %d, want %d, %v", answers.Answers[0].QueryID, want+1, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A text of 5 MB with control characters runs, and is recorded as far as there is room.
func TestRecordOfALongStatement(t *testing.T) {
	_, w := recordAt(t, filepath.Join(t.TempDir(), "w.duckdb"), warehouse.Options{})
	defer w.Close()
	s := session(t, w)
	defer s.Close()
	text := "select length('\x01\u202e" + strings.Repeat("x", 5<<20) + "')"
	if err := s.Run(t.Context(), text, warehouse.Run{}, &warehouse.Collector{}); err != nil {
		t.Fatal(err)
	}
	q, _, err := w.Statement(t.Context(), 1)
	if err != nil || q.Length != int64(len(text)) || q.Text != text[:querylog.MaxText] {
		t.Errorf("%d bytes are recorded of %d, %v", len(q.Text), q.Length, err)
	}
}

// Statements go on although the record cannot be stored.
func TestRecordRefused(t *testing.T) {
	var told []error
	db, w := recordAt(t, filepath.Join(t.TempDir(), "w.duckdb"), warehouse.Options{Unrecorded: func(_ int64, err error) { told = append(told, err) }})
	s := session(t, w)
	c, err := db.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), "ALTER TABLE stepwell.query RENAME TO elsewhere"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := s.Run(t.Context(), "select 1", warehouse.Run{}, &warehouse.Collector{}); err != nil {
			t.Fatal(err)
		}
		_, err = w.Statements(t.Context(), querylog.Filter{}, querylog.Page{})
		if err == nil {
			t.Error("the record was read")
		}
	}
	if _, err := c.Exec(t.Context(), "ALTER TABLE stepwell.elsewhere RENAME TO query"); err != nil {
		t.Fatal(err)
	}
	if got := found(t, w, querylog.Filter{}); got != "[3 2 1]" || len(told) != 2 || told[0] == nil || told[1] != nil {
		t.Errorf("the record has %s, told was %v", got, told)
	}
	for _, close := range []func() error{s.Close, c.Close, w.Close} {
		if err := close(); err != nil {
			t.Error(err)
		}
	}
}

func TestCancelAQuery(t *testing.T) {
	_, w := recordAt(t, "", warehouse.Options{})
	defer w.Close()
	s := session(t, w)
	defer s.Close()
	blocker := session(t, w)
	defer blocker.Close()
	if err := blocker.Run(t.Context(), "create table t (a int); begin; lock t", warehouse.Run{}, &warehouse.Collector{}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- s.Run(t.Context(), "select * from t", warehouse.Run{}, &warehouse.Collector{}) }()
	var running []querylog.Query
	for len(running) == 0 {
		running = w.Running()
	}
	if err := w.Cancel(running[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; fault.CodeOf(err) != "57014" {
		t.Errorf("the cancelled statement ended with %v", err)
	}
	if got := found(t, w, querylog.Filter{Status: querylog.Canceled}); got != fmt.Sprint([]int64{running[0].ID}) {
		t.Errorf("canceled are %s", got)
	}
	if err := w.Cancel(running[0].ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("cancelled again: %v", err)
	}
}

func TestObservedStatements(t *testing.T) {
	var heard []string
	_, w := recordAt(t, "", warehouse.Options{Observe: func(q querylog.Query) { heard = append(heard, fmt.Sprint(q.ID, q.Kind, " ", q.Status)) }})
	defer w.Close()
	s := session(t, w)
	defer s.Close()
	_ = s.Run(t.Context(), "create procedure p() as $$ begin create table t (a int); end $$ language plpgsql; call p(); select nothing", warehouse.Run{}, &warehouse.Collector{})
	if err := s.Run(t.Context(), "select 1", warehouse.Run{Unrecorded: true}, &warehouse.Collector{}); err != nil {
		t.Fatal(err)
	}
	const want = "[1CREATE PROCEDURE running 1CREATE PROCEDURE success 2CALL running 2CALL success 4SELECT running 4SELECT failed]"
	if got := fmt.Sprint(heard); got != want {
		t.Errorf("heard %s\nwant  %s", got, want)
	}
}

// The record of many statements is pruned by number, and old ones by age.
func TestRecordIsPruned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.duckdb")
	db, w := recordAt(t, path, warehouse.Options{})
	c, err := db.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), `INSERT INTO stepwell.query (id, parent, text, started, status) SELECT i, 0, 'x', now()::TIMESTAMP - INTERVAL (CASE WHEN i <= 10 THEN 8 ELSE 0 END) DAY, 'success'
		FROM range(1, 100101) r(i)`); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, w = recordAt(t, path, warehouse.Options{})
	defer w.Close()
	s := session(t, w)
	defer s.Close()
	var answers warehouse.Collector
	if err := s.Run(t.Context(), "select 1; select count(*), min(query_id) from sys_query_history", warehouse.Run{}, &answers); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(answers.Answers[1].Values); got != "[[100000 103]]" {
		t.Errorf("count and oldest are %s", got)
	}
}
