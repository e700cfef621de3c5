package redshiftdata

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// openWarehouse opens the embedded warehouse in a file, in memory when the path is empty.
func openWarehouse(t *testing.T, path string) *warehouse.Warehouse {
	t.Helper()
	backend, err := duckdb.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), backend, warehouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func open(t *testing.T, w *warehouse.Warehouse, records service.Records) *Service {
	t.Helper()
	s, err := Open(t.Context(), w, records)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wait returns when a statement is over.
func (s *Service) wait(t *testing.T, id string) {
	t.Helper()
	s.mu.Lock()
	st, ok := s.statements[id]
	s.mu.Unlock()
	if !ok {
		t.Fatalf("there is no statement %q", id)
	}
	<-st.done
}

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		w := openWarehouse(t, "")
		s := open(t, w, &servicetest.Records{})
		defer w.Close()
		defer s.Close()
		servicetest.Trace(t, path, []*service.Service{s.Table()}, map[string]servicetest.Command{
			"wait": func(t *testing.T, d *datadriven.TestData) string {
				s.wait(t, strings.TrimSpace(d.Input))
				return ""
			},
			"later": func(t *testing.T, d *datadriven.TestData) string { // the clock goes on
				var by string
				d.ScanArgs(t, "by", &by)
				skip, err := time.ParseDuration(by)
				if err != nil {
					t.Fatal(err)
				}
				before := s.now
				s.now = func() time.Time { return before().Add(skip) }
				return ""
			},
		})
	})
}

func execute(t *testing.T, s *Service, token, sql string) string {
	t.Helper()
	r := &executeStatementRequest{target: target{WorkgroupName: "etl", Database: "dev", ClientToken: token}, Sql: sql}
	answer, err := s.executeStatement(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Id
}

// count runs a query of one number.
func count(t *testing.T, s *Service, sql string) int64 {
	t.Helper()
	id := execute(t, s, "", sql)
	s.wait(t, id)
	result, err := s.getStatementResult(t.Context(), &getStatementResultRequest{Id: id})
	if err != nil {
		d, _ := s.describeStatement(t.Context(), &describeStatementRequest{Id: id})
		t.Fatal(err, d)
	}
	return *result.Records[0][0].LongValue
}

// What a process left unfinished is done by the next one, once, whether or not the warehouse had committed it.
func TestResumed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "warehouse.duckdb")
	records := &servicetest.Records{}
	w := openWarehouse(t, file)
	s := open(t, w, records)
	s.wait(t, execute(t, s, "", "create table t (a int)"))
	first := execute(t, s, "one", "insert into t values (1)")
	s.wait(t, first)
	s.mu.Lock()
	r := s.statements[first].record
	s.mu.Unlock()
	s.Close()
	w.Close()

	// The records say that neither statement ended; of the first, the warehouse knows better.
	r.outcome = unknown(submitted)
	second := r
	second.ID, second.ClientToken = "11111111-2222-3333-4444-555555555555", "two"
	second.Request.Sqls = []string{"insert into t values (2), (3)"}
	for _, r := range []statementRecord{r, second} {
		if err := s.save(&statement{record: r}, func(*statementRecord) {}); err != nil {
			t.Fatal(err)
		}
	}
	w = openWarehouse(t, file)
	defer w.Close()
	s = open(t, w, records)
	defer s.Close()
	for id, rows := range map[string]int64{first: 1, second.ID: 2} {
		s.wait(t, id)
		d, err := s.describeStatement(t.Context(), &describeStatementRequest{Id: id})
		if err != nil || d.Status != "FINISHED" || d.ResultRows != rows {
			t.Errorf("%s: %+v, %v", id, d, err)
		}
	}
	if n := count(t, s, "select count(*) from t"); n != 3 {
		t.Errorf("%d rows", n)
	}
	if again := execute(t, s, "one", "insert into t values (1)"); again != first {
		t.Errorf("the token of %s was forgotten", first)
	}
}

