package redshiftdata

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// The command event waits for the next event on the bus, names declares clusters and workgroups, later turns the clock.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		bus, site := newBus(), site()
		p := start(t, SendEvents(bus), At(site))
		servicetest.Trace(t, path, []*service.Service{p.Table()}, map[string]servicetest.Command{
			"wait":  func(_ *testing.T, d *datadriven.TestData) string { p.wait(strings.TrimSpace(d.Input)); return "" },
			"event": func(*testing.T, *datadriven.TestData) string { return (<-bus.events).describe() },
			"names": func(t *testing.T, d *datadriven.TestData) string {
				var n redshift.Names
				d.MaybeScanArgs(t, "clusters", &n.Clusters)
				d.MaybeScanArgs(t, "workgroups", &n.Workgroups)
				site.Declare(n)
				return ""
			},
			"later": func(t *testing.T, d *datadriven.TestData) string {
				var by string
				d.ScanArgs(t, "by", &by)
				skip, err := time.ParseDuration(by)
				if err != nil {
					t.Fatal(err)
				}
				p.later(skip)
				return ""
			},
		})
	})
}

// A statement that runs, here because it waits for a lock, can be cancelled.
func TestCancelRunning(t *testing.T) {
	p := start(t)
	p.hold()
	id := p.execute("insert into t values (1)")
	<-p.waiting
	running, err := p.describeStatement(t.Context(), &describeStatementRequest{Id: id})
	if err != nil || running.Status != "STARTED" || running.RedshiftPid == 0 {
		t.Errorf("while it runs: %+v, %v", running, err)
	}
	if answer, err := p.cancelStatement(t.Context(), &cancelStatementRequest{Id: id}); err != nil || !answer.Status {
		t.Fatal(answer, err)
	}
	if d := p.over(id); d.Status != "ABORTED" || d.Error != "" {
		t.Errorf("afterwards: %+v", d)
	}
}

// A batch that is cancelled keeps what its statements have come to.
func TestCancelBatch(t *testing.T) {
	for mode, want := range map[string]string{
		transaction: "ABORTED: FINISHED ABORTED ABORTED",
		autoCommit:  "ABORTED: FINISHED FAILED ABORTED ABORTED",
	} {
		p := start(t)
		p.hold()
		sqls := []string{"create table u (a int)", "insert into t values (1)", "select 2"}
		if mode == autoCommit {
			sqls = append([]string{"select 1", "select nothing"}, sqls[1:]...)
		}
		id := p.batch(mode, sqls...)
		<-p.waiting
		if _, err := p.cancelStatement(t.Context(), &cancelStatementRequest{Id: id}); err != nil {
			t.Fatal(err)
		}
		if got := p.over(id).statuses(); got != want {
			t.Errorf("%s: %s", mode, got)
		}
	}
}

// statuses are that of a batch and those of its statements.
func (d *describeStatementResponse) statuses() string {
	text := d.Status + ":"
	for _, sub := range d.SubStatements {
		text += " " + sub.Status
	}
	return text
}

// While a statement runs in a session, no other one can; a cancelled statement leaves the session to the next.
func TestBusySession(t *testing.T) {
	p := start(t)
	p.hold()
	minute, kept := int64(60), to
	kept.SessionKeepAliveSeconds = &minute
	first := p.ask(kept, "create temp table x (a int); insert into t values (1)")
	<-p.waiting
	same := target{SessionId: first.SessionId}
	_, err := p.executeStatement(t.Context(), &executeStatementRequest{target: same, Sql: "select 1"})
	if err == nil || !strings.Contains(err.Error(), "is busy with the statement "+first.Id) {
		t.Errorf("a second statement: %v", err)
	}
	if all := p.describeSessions(); len(all) != 1 || all[0].Status != "BUSY" || all[0].CurrentStatementId != first.Id {
		t.Errorf("while it runs: %+v", all)
	}
	if _, err := p.cancelStatement(t.Context(), &cancelStatementRequest{Id: first.Id}); err != nil {
		t.Fatal(err)
	}
	p.wait(first.Id)
	if d := p.over(p.ask(same, "select * from x").Id); d.Status != "FINISHED" {
		t.Errorf("the next statement: %+v", d)
	}
}

