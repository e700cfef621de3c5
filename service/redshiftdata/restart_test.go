package redshiftdata

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// What a process left unfinished is done by the next one, once, whether or not the warehouse had committed it.
func TestResumed(t *testing.T) {
	p := startOnDisk(t)
	p.done("create table t (a int)")
	tokened := to
	tokened.ClientToken = "one"
	first := p.ask(tokened, "insert into t values (1)").Id
	committed := p.unended(first)
	second := committed
	second.ID, second.ClientToken = "11111111-2222-3333-4444-555555555555", "two"
	second.Request.Sqls = []string{"insert into t values (2), (3)"}
	p.restart(committed, second)
	for id, rows := range map[string]int64{first: 1, second.ID: 2} {
		if d := p.over(id); d.Status != "FINISHED" || d.ResultRows != rows {
			t.Errorf("%s: %+v", id, d)
		}
	}
	if n := p.count("select count(*) from t"); n != 3 {
		t.Errorf("%d rows", n)
	}
	if again := p.ask(tokened, "insert into t values (1)").Id; again != first {
		t.Errorf("the token of %s was forgotten", first)
	}
}

// A token names the last statement it was given with, also when the one before is forgotten, and in the next process.
func TestTokens(t *testing.T) {
	p := start(t)
	tokened := to
	tokened.ClientToken = "k"
	same := func(when, want string) {
		t.Helper()
		if got := p.ask(tokened, "select 1").Id; got != want {
			t.Errorf("%s: the token names %s, not %s", when, got, want)
		}
	}
	first := p.ask(tokened, "select 1").Id
	p.wait(first)
	p.later(17 * time.Hour)
	second := p.ask(tokened, "select 1").Id
	p.wait(second)
	if first == second {
		t.Error("a token is good for more than eight hours")
	}
	p.Service.Close()
	p.reopen()
	same("in the next process", second)
	p.later(24*time.Hour + 30*time.Minute)
	p.done("select 2") // forgets the first
	if _, _, err := p.find(first); err == nil {
		t.Error("a statement is kept for more than a day")
	}
	same("when the first is forgotten", second)
}

// Of a batch, what had been committed is not done again, whether its statements commit together or alone.
func TestResumedBatch(t *testing.T) {
	for mode, rows := range map[string]int64{transaction: -1, autoCommit: 3} { // what a transaction answered is lost
		p := startOnDisk(t)
		p.done("create table t (a int)")
		id := p.batch(mode, "insert into t values (1)", "insert into t values (2), (3)")
		p.restart(p.unended(id))
		if d := p.over(id); d.Status != "FINISHED" || d.ResultRows != rows {
			t.Errorf("%s resumed: %+v", mode, d)
		}
		if n := p.count("select count(*) from t"); n != 3 {
			t.Errorf("%s: %d rows", mode, n)
		}
	}
}

// Sessions end with the process. The next one runs the statement that makes a session again, in a new one of the same
// name; one that used a session has lost it.
func TestSessionsAfterRestart(t *testing.T) {
	p := startOnDisk(t)
	minute, kept := int64(60), to
	kept.SessionKeepAliveSeconds = &minute
	first := p.ask(kept, "create temp table x (a int)")
	p.wait(first.Id)
	second := p.ask(target{SessionId: first.SessionId}, "insert into x values (1)")
	p.restart(p.unended(first.Id), p.unended(second.Id))
	if d := p.over(first.Id); d.Status != "FINISHED" || d.SessionId != first.SessionId {
		t.Errorf("the maker of the session: %+v", d)
	}
	if d := p.over(second.Id); d.Status != "FAILED" || !strings.Contains(d.Error, "ended with the process") || d.WorkgroupName != "etl" {
		t.Errorf("a user of the session: %+v", d)
	}
	third := p.ask(target{SessionId: first.SessionId}, "insert into x values (1)")
	if d := p.over(third.Id); d.Status != "FINISHED" {
		t.Errorf("the new session: %+v", d)
	}
}

// Closing interrupts what runs, and the next process finds it unfinished.
func TestClose(t *testing.T) {
	p := start(t)
	id := p.execute(endless)
	p.Service.Close()
	var left string
	err := p.records.List(t.Context(), statementKind, func(found string, body []byte) error {
		left += found + " " + string(body)
		return nil
	})
	if err != nil || !strings.Contains(left, id) || !strings.Contains(left, `"Status":"SUBMITTED"`) {
		t.Errorf("left %s, %v", left, err)
	}
	_, err = p.executeStatement(t.Context(), &executeStatementRequest{target: to, Sql: "select 1"})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a closed service took a statement: %v", err)
	}
}

// After CancelAll nothing is left for the next process.
func TestCancelAll(t *testing.T) {
	p := start(t)
	ended, long := p.done("select 1"), p.execute(endless)
	p.CancelAll()
	p.Service.Close()
	p.reopen()
	for id, status := range map[string]string{ended: "FINISHED", long: "ABORTED"} {
		if d := p.over(id); d.Status != status {
			t.Errorf("want %s: %+v", status, d)
		}
	}
}

// An event that the bus did not take is told by the next process, and then by no other.
func TestEventAfterRestart(t *testing.T) {
	bus, told := newBus(), to
	bus.fail, told.WithEvent = errors.New("no bus"), true
	p := start(t, SendEvents(bus), At(site()))
	id := p.ask(told, "select 1").Id
	p.wait(id)
	p.Service.Close()
	bus.fail = nil
	for range 2 {
		p.reopen()
		p.Service.Close() // waits for what is to be told
	}
	if len(bus.events) != 1 || p.record(id).EventDue {
		t.Fatalf("%d events", len(bus.events))
	}
	if e := (<-bus.events).describe(); !strings.Contains(e, `"state":"FINISHED"`) {
		t.Error(e)
	}
}