// A batch that had been committed is not done again.
func TestResumedBatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "warehouse.duckdb")
	records := &servicetest.Records{}
	w := openWarehouse(t, file)
	s := open(t, w, records)
	s.wait(t, execute(t, s, "", "create table t (a int)"))
	answer, err := s.batchExecuteStatement(t.Context(), &batchExecuteStatementRequest{
		target: target{WorkgroupName: "etl", Database: "dev"}, Sqls: []string{"insert into t values (1)", "insert into t values (2)"},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.wait(t, answer.Id)
	r := s.statements[answer.Id].record
	s.Close()
	w.Close()
	r.outcome = unknown(submitted)
	if err := s.save(&statement{record: r}, func(*statementRecord) {}); err != nil {
		t.Fatal(err)
	}
	w = openWarehouse(t, file)
	defer w.Close()
	s = open(t, w, records)
	defer s.Close()
	s.wait(t, answer.Id)
	if n := count(t, s, "select count(*) from t"); n != 2 {
		t.Errorf("%d rows", n)
	}
}

// A statement that cannot be made durable is not run, and the caller hears of it.
func TestRecordsFail(t *testing.T) {
	w := openWarehouse(t, "")
	defer w.Close()
	records := &servicetest.Records{}
	s := open(t, w, records)
	defer s.Close()
	s.wait(t, execute(t, s, "", "create table t (a int)"))
	records.Fail = fault.New(fault.Unavailable, "no space left")
	_, err := s.executeStatement(t.Context(), &executeStatementRequest{
		target: target{WorkgroupName: "etl", Database: "dev"}, Sql: "insert into t values (1)",
	})
	if !errors.Is(err, records.Fail) || s.active != 0 || len(s.statements) != 1 {
		t.Errorf("got %v, %d active, %d known", err, s.active, len(s.statements))
	}
	records.Fail = nil
	if n := count(t, s, "select count(*) from t"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// A statement that runs, here because it waits for a lock, can be cancelled.
func TestCancelRunning(t *testing.T) {
	backend, err := duckdb.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan string, 1)
	w, err := warehouse.Open(t.Context(), backend, warehouse.Options{Waiting: func(table string, _ lock.Mode) { waiting <- table }})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s := open(t, w, &servicetest.Records{})
	defer s.Close()
	s.wait(t, execute(t, s, "", "create table t (a int)"))
	other, err := w.Session(t.Context(), warehouse.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.Run(t.Context(), "begin; lock table t", warehouse.Run{}, &warehouse.Collector{}); err != nil {
		t.Fatal(err)
	}
	id := execute(t, s, "", "insert into t values (1)")
	<-waiting
	running, err := s.describeStatement(t.Context(), &describeStatementRequest{Id: id})
	if err != nil || running.Status != "STARTED" || running.RedshiftPid == 0 {
		t.Errorf("while it runs: %+v, %v", running, err)
	}
	if answer, err := s.cancelStatement(t.Context(), &cancelStatementRequest{Id: id}); err != nil || !answer.Status {
		t.Fatal(answer, err)
	}
	s.wait(t, id)
	if d, err := s.describeStatement(t.Context(), &describeStatementRequest{Id: id}); err != nil || d.Status != "ABORTED" || d.Error != "" {
		t.Errorf("afterwards: %+v, %v", d, err)
	}
}

// Closing interrupts what runs, and the next process finds it unfinished.
func TestClose(t *testing.T) {
	w := openWarehouse(t, "")
	defer w.Close()
	records := &servicetest.Records{}
	s := open(t, w, records)
	id := execute(t, s, "", "select count(*) from generate_series(1, 100000000) a(x), generate_series(1, 100000) b(y) where x % 7 = y % 5")
	s.Close()
	var left string
	err := records.List(context.Background(), statementKind, func(found string, body []byte) error {
		left += found + " " + string(body)
		return nil
	})
	if err != nil || !strings.Contains(left, id) || !strings.Contains(left, `"Status":"SUBMITTED"`) {
		t.Errorf("left %s, %v", left, err)
	}
	if _, err := s.executeStatement(context.Background(), &executeStatementRequest{
		target: target{WorkgroupName: "etl", Database: "dev"}, Sql: "select 1"}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a closed service took a statement: %v", err)
	}
}

// Results of any size come back whole, page by page.
func TestPages(t *testing.T) {
	w := openWarehouse(t, "")
	defer w.Close()
	s := open(t, w, &servicetest.Records{})
	defer s.Close()
	id := execute(t, s, "", "select x, repeat('x', 1000) from generate_series(1, 3000) as g(x)")
	s.wait(t, id)
	r := &getStatementResultRequest{Id: id}
	var rows, pages int64
	for {
		page, err := s.getStatementResult(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Records {
			rows++
			if *row[0].LongValue != rows {
				t.Fatalf("row %d is %d", rows, *row[0].LongValue)
			}
		}
		pages++
		if r.NextToken = page.NextToken; r.NextToken == "" {
			break
		}
	}
	if rows != 3000 || pages != 3 {
		t.Errorf("%d rows in %d pages", rows, pages)
	}
}

// After CancelAll nothing is left for the next process.
func TestCancelAll(t *testing.T) {
	w := openWarehouse(t, "")
	defer w.Close()
	records := &servicetest.Records{}
	s := open(t, w, records)
	ended := execute(t, s, "", "select 1")
	s.wait(t, ended)
	long := execute(t, s, "", "select count(*) from generate_series(1, 100000000) a(x), generate_series(1, 100000) b(y) where x % 7 = y % 5")
	s.CancelAll()
	s.Close()
	next := open(t, w, records)
	defer next.Close()
	for id, status := range map[string]string{ended: "FINISHED", long: "ABORTED"} {
		next.wait(t, id)
		if d, err := next.describeStatement(t.Context(), &describeStatementRequest{Id: id}); err != nil || d.Status != status {
			t.Errorf("want %s: %+v, %v", status, d, err)
		}
	}
}
