package warehouse

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stepwell/stepwell/warehouse/unload"
)

// unloading is one UNLOAD while it runs; it has a writer as soon as its query is answered.
type unloading struct {
	query, session int64
	plan           *unload.Plan
	exporter       Exporter
	started        time.Time
	writer         atomic.Pointer[unload.Writer]
}

// unloads are the UNLOAD statements that run now.
type unloads struct {
	mu      sync.Mutex
	running []*unloading
}

func (r *unloads) begin(u *unloading) (end func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = append(r.running, u)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.running = slices.DeleteFunc(r.running, func(other *unloading) bool { return other == u })
	}
}

// Unloading tells how far a running UNLOAD is. Done stays zero while its query runs.
type Unloading struct {
	QueryID  int64
	PID      int64  // of its session
	Location string // s3://bucket/prefix
	Started  time.Time
	unload.Done
}

// Unloads returns the UNLOAD statements that run now, in the order in which they began.
func (w *Warehouse) Unloads() []Unloading {
	w.unloads.mu.Lock()
	defer w.unloads.mu.Unlock()
	var list []Unloading
	for _, u := range w.unloads.running {
		one := Unloading{QueryID: u.query, PID: u.session, Location: u.plan.Location(), Started: u.started}
		if writer := u.writer.Load(); writer != nil {
			one.Done = writer.Done()
		}
		list = append(list, one)
	}
	return list
}
