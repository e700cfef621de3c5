package redshiftdata

import (
	"context"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// process is the Data API of one process after another over the same warehouse and records.
type process struct {
	*Service
	t       *testing.T
	file    string // of the warehouse; empty: in memory
	records *servicetest.Records
	options []Option
	opened  *warehouse.Warehouse
	waiting chan string // tables that somebody waits for the lock of
}

// start opens the Data API over a new warehouse in memory.
func start(t *testing.T, options ...Option) *process {
	t.Helper()
	return startOn(t, "", options...)
}

// startOnDisk opens it over a new warehouse that outlives the process.
func startOnDisk(t *testing.T, options ...Option) *process {
	t.Helper()
	return startOn(t, filepath.Join(t.TempDir(), "warehouse.duckdb"), options...)
}

func startOn(t *testing.T, file string, options ...Option) *process {
	t.Helper()
	p := &process{t: t, file: file, records: &servicetest.Records{}, options: options, waiting: make(chan string, 10)}
	p.open()
	t.Cleanup(func() { p.close() })
	return p
}

func (p *process) open() {
	p.t.Helper()
	backend, err := duckdb.Open(p.t.Context(), p.file)
	if err != nil {
		p.t.Fatal(err)
	}
	p.opened, err = warehouse.Open(p.t.Context(), backend, warehouse.Options{Waiting: func(table string, _ lock.Mode) { p.waiting <- table }})
	if err != nil {
		p.t.Fatal(err)
	}
	p.reopen()
}

// reopen opens the Data API alone.
func (p *process) reopen() {
	p.t.Helper()
	s, err := Open(p.t.Context(), p.opened, p.records, p.options...)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Service = s
}

func (p *process) close() {
	p.Service.Close()
	p.opened.Close() // fails when a session is still open
}

// restart goes on in another process. What is left are the records as they would be had the first one died.
func (p *process) restart(left ...statementRecord) {
	p.t.Helper()
	p.close()
	for _, r := range left {
		if err := p.put(&statement{record: r}); err != nil {
			p.t.Fatal(err)
		}
	}
	p.open()
}

// unended is the record of a statement whose end was not recorded.
func (p *process) unended(id string) statementRecord {
	p.wait(id)
	r := p.record(id)
	r.outcome, r.EventDue = unknown(submitted), false
	return r
}

func (p *process) record(id string) statementRecord {
	p.t.Helper()
	r, _, err := p.find(id)
	if err != nil {
		p.t.Fatal(id, err)
	}
	return r
}

// wait returns when a statement is over.
func (p *process) wait(id string) {
	p.t.Helper()
	p.mu.Lock()
	st, ok := p.statements[id]
	p.mu.Unlock()
	if !ok {
		p.t.Fatalf("there is no statement %q", id)
	}
	<-st.done
}

// to is a target that most tests use.
var to = target{place: place{WorkgroupName: "etl"}, Database: "dev"}

// execute submits a statement.
func (p *process) execute(sql string) string {
	p.t.Helper()
	return p.ask(to, sql).Id
}

func (p *process) ask(to target, sql string) *executeResponse {
	p.t.Helper()
	answer, err := p.executeStatement(p.t.Context(), &executeStatementRequest{target: to, Sql: sql})
	if err != nil {
		p.t.Fatal(err)
	}
	return answer
}

func (p *process) batch(mode string, sqls ...string) string {
	p.t.Helper()
	answer, err := p.batchExecuteStatement(p.t.Context(), &batchExecuteStatementRequest{target: to, ExecutionMode: mode, Sqls: sqls})
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.Id
}

// over describes a statement at its end.
func (p *process) over(id string) *describeStatementResponse {
	p.t.Helper()
	p.wait(id)
	d, err := p.describeStatement(p.t.Context(), &describeStatementRequest{Id: id})
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

// done runs a statement that has to finish.
func (p *process) done(sql string) string {
	p.t.Helper()
	id := p.execute(sql)
	if d := p.over(id); d.Status != "FINISHED" {
		p.t.Fatalf("%s: %s %s", sql, d.Status, d.Error)
	}
	return id
}

// count runs a query of one number.
func (p *process) count(sql string) int64 {
	p.t.Helper()
	result, err := p.getStatementResult(p.t.Context(), &getStatementResultRequest{Id: p.done(sql)})
	if err != nil {
		p.t.Fatal(err)
	}
	return *result.Records[0][0].LongValue
}

// hold makes a table t that somebody else has locked: whoever touches it waits.
func (p *process) hold() {
	p.t.Helper()
	p.done("create table t (a int)")
	other, err := p.opened.Session(p.t.Context(), warehouse.SessionConfig{})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { other.Close() })
	if err := other.Run(p.t.Context(), "begin; lock table t", warehouse.Run{}, &warehouse.Collector{}); err != nil {
		p.t.Fatal(err)
	}
}

// later turns the clock.
func (p *process) later(by time.Duration) {
	before := p.now
	p.now = func() time.Time { return before().Add(by) }
}

// endless is a query that runs until it is cancelled.
const endless = "select count(*) from generate_series(1, 100000000) a(x), generate_series(1, 100000) b(y) where x % 7 = y % 5"

// bus is an event bus that keeps the events in a channel.
type bus struct {
	events chan Event
	fail   error
}

func newBus() *bus { return &bus{events: make(chan Event, 10)} }

func (b *bus) Put(_ context.Context, e Event) error {
	if b.fail != nil {
		return b.fail
	}
	b.events <- e
	return nil
}

// describe is an event as traces show it.
func (e Event) describe() string {
	text := e.Source + " " + e.DetailType
	for _, r := range e.Resources {
		text += " " + r
	}
	return text + "\n" + expiry.ReplaceAllString(servicetest.Mask(e.Detail.Compact()), `"expireAt":<seconds>`) + "\n"
}

var expiry = regexp.MustCompile(`"expireAt":\d+`)

func site() *redshift.Site { return redshift.NewSite("us-east-1", "123456789012") }
