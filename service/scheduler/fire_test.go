package scheduler_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/scheduler"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

const machine = "arn:aws:states:us-east-1:123456789012:stateMachine:nightly"

// process is one process over the records.
type process struct {
	*scheduler.Service
	courier *target.Courier
	letters []string
}

func begin(t *testing.T, records service.Records, m *servicetest.Machines) *process {
	t.Helper()
	p := &process{}
	var err error
	p.courier, err = target.Open(t.Context(), records, target.Options{DeadLetter: func(l target.Letter) error {
		p.letters = append(p.letters, fmt.Sprintf("%d attempts: %v %s", l.Attempts, l.Reason, l.Exhausted))
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	p.courier.Attach(m.Table())
	p.Service, err = scheduler.Open(t.Context(), records, p.courier, scheduler.Options{Region: "us-east-1", Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	p.Start()
	p.courier.Start()
	return p
}

func (p *process) end(t *testing.T) {
	p.Close()
	p.courier.Close(t.Context())
}

// put calls CreateSchedule, or another operation, with the target added.
func (p *process) put(t *testing.T, operation, request string) {
	t.Helper()
	r := value.MustParse(request)
	to, _ := r.Get("Target")
	to = to.With("Arn", value.OfString(machine)).With("RoleArn", value.OfString("arn:aws:iam::123456789012:role/r"))
	if _, ok := to.Get("Input"); !ok {
		to = to.With("Input", value.OfString("<aws.scheduler.scheduled-time>"))
	}
	r = r.With("Target", to)
	if _, ok := r.Get("FlexibleTimeWindow"); !ok {
		r = r.With("FlexibleTimeWindow", value.MustParse(`{"Mode": "OFF"}`))
	}
	row, _ := p.Table().Operation(operation)
	if _, err := row.Call(t.Context(), r, ""); err != nil {
		t.Fatal(err)
	}
}

// Virtual time begins at midnight of 2000-01-01, a Saturday.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestFires(t *testing.T) {
	for name, test := range map[string]struct{ request, want string }{
		"cron": {`{"Name": "a", "ScheduleExpression": "cron(0 3 * * ? *)"}`, "01T03:00:00 2000-01-01T03:00:00Z\n02T03:00:00 2000-01-02T03:00:00Z"},
		"zone": {`{"Name": "a", "ScheduleExpression": "cron(0 3 * * ? *)", "ScheduleExpressionTimezone": "Asia/Kolkata"}`,
			"01T21:30:00 2000-01-01T21:30:00Z\n02T21:30:00 2000-01-02T21:30:00Z"},
		"rate": {`{"Name": "a", "ScheduleExpression": "rate(1 day)"}`,
			"01T00:00:00 2000-01-01T00:00:00Z\n02T00:00:00 2000-01-02T00:00:00Z\n03T00:00:00 2000-01-03T00:00:00Z"},
		"start": {`{"Name": "a", "ScheduleExpression": "rate(1 day)", "StartDate": "2000-01-01T05:00:00Z"}`,
			"01T05:00:00 2000-01-01T05:00:00Z\n02T05:00:00 2000-01-02T05:00:00Z"},
		"end": {`{"Name": "a", "ScheduleExpression": "rate(1 day)", "StartDate": "2000-01-01T05:00:00Z", "EndDate": "2000-01-02T04:00:00Z"}`,
			"01T05:00:00 2000-01-01T05:00:00Z"},
		"at":       {`{"Name": "a", "ScheduleExpression": "at(2000-01-01T12:34:56)"}`, "01T12:34:56 2000-01-01T12:34:56Z"},
		"past":     {`{"Name": "a", "ScheduleExpression": "at(1999-12-31T23:00:00)"}`, ""},
		"disabled": {`{"Name": "a", "ScheduleExpression": "rate(1 day)", "State": "DISABLED"}`, ""},
		"input":    {`{"Name": "a", "ScheduleExpression": "at(2000-01-01T01:00:00)", "Target": {"Input": {"day": 1}}}`, `01T01:00:00 {"day":1}`},
		"flexible": {`{"Name": "a", "ScheduleExpression": "at(2000-01-01T01:00:00)", "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60}}`,
			"01T01:28:41 2000-01-01T01:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &servicetest.Machines{}
				p := begin(t, &servicetest.Records{}, m)
				p.put(t, "CreateSchedule", test.request)
				sleep(48*time.Hour + time.Minute)
				p.end(t)
				if got := m.Taken(); got != test.want {
					t.Errorf("got\n%s\nwant\n%s", got, test.want)
				}
			})
		})
	}
}

// After downtime, the newest of the missed times is caught up, if it is not older than a day or what the schedule says; and
// however often a process begins, a time is fired once.
func TestDowntime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records, m := &servicetest.Records{}, &servicetest.Machines{}
		p := begin(t, records, m)
		p.put(t, "CreateSchedule", `{"Name": "often", "ScheduleExpression": "rate(1 hour)", "StartDate": "2000-01-01T01:00:00Z", "Target": {"Input": "often <aws.scheduler.scheduled-time>"}}`)
		p.put(t, "CreateSchedule", `{"Name": "hasty", "ScheduleExpression": "cron(0 2 * * ? *)", "Target": {"RetryPolicy": {"MaximumEventAgeInSeconds": 3600}}}`)
		p.put(t, "CreateSchedule", `{"Name": "rare", "ScheduleExpression": "at(2000-01-01T20:00:00)"}`)
		sleep(90 * time.Minute)
		p.end(t)
		if got, want := m.Taken(), "01T01:00:00 often 2000-01-01T01:00:00Z"; got != want {
			t.Errorf("before: %s", got)
		}
		sleep(29 * time.Hour) // until 06:30 of the next day
		for range 3 {
			p = begin(t, records, m)
			sleep(time.Minute)
			p.end(t)
		}
		got := strings.Split(m.Taken(), "\n")
		slices.Sort(got)
		if want := []string{"02T06:30:00 2000-01-01T20:00:00Z", "02T06:30:00 often 2000-01-02T06:00:00Z"}; !slices.Equal(got, want) {
			t.Errorf("caught up: %q", got)
		}
		p = begin(t, records, m)
		sleep(time.Hour)
		p.end(t)
		if got, want := m.Taken(), "02T07:00:00 often 2000-01-02T07:00:00Z"; got != want {
			t.Errorf("then: %s", got)
		}
	})
}

