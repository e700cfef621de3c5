package duckdb_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stepwell/stepwell/bucket/s3"
	"github.com/stepwell/stepwell/bucket/s3/s3test"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
	"github.com/stepwell/stepwell/warehouse/warehousetest"
)

func TestCorpus(t *testing.T) {
	warehousetest.Run(t, fresh)
}

func fresh(t *testing.T) warehouse.Backend {
	t.Helper()
	text, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := duckdb.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// empty is the file of an empty warehouse: to copy it is quicker than to make a catalog for each of a thousand cases.
var empty = sync.OnceValues(func() (text []byte, err error) {
	folder, err := os.MkdirTemp("", "stepwell-empty")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "warehouse.duckdb")
	db, err := duckdb.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	w, err := warehouse.Open(context.Background(), db, warehouse.Options{})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// TestLoadsOnS3 runs the corpus of COPY and UNLOAD on a real S3 server.
func TestLoadsOnS3(t *testing.T) {
	server := s3test.Start(t)
	number := 0
	warehousetest.RunLoads(t, fresh, func(t *testing.T) warehousetest.Buckets {
		number++
		real := fmt.Sprintf("corpus-%d", number)
		server.Make(t, real)
		return mounted{server.Store(t, map[string]s3.Mount{"lake": {Bucket: real}})}
	})
}

// mounted has the buckets of a corpus already.
type mounted struct{ *s3.Store }

func (mounted) Make(string) error { return nil }

// open opens the warehouse in a file, or without a path an empty one.
func open(t *testing.T, path string) *warehouse.Warehouse {
	t.Helper()
	var db warehouse.Backend
	if path == "" {
		db = fresh(t)
	} else {
		var err error
		if db, err = duckdb.Open(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
	w, err := warehouse.Open(t.Context(), db, warehouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// answers runs a text in a session of its own and returns the tags and the last answer's first value.
func answers(ctx context.Context, w *warehouse.Warehouse, text string) (string, error) {
	s, err := w.Session(ctx, warehouse.SessionConfig{})
	if err != nil {
		return "", err
	}
	defer s.Close()
	var c warehouse.Collector
	if err := s.Run(ctx, text, warehouse.Run{}, &c); err != nil {
		return "", err
	}
	var tags []string
	for _, a := range c.Answers {
		tags = append(tags, a.Tag)
		if len(a.Values) > 0 {
			tags = append(tags, fmt.Sprint(a.Values[0][0]))
		}
	}
	return strings.Join(tags, " "), nil
}

func expect(t *testing.T, w *warehouse.Warehouse, text, want string) {
	t.Helper()
	if got, err := answers(t.Context(), w, text); got != want || err != nil {
		t.Errorf("%s\ngave %s, %v; want %s", text, got, err, want)
	}
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	w := open(t, path)
	expect(t, w, `create table t (a int identity(1,1), b varchar(3)); insert into t (b) values ('x'), ('y');
		create view v as select nvl(b, 'none') as b, a / 2 as half from t;
		create procedure p() as $$ begin insert into t (b) values ('z'); end; $$ language plpgsql`,
		"CREATE TABLE INSERT 0 2 CREATE VIEW CREATE PROCEDURE")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = open(t, path)
	defer w.Close()
	expect(t, w, `call p(); select count(distinct a) from t; select count(half) from v;
		select type from pg_table_def where tablename = 't' and "column" = 'b'`,
		"CALL SELECT 3 SELECT 3 SELECT character varying(3)")
}

// TestQueriesCountOn opens a warehouse again: a COPY of the new process must not have the number of an old one.
func TestQueriesCountOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	w := open(t, path)
	expect(t, w, "insert into stl_load_errors (query) values (41)", "INSERT 0 1")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = open(t, path)
	defer w.Close()
	expect(t, w, "select 1; select pg_last_query_id()", "SELECT 1 SELECT 42")
}

// TestUnfinishedWorkIsGone closes a session inside a block.
func TestUnfinishedWorkIsGone(t *testing.T) {
	w := open(t, "")
	defer w.Close()
	expect(t, w, "create table t (a int)", "CREATE TABLE")
	expect(t, w, "create temp table u (a int); begin; insert into t values (1); create table v (a int)", "CREATE TABLE BEGIN INSERT 0 1 CREATE TABLE")
	expect(t, w, "select count(*) from t; drop table if exists u; drop table if exists v", "SELECT 0 DROP TABLE DROP TABLE")
}

// TestParallelCalls lets procedures read and change the same row at once; each must see the others' work.
func TestParallelCalls(t *testing.T) {
	w := open(t, "")
	defer w.Close()
	expect(t, w, `create table counter (n int); insert into counter values (0); create table log (n int);
		create procedure up() as $$ declare v int; begin
		select into v n from counter; update counter set n = v + 1; insert into log values (v); end; $$ language plpgsql`,
		"CREATE TABLE INSERT 0 1 CREATE TABLE CREATE PROCEDURE")
	const sessions, calls = 6, 5
	done := make(chan error)
	for range sessions {
		go func() {
			_, err := answers(t.Context(), w, strings.Repeat("call up();", calls))
			done <- err
		}()
	}
	for range sessions {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	expect(t, w, "select n from counter; select count(distinct n) from log", "SELECT 30 SELECT 30")
}

// TestParallelDefinitions lets sessions deploy the same procedure and rebuild the same table.
func TestParallelDefinitions(t *testing.T) {
	w := open(t, "")
	defer w.Close()
	const sessions = 6
	done := make(chan error)
	for range sessions {
		go func() {
			_, err := answers(t.Context(), w, `create or replace procedure p() as $$ begin
				drop table if exists staged; create table staged (a int distkey); insert into staged values (1); end; $$ language plpgsql;
				call p(); create temp table own as select * from staged; drop table own`)
			done <- err
		}()
	}
	for range sessions {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	expect(t, w, "select count(*) from staged; select count(*) from pg_table_def where tablename = 'staged'", "SELECT 1 SELECT 1")
}

// TestKilled leaves a file that nobody closed: its log must be read back before functions and macros are there.
func TestKilled(t *testing.T) {
	if path := os.Getenv("STEPWELL_TEST_KILL"); path != "" {
		_, err := answers(t.Context(), open(t, path), `create table t (id int identity(1,1), a int, b varchar(3) default 'x',
			at timestamp default sysdate, c char(5) default nvl('a', 'b'));
			insert into t (a) values (1);
			create view v as select id, a / 2 as half, to_char(at, 'YYYY') as y, decode(a, 1, 'one') as o, b + 'z' as plus from t;
			begin; insert into t (a) values (9)`)
		fmt.Print(err)
		os.Exit(0)
	}
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	if output, err := child(t, "STEPWELL_TEST_KILL="+path).CombinedOutput(); err != nil || string(output) != "<nil>" {
		t.Fatalf("the child said %s, %v", output, err)
	}
	w := open(t, path)
	defer w.Close()
	expect(t, w, "insert into t (a) values (2); select count(distinct id) from t; select plus from v where o = 'one'",
		"INSERT 0 1 SELECT 2 SELECT xz")
}

// child runs the calling test alone in another process.
func child(t *testing.T, environment string) *exec.Cmd {
	c := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	c.Env = append(os.Environ(), environment)
	return c
}

// TestSecondProcess opens the file in a child of the test binary, whose output is the error.
func TestSecondProcess(t *testing.T) {
	if path := os.Getenv("STEPWELL_TEST_OPEN"); path != "" {
		_, err := duckdb.Open(t.Context(), path)
		fmt.Printf("%s: %v\n", fault.KindOf(err), err)
		return
	}
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	w := open(t, path)
	defer w.Close()
	output, err := child(t, "STEPWELL_TEST_OPEN="+path).CombinedOutput()
	if want := "conflict: the warehouse file " + path + " is in use by another process"; err != nil || !strings.HasPrefix(string(output), want) {
		t.Errorf("the second process said %s, %v; want %s", output, err, want)
	}
}

func TestOpenRefuses(t *testing.T) {
	for path, want := range map[string]string{
		filepath.Join(t.TempDir(), "nowhere", "w.duckdb"): "open the warehouse file",
		"a?b": "has one of the characters",
	} {
		if _, err := duckdb.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("opening %s gave %v, want %s", path, err, want)
		}
	}
}
