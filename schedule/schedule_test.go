package schedule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/schedule"
)

// TestNext shows the next five times of each expression after a moment, in a zone; rates begin at that moment. What cannot be read
// is answered with the reason.
func TestNext(t *testing.T) {
	datadriven.RunTest(t, "testdata/next.txt", func(t *testing.T, d *datadriven.TestData) string {
		var at, zone string
		d.ScanArgs(t, "after", &at)
		d.ScanArgs(t, "zone", &zone)
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		after, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for line := range strings.SplitSeq(d.Input, "\n") {
			fmt.Fprintf(&out, "%s\n", upcoming(line, after, location))
		}
		return out.String()
	})
}

func upcoming(text string, after time.Time, zone *time.Location) string {
	e, err := schedule.Parse(text)
	if err != nil {
		return "error: " + err.Error()
	}
	times := []string{}
	frame := schedule.Frame{Zone: zone, From: after}
	for t, ok := e.Next(after, frame); ok && len(times) < 5; t, ok = e.Next(t, frame) {
		times = append(times, t.In(zone).Format("Mon 2006-01-02T15:04-0700"))
	}
	return strings.Join(append(times, "end")[:min(len(times)+1, 5)], "  ")
}

// Next never goes back and what it finds stands: from a moment before a time, that time is the next one.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"cron(0/15 8-17 ? * MON-FRI *)", "cron(0 9 LW * ? 2027-2029)", "cron(0 9 ? * 3#5,6L *)", "rate(5 minutes)", "at(2027-01-01T00:00:00)", "cron(0 0 30 2 ? *)"} {
		f.Add(seed, int64(1_795_000_000))
	}
	zone, err := time.LoadLocation("Australia/Lord_Howe")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, second int64) {
		e, err := schedule.Parse(text)
		if err != nil || second < 0 || second > 7e9 {
			return
		}
		after := time.Unix(second, 0)
		frame := schedule.Frame{Zone: zone, From: time.Unix(0, 0)}
		next, ok := e.Next(after, frame)
		if !ok {
			return
		}
		again, ok := e.Next(next.Add(-time.Second), frame)
		if !next.After(after) || !ok || !again.Equal(next) {
			t.Errorf("%s after %s: %s, and from a second before it %s", text, after, next, again)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	e, err := schedule.Parse("cron(0 9 ? * 2#1 *)")
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for b.Loop() {
		e.Next(at, schedule.Frame{Zone: time.UTC})
	}
}