// breaking are records that stop working when they are told, as a process that is killed.
type breaking struct {
	servicetest.Records
	left atomic.Int64
}

func (b *breaking) Put(ctx context.Context, kind, id string, body []byte) error {
	if b.left.Add(-1) < 0 {
		return fault.New(fault.Unavailable, "killed")
	}
	return b.Records.Put(ctx, kind, id, body)
}

func (b *breaking) Delete(ctx context.Context, kind, id string) error {
	if b.left.Add(-1) < 0 {
		return fault.New(fault.Unavailable, "killed")
	}
	return b.Records.Delete(ctx, kind, id)
}

// A clock that is put forward fires the newest of the times that it left out; one that is put back fires none again.
func TestClockJumps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := begin(t, &servicetest.Records{}, &servicetest.Machines{})
		defer p.end(t)
		p.put(t, "CreateSchedule", `{"Name": "often", "ScheduleExpression": "rate(1 hour)", "StartDate": "2000-01-01T01:00:00Z"}`)
		const arn = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/often"
		for _, x := range []struct{ now, due, next string }{
			{"01T00:59", "", "01T01:00"},
			{"01T01:00", "01T01:00", "01T02:00"},
			{"01T09:30", "01T09:00", "01T10:00"},
			{"01T02:15", "", "01T10:00"},
			{"04T07:59", "04T07:00", "04T08:00"},
		} {
			now, err := time.Parse("2006-01-02T15:04", "2000-01-"+x.now)
			if err != nil {
				t.Fatal(err)
			}
			due, calls, ok := p.Due(arn, now)
			if ok != (x.due != "") || ok && due.Format("02T15:04") != x.due || len(calls) > 1 {
				t.Errorf("at %s %s is due, %d calls, want %s", x.now, due, len(calls), x.due)
			}
			if ok {
				if err := p.Fired(t.Context(), arn, due); err != nil {
					t.Fatal(err)
				}
			}
			if next, _ := p.Next(arn); next.Format("02T15:04") != x.next {
				t.Errorf("at %s the next time is %s, want %s", x.now, next, x.next)
			}
		}
	})
}

