package arrival_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/arrival"
)

// place is a bucket whose files the test writes, and its watcher.
type place struct {
	notice func(bucket.Event)

	mu    sync.Mutex
	files map[string]file
	told  strings.Builder
	start time.Time
}

type file struct {
	bucket.Object
	growth bucket.Growth
}

func (p *place) Watch(name, prefix string, notice func(bucket.Event)) (func(), error) {
	if name != "sales" {
		return nil, bucket.NoSuchBucket(name)
	}
	p.notice = notice
	return func() { p.notice = func(bucket.Event) {} }, nil
}

func (p *place) Look(_ context.Context, name, key string) (bucket.Object, bucket.Growth, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.files[key]
	if !ok {
		return bucket.Object{}, bucket.GrowthUnknown, bucket.NoSuchKey(name, key)
	}
	return f.Object, f.growth, nil
}

// write writes a file and has the watcher notice it.
func (p *place) write(key string, size int64, growth bucket.Growth, inPlace bool) bucket.Object {
	o := bucket.Object{Key: key, Size: size, LastModified: time.Now()}
	p.mu.Lock()
	p.files[key] = file{o, growth}
	p.mu.Unlock()
	p.notice(bucket.Event{Key: key, InPlace: inPlace})
	return o
}

func (p *place) tell(_ context.Context, c bucket.Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(&p.told, "%s %s %d %s after %s\n", c.Bucket, c.Object.Key, c.Object.Size, c.Operation, time.Since(p.start))
}

// arrivals are steps that happen one behind the other, with what is told by then.
var arrivals = map[string]struct {
	steps func(p *place, a *arrival.Arrivals)
	want  string
}{
	"moved in": {func(p *place, _ *arrival.Arrivals) {
		p.write("a.csv", 5, bucket.GrowthClosed, false)
	}, "sales a.csv 5 Put after 0s\n"},
	"told once, however often it is noticed": {func(p *place, _ *arrival.Arrivals) {
		p.write("a.csv", 5, bucket.GrowthClosed, false)
		synctest.Wait()
		p.notice(bucket.Event{Key: "a.csv", InPlace: true})
		p.notice(bucket.Event{Key: "a.csv"})
	}, "sales a.csv 5 Put after 0s\n"},
	"copied": {func(p *place, _ *arrival.Arrivals) {
		p.write("a.csv", 0, bucket.GrowthOpen, false)
		time.Sleep(time.Second)
		p.write("a.csv", 7, bucket.GrowthOpen, true)
		time.Sleep(time.Second)
		p.write("a.csv", 9, bucket.GrowthClosed, true)
	}, "sales a.csv 9 Put after 2.5s\n"},
	"written again": {func(p *place, _ *arrival.Arrivals) {
		p.write("a.csv", 5, bucket.GrowthClosed, false)
		time.Sleep(time.Second)
		p.write("a.csv", 5, bucket.GrowthClosed, false)
	}, "sales a.csv 5 Put after 0s\nsales a.csv 5 Put after 1s\n"},
	"put through the store": {func(p *place, a *arrival.Arrivals) {
		done := a.Writing("sales", "a.csv")
		o := p.write("a.csv", 5, bucket.GrowthClosed, false)
		synctest.Wait()
		done(o)
	}, ""},
	"put, then dropped": {func(p *place, a *arrival.Arrivals) {
		done := a.Writing("sales", "a.csv")
		done(p.write("a.csv", 5, bucket.GrowthClosed, false))
		time.Sleep(time.Second)
		p.write("a.csv", 5, bucket.GrowthClosed, false)
	}, "sales a.csv 5 Put after 1s\n"},
	"a write through the store that failed": {func(p *place, a *arrival.Arrivals) {
		done := a.Writing("sales", "a.csv")
		p.write("a.csv", 5, bucket.GrowthClosed, false)
		done(bucket.Object{})
	}, "sales a.csv 5 Put after 0s\n"},
	"gone before it was looked at": {func(p *place, _ *arrival.Arrivals) {
		p.write(".a.part", 5, bucket.GrowthOpen, false)
		synctest.Wait()
		delete(p.files, ".a.part")
		p.write("a.csv", 5, bucket.GrowthClosed, false)
	}, "sales a.csv 5 Put after 0s\n"},
	"not watched any more": {func(p *place, a *arrival.Arrivals) {
		a.Unwatch("sales")
		p.write("a.csv", 5, bucket.GrowthClosed, false)
	}, ""},
	"missed": {func(p *place, _ *arrival.Arrivals) { p.notice(bucket.Event{}) }, ""},
}

func TestArrivals(t *testing.T) {
	for name, c := range arrivals {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &place{files: map[string]file{}, start: time.Now()}
				a := arrival.Start(arrival.Options{Watcher: p, Buckets: p, Tell: p.tell, Log: slog.New(slog.DiscardHandler)})
				defer a.Close()
				for range 2 {
					if err := a.Watch("sales"); err != nil {
						t.Fatal(err)
					}
				}
				if err := a.Watch("none"); err == nil {
					t.Error("a bucket that is not there is watched")
				}
				c.steps(p, a)
				time.Sleep(10 * time.Second)
				synctest.Wait()
				p.mu.Lock()
				defer p.mu.Unlock()
				if got := p.told.String(); got != c.want {
					t.Errorf("got\n%swant\n%s", got, c.want)
				}
			})
		})
	}
}
