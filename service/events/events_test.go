package events_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/events"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

const machine = "arn:aws:states:us-east-1:123456789012:stateMachine:load"

// process is one process over the records.
type process struct {
	*events.Service
	courier *target.Courier
	letters []string
}

func begin(t testing.TB, records service.Records, m *servicetest.Machines) *process {
	t.Helper()
	p := &process{}
	var err error
	p.courier, err = target.Open(t.Context(), records, target.Options{DeadLetter: func(l target.Letter) error {
		p.letters = append(p.letters, l.Reason.Error())
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	p.courier.Attach(m.Table())
	p.Service, err = events.Open(t.Context(), records, p.courier, events.Options{Region: "us-east-1", Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	p.Start()
	p.courier.Start()
	return p
}

func (p *process) end() {
	p.Close()
	p.courier.Close(context.Background())
}

func (p *process) call(t testing.TB, operation, request string) {
	t.Helper()
	row, ok := p.Table().Operation(operation)
	if !ok {
		t.Fatalf("no operation %s", operation)
	}
	if _, err := row.Call(t.Context(), value.MustParse(request), ""); err != nil {
		t.Fatal(err)
	}
}

// TestTraces runs the files of testdata against a service of their own. The command starts shows which executions were started.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &servicetest.Machines{}
				p := begin(t, &servicetest.Records{}, m)
				defer p.end()
				servicetest.Trace(t, file, []*service.Service{p.Table()}, map[string]servicetest.Command{
					"starts": func(*testing.T, *datadriven.TestData) string {
						synctest.Wait()
						lines := strings.Split(servicetest.Mask(m.Taken()), "\n")
						slices.Sort(lines)
						return strings.Join(lines, "\n")
					},
				})
			})
		})
	}
}

// Virtual time begins at midnight of 2000-01-01.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// A rule's schedule fires at its times, and after downtime once.
func TestSchedules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records, m := &servicetest.Records{}, &servicetest.Machines{}
		p := begin(t, records, m)
		p.call(t, "PutRule", `{"Name": "often", "ScheduleExpression": "rate(1 hour)"}`)
		p.call(t, "PutRule", `{"Name": "daily", "ScheduleExpression": "cron(30 0 * * ? *)"}`)
		for _, rule := range []string{"often", "daily"} {
			p.call(t, "PutTargets", `{"Rule": "`+rule+`", "Targets": [{"Id": "1", "Arn": "`+machine+`",
				"InputTransformer": {"InputPathsMap": {"at": "$.time"}, "InputTemplate": "\"`+rule+` <at>\""}}]}`)
		}
		sleep(150 * time.Minute)
		p.end()
		want := `01T00:30:00 "daily 2000-01-01T00:30:00Z"` + "\n" + `01T01:00:00 "often 2000-01-01T01:00:00Z"` + "\n" + `01T02:00:00 "often 2000-01-01T02:00:00Z"`
		if got := m.Taken(); got != want {
			t.Errorf("got\n%s", got)
		}
		sleep(12 * time.Hour)
		for range 2 {
			p = begin(t, records, m)
			sleep(time.Second)
			p.end()
		}
		if got := m.Taken(); got != `01T14:30:00 "often 2000-01-01T14:00:00Z"` {
			t.Errorf("caught up: %s", got)
		}
		p = begin(t, records, m)
		p.call(t, "DisableRule", `{"Name": "often"}`)
		sleep(11 * time.Hour)
		p.call(t, "EnableRule", `{"Name": "often"}`)
		sleep(59 * time.Minute)
		p.end()
		if got := m.Taken(); got != `02T00:30:00 "daily 2000-01-02T00:30:00Z"` {
			t.Errorf("disabled: %s", got)
		}
	})
}

// What was accepted before a crash reaches its target after it.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records, m := &servicetest.Records{}, &servicetest.Machines{}
		m.Fail = func() error { return fmt.Errorf("down") }
		p := begin(t, records, m)
		p.call(t, "PutRule", `{"Name": "all", "EventPattern": {"source": ["shop"]}}`)
		p.call(t, "PutTargets", `{"Rule": "all", "Targets": [{"Id": "1", "Arn": "`+machine+`", "InputPath": "$.detail"}]}`)
		p.call(t, "PutEvents", `{"Entries": [{"Source": "shop", "DetailType": "Sold", "Detail": {"n": 1}}]}`)
		sleep(time.Second)
		p.end()
		m.Fail = nil
		p = begin(t, records, m)
		sleep(time.Hour)
		p.end()
		if got := m.Taken(); !strings.HasSuffix(got, `{"n":1}`) || strings.Contains(got, "\n") {
			t.Errorf("got %s", got)
		}
	})
}

// A rule whose execution causes the event that the rule waits for is stopped; others go on.
func TestLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &servicetest.Machines{}
		p := begin(t, &servicetest.Records{}, m)
		p.call(t, "PutRule", `{"Name": "loop", "EventPattern": {"source": ["aws.states"]}}`)
		p.call(t, "PutTargets", `{"Rule": "loop", "Targets": [{"Id": "1", "Arn": "`+machine+`", "InputPath": "$.detail"}]}`)
		status := func(execution string) {
			if err := p.Put(t.Context(), events.Event{Source: "aws.states", DetailType: "x", Detail: value.EmptyObject(), Execution: execution}); err != nil {
				t.Error(err)
			}
		}
		m.Started = status
		status("by hand")
		sleep(time.Hour)
		if got := strings.Count(m.Taken(), "{}"); got != 16 {
			t.Errorf("%d executions before the loop was stopped", got)
		}
		if len(p.letters) != 1 || !strings.Contains(p.letters[0], "loop of rules") {
			t.Errorf("dead letters %q", p.letters)
		}
		m.Started = nil
		status("another")
		sleep(time.Hour)
		if got := strings.Count(m.Taken(), "{}"); got != 1 {
			t.Errorf("%d executions of another event", got)
		}
		p.end()
	})
}

// 100 rules of which one matches.
func BenchmarkMatch(b *testing.B) {
	p := begin(b, &servicetest.Records{}, &servicetest.Machines{})
	defer p.end()
	for i := range 100 {
		p.call(b, "PutRule", fmt.Sprintf(`{"Name": "r%d", "EventPattern": {"source": ["aws.s3"], "detail-type": ["Object Created"],
			"detail": {"bucket": {"name": ["sales-%d"]}, "object": {"key": [{"prefix": "in/"}]}}}}`, i, i))
	}
	row, _ := p.Table().Operation("PutTargets")
	request := fmt.Sprintf(`{"Rule": "r50", "Targets": [{"Id": "1", "Arn": "%s"}]}`, machine)
	if _, err := row.Call(b.Context(), value.MustParse(request), ""); err != nil {
		b.Fatal(err)
	}
	detail := value.MustParse(`{"bucket": {"name": "sales-50"}, "object": {"key": "in/2026-03-01.csv", "size": 1000}}`)
	for b.Loop() {
		if err := p.Put(b.Context(), events.Event{Source: "aws.s3", DetailType: "Object Created", Time: time.Now(), Detail: detail}); err != nil {
			b.Fatal(err)
		}
	}
}
