package sqlite

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/value"
)

// morning is when the executions of these tests begin; one comes every minute.
var morning = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// started is the first write of an execution that begins some minutes after the morning.
func started(name string, minute int) engine.Write {
	w := begin(name)
	w.Record.Name, w.Record.StartTime = name, morning.Add(time.Duration(minute)*time.Minute)
	return w
}

// ended is the last one, a minute later.
func ended(w engine.Write, status machine.Status) engine.Write {
	w.Definition, w.Chunk = "", chunk(2, 4, 5)
	w.Record.Status, w.Record.StopTime = status, w.Record.StartTime.Add(time.Minute)
	w.Record.Output = value.OfString("output")
	return w
}

func names(records []engine.Record) string {
	var all []string
	for _, r := range records {
		all = append(all, r.Name)
	}
	return strings.Join(all, " ")
}

func tallies(t *testing.T, s *Store, since time.Time) string {
	t.Helper()
	all, err := s.Tallies(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, tally := range all {
		lines = append(lines, fmt.Sprintf("%s %s %d", tally.Day.Format("01-02"), tally.Status, tally.Number))
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

func TestTallies(t *testing.T) {
	s := openFolder(t, t.TempDir())
	a, b, c := started("a", 0), started("b", 1), started("c", 24*60-1)
	commit(t, s, a, b, c)
	if got := tallies(t, s, morning); got != "01-01 RUNNING 3" {
		t.Error(got)
	}
	commit(t, s, ended(a, machine.Succeeded), ended(b, machine.Failed), ended(c, machine.Failed))
	if got := tallies(t, s, morning); got != "03-02 FAILED 1, 03-02 SUCCEEDED 1, 03-03 FAILED 1" {
		t.Error(got)
	}
	if got := tallies(t, s, morning.AddDate(0, 0, 1)); got != "03-03 FAILED 1" {
		t.Error(got)
	}
	again := ended(b, machine.RunningStatus)
	again.Record.RedriveCount, again.Record.StopTime, again.Chunk = 1, time.Time{}, chunk(3, 6, 7)
	commit(t, s, again)
	if got := tallies(t, s, morning); got != "01-01 RUNNING 1, 03-02 SUCCEEDED 1, 03-03 FAILED 1" {
		t.Error(got)
	}
}

// What an earlier version wrote is counted when it is opened.
func TestTalliesOfAnEarlierVersion(t *testing.T) {
	dir := t.TempDir()
	s := openFolder(t, dir)
	a, b := started("a", 0), started("b", 1)
	commit(t, s, a, b, ended(a, machine.Failed))
	forgetOverview(t, s)
	pragma(t, s, "PRAGMA user_version = 7")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := tallies(t, openFolder(t, dir), morning); got != "01-01 RUNNING 1, 03-02 FAILED 1" {
		t.Error(got)
	}
}

// forgetOverview takes away what migration 8 made.
func forgetOverview(t *testing.T, s *Store) {
	t.Helper()
	for _, thing := range []string{"TABLE execution_count", "INDEX execution_failed", "INDEX execution_by_failure"} {
		pragma(t, s, "DROP "+thing)
	}
}

func TestFailures(t *testing.T) {
	s := openFolder(t, t.TempDir())
	for i, status := range []machine.Status{machine.Failed, machine.Succeeded, machine.TimedOut, machine.Aborted, machine.Failed} {
		w := started(string(rune('a'+i)), i)
		commit(t, s, w, ended(w, status))
	}
	for _, c := range []struct {
		since time.Time
		limit int
		want  string
	}{{morning, 10, "e c a"}, {morning, 2, "e c"}, {morning.Add(2 * time.Minute), 10, "e c"}, {morning.Add(time.Hour), 10, ""}} {
		records, err := s.Failures(t.Context(), c.since, c.limit)
		if err != nil || names(records) != c.want {
			t.Errorf("since %s: %q, %v", c.since, names(records), err)
		}
		for _, r := range records {
			if !r.Input.IsZero() || !r.Output.IsZero() {
				t.Error("inputs or outputs were read")
			}
		}
	}
}

const machineOfNames = "arn:aws:states:us-east-1:123456789012:stateMachine:m"

func TestFilterByNameAndTime(t *testing.T) {
	s := openFolder(t, t.TempDir())
	for i, name := range []string{"load-1", "load-2", "check", "load-3", "Load", "load", "loae"} {
		w := started(name, 2*i)
		w.Record.StateMachineARN, w.Record.ARN = machineOfNames, "arn:aws:states:us-east-1:123456789012:execution:m:"+name
		commit(t, s, w)
	}
	minute := func(n int) time.Time { return morning.Add(time.Duration(n) * time.Minute) }
	for _, c := range []struct {
		filter engine.Filter
		want   string
	}{
		{engine.Filter{Name: "load"}, "load load-3 load-2 load-1"},
		{engine.Filter{Name: "load", StateMachineARN: machineOfNames}, "load load-3 load-2 load-1"},
		{engine.Filter{Name: "load-2", StateMachineARN: machineOfNames}, "load-2"},
		{engine.Filter{Name: "load", StateMachineARN: machineOfNames + "2"}, ""},
		{engine.Filter{Name: "load-"}, "load-3 load-2 load-1"},
		{engine.Filter{Name: "%"}, ""},
		{engine.Filter{From: minute(4)}, "loae load Load load-3 check"},
		{engine.Filter{To: minute(4)}, "load-2 load-1"},
		{engine.Filter{From: minute(3), To: minute(9)}, "Load load-3 check"},
		{engine.Filter{From: minute(100)}, ""},
		{engine.Filter{To: morning}, ""},
		{engine.Filter{Name: "load", From: minute(5)}, "load load-3"},
		{engine.Filter{Status: machine.RunningStatus, Name: "check"}, "check"},
	} {
		records, _, err := s.Executions(t.Context(), c.filter, engine.Page{})
		if err != nil || names(records) != c.want {
			t.Errorf("%+v: %q, %v", c.filter, names(records), err)
		}
	}
	records, _, err := s.Executions(t.Context(), engine.Filter{}, engine.Page{Limit: 1, Brief: true})
	if err != nil || !records[0].Input.IsZero() || names(records) != "loae" {
		t.Errorf("%+v, %v", records, err)
	}
}

// fill makes executions, most of which succeeded, without the work of running them.
func fill(tb testing.TB, s *Store, number int) {
	tb.Helper()
	const text = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
		INSERT INTO execution (arn, name, state_machine_arn, state_machine_name, role_arn, region, definition, input, start_time, status, stop_time, output)
		SELECT 'arn:execution:machine-' || (i % 10) || ':run-' || i, 'run-' || i, 'arn:stateMachine:machine-' || (i % 10), 'machine-' || (i % 10), '', '', 'd', '{"day":"2026-03-02"}',
			?2 + i * 1000, iif(i > ?1 - 5, 'RUNNING', iif(i % 1000 = 0, 'FAILED', 'SUCCEEDED')), iif(i > ?1 - 5, NULL, ?2 + i * 1000 + 500), '{}' FROM n`
	err := s.write(func(conn *sqlite.Conn) error {
		return sqlitex.ExecuteScript(conn, "INSERT INTO definition VALUES ('d', '{}')", nil)
	})
	if err == nil {
		err = s.write(func(conn *sqlite.Conn) error {
			return sqlitex.Execute(conn, text, &sqlitex.ExecOptions{Args: []any{number, morning.UnixMilli()}})
		})
	}
	if err == nil {
		_, count, _ := strings.Cut(migration(tb, "migration/008_overview.sql"), ") WITHOUT ROWID;")
		count, _, _ = strings.Cut(count, ";")
		err = s.write(func(conn *sqlite.Conn) error { return sqlitex.ExecuteScript(conn, count, nil) })
	}
	if err != nil {
		tb.Fatal(err)
	}
}

func migration(tb testing.TB, name string) string {
	text, err := migrations.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// BenchmarkOverview asks what the front page of the console shows of ten state machines with a million executions.
func BenchmarkOverview(b *testing.B) {
	const number = 1_000_000
	s, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	fill(b, s, number)
	list := func(filter engine.Filter, limit int) func() error {
		return func() error {
			_, _, err := s.Executions(b.Context(), filter, engine.Page{Limit: limit, Brief: true})
			return err
		}
	}
	last := morning.Add(number * time.Second)
	for _, c := range []struct {
		name string
		ask  func() error
	}{
		{"strip", list(engine.Filter{StateMachineARN: "arn:stateMachine:machine-3"}, 30)},
		{"running", list(engine.Filter{Status: machine.RunningStatus}, 20)},
		{"failures", func() error { _, err := s.Failures(b.Context(), last.Add(-24*time.Hour), 20); return err }},
		{"tallies", func() error { _, err := s.Tallies(b.Context(), last.Add(-24*time.Hour)); return err }},
		{"status", list(engine.Filter{StateMachineARN: "arn:stateMachine:machine-0", Status: machine.Aborted}, 50)},
		{"name", list(engine.Filter{StateMachineARN: "arn:stateMachine:machine-7", Name: "run-77777"}, 50)},
		{"manyNames", list(engine.Filter{StateMachineARN: "arn:stateMachine:machine-7", Name: "run-"}, 50)},
		{"time", list(engine.Filter{StateMachineARN: "arn:stateMachine:machine-3", From: morning.Add(time.Hour), To: morning.Add(2 * time.Hour)}, 50)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := c.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