// together are records that write invocations only when so many are to be written at the same time.
type together struct {
	servicetest.Records
	missing atomic.Int64
	all     chan struct{}
}

func (r *together) Put(ctx context.Context, kind, id string, body []byte) error {
	if kind == "target.invocation" {
		if r.missing.Add(-1) == 0 {
			close(r.all)
		}
		select {
		case <-r.all:
		case <-time.After(time.Minute): // of virtual time
			return fault.New(fault.Unavailable, "the others do not come")
		}
	}
	return r.Records.Put(ctx, kind, id, body)
}

// Schedules that are due at the same time do not wait for each other's writes.
func TestBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const burst = 20
		records, m := &together{all: make(chan struct{})}, &servicetest.Machines{}
		records.missing.Store(burst)
		p := begin(t, records, m)
		for i := range burst {
			p.put(t, "CreateSchedule", fmt.Sprintf(`{"Name": "a%d", "ScheduleExpression": "at(2000-01-01T01:00:00)"}`, i))
		}
		sleep(time.Hour)
		p.end(t)
		if got, want := m.Taken(), strings.TrimSuffix(strings.Repeat("01T01:00:00 2000-01-01T01:00:00Z\n", burst), "\n"); got != want {
			t.Errorf("got\n%s", got)
		}
	})
}

// Wherever a process is killed, the time is fired once.
func TestKilled(t *testing.T) {
	for writes := range 5 {
		synctest.Test(t, func(t *testing.T) {
			records, m := &breaking{}, &servicetest.Machines{}
			records.left.Store(100)
			p := begin(t, records, m)
			p.put(t, "CreateSchedule", `{"Name": "a", "ScheduleExpression": "at(2000-01-01T01:00:00)"}`)
			records.left.Store(int64(writes))
			sleep(time.Hour + time.Minute)
			p.end(t)
			records.left.Store(100)
			p = begin(t, records, m)
			sleep(time.Hour)
			p.end(t)
			if got := m.Taken(); strings.Count(got, "2000-01-01T01:00:00Z") != 1 {
				t.Errorf("killed after %d writes: %s", writes, got)
			}
		})
	}
}

func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &servicetest.Machines{}
		failures := 3
		m.Fail = func() error {
			if failures--; failures >= 0 {
				return fault.New(fault.Unavailable, "busy")
			}
			return nil
		}
		p := begin(t, &servicetest.Records{}, m)
		p.put(t, "CreateSchedule", `{"Name": "a", "ScheduleExpression": "at(2000-01-01T01:00:00)", "ActionAfterCompletion": "DELETE"}`)
		sleep(2 * time.Hour)
		if got, want := m.Taken(), "01T01:00:07 2000-01-01T01:00:00Z"; got != want {
			t.Errorf("got %s", got)
		}
		m.Fail = func() error { return fault.New(fault.Unavailable, "busy") }
		p.put(t, "CreateSchedule", `{"Name": "a", "ScheduleExpression": "at(2000-01-01T03:00:00)", "Target": {"RetryPolicy": {"MaximumRetryAttempts": 2}}}`)
		p.put(t, "CreateSchedule", `{"Name": "b", "ScheduleExpression": "at(2000-01-01T04:00:00)", "Target": {"RetryPolicy": {"MaximumEventAgeInSeconds": 60}}}`)
		sleep(150 * time.Minute)
		m.Fail = func() error { return fault.New(fault.NotFound, "no such machine") }
		p.put(t, "CreateSchedule", `{"Name": "c", "ScheduleExpression": "at(2000-01-01T05:00:00)"}`)
		sleep(time.Hour)
		p.end(t)
		want := []string{"3 attempts: busy MaximumRetryAttempts", "6 attempts: busy MaximumEventAgeInSeconds", "1 attempts: no such machine "}
		if !slices.Equal(p.letters, want) {
			t.Errorf("dead letters %q", p.letters)
		}
	})
}
