// Package arrival tells of objects that other programs drop into buckets that are folders, once each is whole, as a store tells of
// those that are put through it. It does not tell of objects that were there before, nor of those that are deleted; what a
// watcher has missed is lost.
//
//	a := arrival.Start(arrival.Options{Watcher: watcher, Buckets: store, Tell: changed})
//	err := a.Watch("sales")
//	done := a.Writing("sales", "2024/a.csv") // by the store itself: no arrival
package arrival

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/stepwell/stepwell/agenda"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// Options is what arrivals need of the world.
type Options struct {
	Watcher bucket.Watcher
	Buckets bucket.Growing
	// Tell is called for every object that has arrived, which has no ETag then.
	Tell func(ctx context.Context, c bucket.Change)
	Log  *slog.Logger
}

// Arrivals watches buckets.
type Arrivals struct {
	options Options
	ctx     context.Context // of what is told
	cancel  context.CancelFunc
	agenda  *agenda.Agenda[place] // what is to be looked at

	mu      sync.Mutex
	stops   map[string]func() // end the watching, by bucket
	seen    map[place]*bucket.Sighting
	writing map[place]int // writes through the store that are under way
	known   memory
}

// place is where an object is.
type place struct{ bucket, key string }

// atOnce is how many objects are looked at and told of at once.
const atOnce = 16

// Start returns arrivals that watch no bucket yet.
func Start(o Options) *Arrivals {
	a := &Arrivals{options: o, stops: map[string]func(){}, seen: map[place]*bucket.Sighting{}, writing: map[place]int{}, known: newMemory()}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.agenda = agenda.New(atOnce, a.look, func(p place, err error) {
		o.Log.Warn("look at a file in a bucket", "bucket", p.bucket, "key", p.key, "error", err)
	})
	return a
}

// Watch tells of what comes into a bucket from now on. Its faults are the watcher's.
func (a *Arrivals) Watch(name string) error {
	a.mu.Lock()
	_, watched := a.stops[name]
	if !watched {
		a.stops[name] = func() {} // being watched: from here on, what the store writes is noted
	}
	a.mu.Unlock()
	if watched {
		return nil
	}
	stop, err := a.options.Watcher.Watch(name, "", func(e bucket.Event) { a.notice(name, e) })
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		delete(a.stops, name)
		return err
	}
	a.stops[name] = stop
	return nil
}

// Unwatch tells no more of a bucket.
func (a *Arrivals) Unwatch(name string) {
	a.mu.Lock()
	stop := a.stops[name]
	delete(a.stops, name)
	a.mu.Unlock()
	if stop != nil {
		stop()
	}
}

// Close ends all watching, and waits for what is being told.
func (a *Arrivals) Close() {
	a.mu.Lock()
	stops := a.stops
	a.stops = map[string]func(){}
	a.mu.Unlock()
	for _, stop := range stops {
		stop()
	}
	a.cancel()
	a.agenda.Close()
}

// Writing says that the store itself writes an object. What it returns is called when that is done, with the object as it is then,
// or a zero one.
func (a *Arrivals) Writing(name, key string) (done func(bucket.Object)) {
	p := place{name, key}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stops[name] == nil {
		return func(bucket.Object) {}
	}
	a.writing[p]++
	return func(o bucket.Object) {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.writing[p]--; a.writing[p] == 0 {
			delete(a.writing, p)
		}
		if o.Key != "" {
			a.known.keep(p, o)
		}
	}
}

// notice takes an event of the watcher.
func (a *Arrivals) notice(name string, e bucket.Event) {
	if e.Key == "" {
		a.options.Log.Warn("some files in a bucket may not have been noticed", "bucket", name)
		return
	}
	p := place{name, e.Key}
	a.mu.Lock()
	s := a.seen[p]
	if s == nil {
		s = &bucket.Sighting{}
		a.seen[p] = s
	}
	s.InPlace = s.InPlace || e.InPlace
	a.mu.Unlock()
	a.agenda.Set(p, time.Now())
}

// look looks at an object and tells of it, if it is whole and did not come through the store.
func (a *Arrivals) look(p place) error {
	o, growth, err := a.options.Buckets.Look(a.ctx, p.bucket, p.key)
	switch {
	case a.ctx.Err() != nil:
		return nil
	case fault.KindOf(err) == fault.NotFound, fault.KindOf(err) == fault.Invalid: // gone, or no key
		a.forget(p)
		return nil
	case err != nil:
		return err
	}
	if a.arrived(p, o, growth) {
		a.options.Tell(a.ctx, bucket.Change{Bucket: p.bucket, Object: o, Operation: bucket.PutOperation})
	}
	return nil
}

func (a *Arrivals) forget(p place) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.seen, p)
}

// arrived reports whether an object is to be told of. One that is not whole yet is looked at again.
func (a *Arrivals) arrived(p place, o bucket.Object, growth bucket.Growth) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.seen[p]
	if s == nil {
		return false
	}
	now := time.Now()
	pause := s.Settle(o, growth, now)
	if a.writing[p] > 0 {
		pause = max(pause, bucket.Glance)
	}
	if pause > 0 {
		a.agenda.Set(p, now.Add(pause))
		return false
	}
	delete(a.seen, p)
	if a.known.has(p, o) {
		return false
	}
	a.known.keep(p, o)
	return true
}