// Results of any size come back whole, page by page.
func TestPages(t *testing.T) {
	p := start(t)
	r := &getStatementResultRequest{Id: p.done("select x, repeat('x', 1000) from generate_series(1, 3000) as g(x)")}
	var rows, pages int64
	for {
		page, err := p.getStatementResult(t.Context(), r)
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

// A wait ends with the statement, with the caller and with the service, whichever is first.
func TestWaiting(t *testing.T) {
	p := start(t)
	p.hold()
	id, long := p.execute("insert into t values (1)"), int64(30)
	<-p.waiting
	gone, leave := context.WithCancel(t.Context())
	leave()
	d, err := p.describeStatement(gone, &describeStatementRequest{Id: id, WaitTimeSeconds: &long})
	if err != nil || d.Status != "STARTED" {
		t.Errorf("a caller who has left: %+v, %v", d, err)
	}
	_, err = p.getStatementResult(gone, &getStatementResultRequest{Id: id, WaitTimeSeconds: &long})
	if fault.CodeOf(err) != codeResourceNotFound {
		t.Errorf("the result of what still runs: %v", err)
	}
	answers := make(chan string, 1)
	go func() {
		d, err := p.describeStatement(t.Context(), &describeStatementRequest{Id: id, WaitTimeSeconds: &long})
		if err != nil {
			answers <- err.Error()
			return
		}
		answers <- d.Status
	}()
	if _, err := p.cancelStatement(t.Context(), &cancelStatementRequest{Id: id}); err != nil {
		t.Fatal(err)
	}
	if got := <-answers; got != "ABORTED" {
		t.Errorf("a caller who waits: %s", got)
	}
}

// What is over a limit of a statement ends it; what is over one of the service is refused.
func TestQuotas(t *testing.T) {
	p := start(t)
	failed := func(change func(*quotas), sql, want string) {
		t.Helper()
		p.quotas = awsQuotas
		change(&p.quotas)
		if d := p.over(p.execute(sql)); d.Status != "FAILED" || d.Error != want {
			t.Errorf("%s: %s %s", sql, d.Status, d.Error)
		}
	}
	failed(func(*quotas) {}, "select repeat('x', 65537)", "ERROR: Row size 65537 exceeds the limit of 65536 bytes")
	failed(func(q *quotas) { q.result = 1000 }, "select random() from generate_series(1, 200000)",
		"ERROR: Result size exceeds the limit of 1000 bytes after compression")
	p.quotas = awsQuotas
	p.quotas.result = 100_000
	p.done("select repeat('x', 1000) from generate_series(1, 3000)") // three million bytes, which compress well
	failed(func(q *quotas) { q.duration = 0 }, "select 1", "ERROR: Query exceeded the maximum duration of a statement")
	id := p.batch(autoCommit, "select 1", "select 2")
	if got := p.over(id).statuses(); got != "FAILED: FAILED ABORTED" {
		t.Errorf("a batch that takes too long: %s", got)
	}
}

// An observer hears of every status of a statement, in order, and never of its SQL.
func TestObserve(t *testing.T) {
	var told []string
	p := start(t, Observe(func(id string, news []byte) {
		if strings.Contains(string(news), "secret") {
			t.Errorf("the SQL is in %s", news)
		}
		kind, _ := value.MustParse(string(news)).Items()[0].Get("type")
		told = append(told, id+" "+kind.Str())
	}))
	id := p.done("select 'secret'")
	want := id + " StatementSubmitted, " + id + " StatementPicked, " + id + " StatementStarted, " + id + " StatementFinished"
	if got := strings.Join(told, ", "); got != want {
		t.Errorf("told %s", got)
	}
}

// A statement that cannot be made durable is not run, and the caller hears of it.
func TestRecordsFail(t *testing.T) {
	p := start(t)
	p.done("create table t (a int)")
	p.records.Fail = fault.New(fault.Unavailable, "no space left")
	_, err := p.executeStatement(t.Context(), &executeStatementRequest{target: to, Sql: "insert into t values (1)"})
	if !errors.Is(err, p.records.Fail) || p.active != 0 || len(p.statements) != 1 {
		t.Errorf("got %v, %d active, %d known", err, p.active, len(p.statements))
	}
	p.records.Fail = nil
	if n := p.count("select count(*) from t"); n != 0 {
		t.Errorf("%d rows", n)
	}
}
