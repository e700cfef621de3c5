// Package autocopy runs the auto-copy jobs of a warehouse: it notices the objects that a job has not met, waits until each
// is whole, and has the warehouse load them in few transactions. It keeps no record of its own: what is loaded, and that
// it is loaded once, is the warehouse's (warehouse.Session.LoadCopyJob).
//
//	jobs := autocopy.Start(w, autocopy.Options{Buckets: store, Watcher: watcher, Log: logger})
//	defer jobs.Close()
//
// A Watcher tells of objects at once; listings find what it missed, or everything where there is none. Jobs that are made,
// altered or dropped meanwhile are followed. Each job has a goroutine and a session of its own, so a job that waits for
// its table's lock or retries does not hold up the others.
package autocopy

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/warehouse"
)

// Options are the surroundings of a Scheduler.
type Options struct {
	// Buckets is where the jobs' objects are.
	Buckets bucket.Store
	// Watcher tells of new objects; without it they are found by listing alone.
	Watcher bucket.Watcher
	// Log gets what goes wrong, which SYS_COPY_JOB_INFO has as well.
	Log *slog.Logger
}

// Scheduler runs jobs until it is closed.
type Scheduler struct {
	warehouse *warehouse.Warehouse
	options   Options
	cancel    context.CancelFunc
	ended     sync.WaitGroup
}

// Start runs the warehouse's jobs, those to come as well. It must be closed before the warehouse.
func Start(w *warehouse.Warehouse, o Options) *Scheduler {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Scheduler{warehouse: w, options: o, cancel: cancel}
	s.ended.Go(func() { s.follow(ctx) })
	return s
}

// Close stops all jobs; a load under way is rolled back.
func (s *Scheduler) Close() {
	s.cancel()
	s.ended.Wait()
}

// retryJobs is how long to wait when the jobs themselves cannot be read.
const retryJobs = time.Second

// follow starts and stops the goroutines of jobs as these come and go.
func (s *Scheduler) follow(ctx context.Context) {
	running := map[int64]context.CancelFunc{}
	for {
		again, stop := context.WithCancel(ctx)
		if err := s.match(ctx, running); err != nil && ctx.Err() == nil {
			s.options.Log.Error("read the copy jobs", "error", err)
			again, stop = context.WithTimeout(ctx, retryJobs)
		}
		select {
		case <-s.warehouse.CopyJobsChanged():
		case <-again.Done():
		}
		stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// match has a goroutine run for every job that is to load by itself, and for no other.
func (s *Scheduler) match(ctx context.Context, running map[int64]context.CancelFunc) error {
	jobs, err := s.warehouse.CopyJobs(ctx)
	if err != nil {
		return err
	}
	wanted := map[int64]bool{}
	for _, job := range jobs {
		if !job.Auto {
			continue
		}
		wanted[job.ID] = true
		if running[job.ID] == nil {
			jobCtx, cancel := context.WithCancel(ctx)
			running[job.ID] = cancel
			r := newRunner(s, job)
			s.ended.Go(func() { r.run(jobCtx) })
		}
	}
	for id, cancel := range running {
		if !wanted[id] {
			cancel()
			delete(running, id)
		}
	}
	return nil
}
