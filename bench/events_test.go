package bench

import (
	"fmt"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/service/events"
	"github.com/stepwell/stepwell/service/scheduler"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// bus is EventBridge and Scheduler over a store on disk. Its state machines only note when they were started.
type bus struct {
	events    *events.Service
	schedules *scheduler.Service
	courier   *target.Courier

	mu     sync.Mutex
	starts []time.Time
	all    chan struct{} // closed when so many were started
	wanted int
}

func openBus(b *testing.B) *bus {
	store, err := sqlite.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	o := &bus{}
	if o.courier, err = target.Open(b.Context(), store, target.Options{}); err != nil {
		b.Fatal(err)
	}
	o.courier.Attach((&servicetest.Machines{Started: o.note}).Table())
	if o.events, err = events.Open(b.Context(), store, o.courier, events.Options{Region: "us-east-1", Account: "123456789012"}); err != nil {
		b.Fatal(err)
	}
	if o.schedules, err = scheduler.Open(b.Context(), store, o.courier, scheduler.Options{Region: "us-east-1", Account: "123456789012"}); err != nil {
		b.Fatal(err)
	}
	o.events.Start()
	o.schedules.Start()
	o.courier.Start()
	b.Cleanup(func() {
		o.schedules.Close()
		o.events.Close()
		o.courier.Close(b.Context())
		store.Close()
	})
	return o
}

func (o *bus) note(string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.starts = append(o.starts, time.Now()); len(o.starts) == o.wanted {
		close(o.all)
	}
}

// expect forgets the starts before, and returns what tells that so many were made.
func (o *bus) expect(starts int) <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.starts, o.wanted, o.all = nil, starts, make(chan struct{})
	return o.all
}

const nightly = `"Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:nightly"`

// schedule makes schedules that are due at one moment.
func (o *bus) schedule(b *testing.B, count int, due time.Time) {
	table := o.schedules.Table()
	var made sync.WaitGroup
	for i := range count {
		made.Go(func() {
			callOf(b, table, "CreateSchedule", fmt.Sprintf(`{"Name": "%d-%d", "ScheduleExpression": "at(%s)", "FlexibleTimeWindow": {"Mode": "OFF"},
				"ActionAfterCompletion": "DELETE", "Target": {%s, "RoleArn": "arn:aws:iam::123456789012:role/run"}}`,
				due.Unix(), i, due.UTC().Format("2006-01-02T15:04:05"), nightly))
		})
	}
	made.Wait()
}

// BenchmarkSchedules measures how late targets are called of schedules that are all due in the same second. Every call is durable
// before it is made, and gone from the disk afterwards.
func BenchmarkSchedules(b *testing.B) {
	for _, count := range []int{1, 20, 200} {
		b.Run(fmt.Sprintf("due=%d", count), func(b *testing.B) {
			o := openBus(b)
			var late []time.Duration
			for b.Loop() {
				all := o.expect(count)
				due := time.Now().Add(2 * time.Second).Truncate(time.Second)
				o.schedule(b, count, due)
				<-all
				for _, at := range o.starts {
					late = append(late, at.Sub(due))
				}
			}
			slices.Sort(late)
			b.ReportMetric(milliseconds(late[len(late)/2]), "p50-ms")
			b.ReportMetric(milliseconds(late[len(late)-1]), "last-ms")
			b.ReportMetric(1000/appendRate(b, b.TempDir(), make([]byte, 500), 1, 200), "append-ms")
		})
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// BenchmarkIdleSchedules measures what processor time 10,000 schedules take in a second in which none is due.
func BenchmarkIdleSchedules(b *testing.B) {
	o := openBus(b)
	o.schedule(b, 10_000, time.Now().Add(24*time.Hour))
	var used time.Duration
	for b.Loop() {
		before := processorTime(b)
		time.Sleep(time.Second)
		used += processorTime(b) - before
	}
	b.ReportMetric(milliseconds(used)/float64(b.N), "cpu-ms/s")
}

func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// rules makes a hundred rules with patterns for the events of as many buckets.
func (o *bus) rules(b *testing.B) {
	table := o.events.Table()
	for i := range 100 {
		callOf(b, table, "PutRule", fmt.Sprintf(`{"Name": "rule%d", "EventPattern": "{\"source\": [\"aws.s3\"], \"detail-type\": [\"Object Created\"], `+
			`\"detail\": {\"bucket\": {\"name\": [\"bucket-%d\"]}, \"object\": {\"key\": [{\"prefix\": \"in/\"}], \"size\": [{\"numeric\": [\">\", 0]}]}}}"}`, i, i))
		callOf(b, table, "PutTargets", fmt.Sprintf(`{"Rule": "rule%d", "Targets": [{"Id": "1", %s}]}`, i, nightly))
	}
}

func created(bucket int) events.Event {
	return events.Event{
		Source: "aws.s3", DetailType: "Object Created", Time: time.Now(),
		Detail: value.MustParse(fmt.Sprintf(`{"bucket": {"name": "bucket-%d"}, "object": {"key": "in/sales.csv", "size": 1024}, "reason": "PutObject"}`, bucket)),
	}
}

// BenchmarkMatching holds events that no rule wants against 100 rules.
func BenchmarkMatching(b *testing.B) {
	o := openBus(b)
	o.rules(b)
	for i := 0; b.Loop(); i++ {
		if err := o.events.Put(b.Context(), created(100+i)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkDelivery tells of bursts of 1,000 events, each of which one of 100 rules wants, until the last target was called.
func BenchmarkDelivery(b *testing.B) {
	o := openBus(b)
	o.rules(b)
	const burst = 1000
	for b.Loop() {
		all := o.expect(burst)
		for i := range burst {
			o.events.Tell(created(i % 100))
		}
		<-all
	}
	rate := burst * float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "events/s")
	b.ReportMetric(rate/appendRate(b, b.TempDir(), make([]byte, 1000), 1, 500), "of-append")
}
