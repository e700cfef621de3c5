package redshiftdata

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
	"github.com/stepwell/stepwell/warehouse/lock"
)

func ask(t *testing.T, s *Service, to target, sql string) *executeResponse {
	t.Helper()
	answer, err := s.executeStatement(t.Context(), &executeStatementRequest{target: to, Sql: sql})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func describeOver(t *testing.T, s *Service, id string) *describeStatementResponse {
	t.Helper()
	s.wait(t, id)
	d, err := s.describeStatement(t.Context(), &describeStatementRequest{Id: id})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// While a statement runs in a session, no other one can; a cancelled statement leaves the session to the next.
func TestBusySession(t *testing.T) {
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
	minute := int64(60)
	first := ask(t, s, target{WorkgroupName: "etl", Database: "dev", SessionKeepAliveSeconds: &minute}, "create temp table x (a int); insert into t values (1)")
	<-waiting
	same := target{SessionId: first.SessionId}
	_, err = s.executeStatement(t.Context(), &executeStatementRequest{target: same, Sql: "select 1"})
	if err == nil || !strings.Contains(err.Error(), "is busy with the statement "+first.Id) {
		t.Errorf("a second statement: %v", err)
	}
	if all := s.describeSessions(); len(all) != 1 || all[0].Status != "BUSY" || all[0].CurrentStatementId != first.Id {
		t.Errorf("while it runs: %+v", all)
	}
	if _, err := s.cancelStatement(t.Context(), &cancelStatementRequest{Id: first.Id}); err != nil {
		t.Fatal(err)
	}
	s.wait(t, first.Id)
	if d := describeOver(t, s, ask(t, s, same, "select * from x").Id); d.Status != "FINISHED" {
		t.Errorf("the next statement: %+v", d)
	}
}

// Sessions end with the process. The next one runs the statement that makes a session again, in a new one of the same
// name; one that used a session has lost it.
func TestSessionsAfterRestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "warehouse.duckdb")
	records := &servicetest.Records{}
	w := openWarehouse(t, file)
	s := open(t, w, records)
	minute := int64(60)
	first := ask(t, s, target{WorkgroupName: "etl", Database: "dev", SessionKeepAliveSeconds: &minute}, "create temp table x (a int)")
	s.wait(t, first.Id)
	second := ask(t, s, target{SessionId: first.SessionId}, "insert into x values (1)")
	s.wait(t, second.Id)
	var left []statementRecord
	for _, id := range []string{first.Id, second.Id} {
		r := s.statements[id].record
		r.outcome = unknown(submitted)
		left = append(left, r)
	}
	s.Close()
	w.Close() // fails when a session is still open
	for _, r := range left {
		if err := s.save(&statement{record: r}, func(*statementRecord) {}); err != nil {
			t.Fatal(err)
		}
	}

	w = openWarehouse(t, file)
	defer w.Close()
	s = open(t, w, records)
	defer s.Close()
	if d := describeOver(t, s, first.Id); d.Status != "FINISHED" || d.SessionId != first.SessionId {
		t.Errorf("the maker of the session: %+v", d)
	}
	if d := describeOver(t, s, second.Id); d.Status != "FAILED" || !strings.Contains(d.Error, "ended with the process") || d.WorkgroupName != "etl" {
		t.Errorf("a user of the session: %+v", d)
	}
	third := ask(t, s, target{SessionId: first.SessionId}, "insert into x values (1)")
	if d := describeOver(t, s, third.Id); d.Status != "FINISHED" {
		t.Errorf("the new session: %+v", d)
	}
}

// Of a batch whose statements commit alone, those that had been committed are not done again.
func TestResumedEach(t *testing.T) {
	file := filepath.Join(t.TempDir(), "warehouse.duckdb")
	records := &servicetest.Records{}
	w := openWarehouse(t, file)
	s := open(t, w, records)
	s.wait(t, execute(t, s, "", "create table t (a int)"))
	answer, err := s.batchExecuteStatement(t.Context(), &batchExecuteStatementRequest{
		target: target{WorkgroupName: "etl", Database: "dev"}, ExecutionMode: autoCommit,
		Sqls: []string{"insert into t values (1)", "insert into t values (2), (3)"},
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
	if d := describeOver(t, s, answer.Id); d.Status != "FINISHED" || d.ResultRows != 3 {
		t.Errorf("resumed: %+v", d)
	}
	if n := count(t, s, "select count(*) from t"); n != 3 {
		t.Errorf("%d rows", n)
	}
}
