package autocopy

import (
	"context"
	"sync"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/warehouse"
)

const (
	// gather is how long the first object waits for others that come with it; while many keep coming, gatherMore, for a
	// transaction costs as much as loading a hundred small objects.
	gather     = 20 * time.Millisecond
	gatherMore = 100 * time.Millisecond
	many       = 10
	// atOnce is how many objects one transaction takes.
	atOnce = 2_000
	// firstRetry and lastRetry bound how long a job waits that cannot load for a reason that is no object's.
	firstRetry = 500 * time.Millisecond
	lastRetry  = 10 * time.Second
)

// runner runs one job.
type runner struct {
	scheduler *Scheduler
	job       warehouse.CopyJob
	session   *warehouse.Session
	// stopWatching is set while the bucket is watched.
	stopWatching func()
	nextList     time.Time
	// poll is how often to list while nobody watches.
	poll time.Duration
	// lastLoad is when the last load ended, lastCount how many objects it had.
	lastLoad  time.Time
	lastCount int
	// complaint is the last reason that was told, retry how long to wait for the next try.
	complaint string
	retry     time.Duration

	mu      sync.Mutex
	pending map[string]*sighting
	relist  bool
	wake    chan struct{}
}

func newRunner(s *Scheduler, job warehouse.CopyJob) *runner {
	return &runner{scheduler: s, job: job, pending: map[string]*sighting{}, relist: true, wake: make(chan struct{}, 1)}
}

// run loads what comes until ctx ends.
func (r *runner) run(ctx context.Context) {
	defer r.end()
	for {
		wait, err := r.turn(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			wait = r.complain(ctx, err)
		}
		if !r.rest(ctx, wait, err == nil) {
			return
		}
	}
}

// rest waits, at most for a time; events end it early unless the job waits to try again. It reports whether to go on.
func (r *runner) rest(ctx context.Context, wait time.Duration, wakeable bool) bool {
	wake := r.wake
	if !wakeable {
		wake = nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	case <-wake:
	}
	timer.Reset(r.gathering())
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (r *runner) gathering() time.Duration {
	if r.lastCount >= many && time.Since(r.lastLoad) < 2*gatherMore {
		return gatherMore
	}
	return gather
}

// turn looks for objects where it is time, loads those that are whole and returns how long there is nothing to do.
func (r *runner) turn(ctx context.Context) (time.Duration, error) {
	if err := r.connect(ctx); err != nil {
		return 0, err
	}
	if err := r.list(ctx); err != nil {
		return 0, err
	}
	for {
		whole, wait, err := r.whole(ctx)
		if err != nil {
			return 0, err
		}
		if err := r.load(ctx, whole); err != nil {
			return 0, err
		}
		if len(whole) < atOnce {
			return min(wait, time.Until(r.nextList)), nil
		}
	}
}

func (r *runner) connect(ctx context.Context) (err error) {
	if r.session == nil {
		r.session, err = r.scheduler.warehouse.Session(ctx, warehouse.SessionConfig{User: r.job.Owner})
	}
	return err
}

// load has the warehouse load objects and forgets those that are done with.
func (r *runner) load(ctx context.Context, objects []bucket.Object) error {
	if len(objects) == 0 {
		return nil
	}
	done, err := r.session.LoadCopyJob(ctx, r.job, objects)
	if err != nil {
		return err
	}
	r.complaint, r.retry = "", 0
	r.lastLoad, r.lastCount = time.Now(), len(objects)
	r.forget(objects...)
	for _, key := range done.Later {
		r.notice(bucket.Event{Key: key, InPlace: true})
	}
	r.tell(done)
	return nil
}

// tell logs what became of objects.
func (r *runner) tell(done warehouse.CopyJobLoad) {
	log := r.scheduler.options.Log.With("job", r.job.Name)
	for _, f := range done.Failed {
		log.Warn("copy job skips a file", "file", "s3://"+r.job.Bucket+"/"+f.Key, "error", f.Reason)
	}
	if done.Objects > 0 {
		log.Info("copy job has loaded", "files", done.Objects, "rows", done.Rows)
	}
}

// complain tells once why the job does not load, and returns how long to wait for the next try.
func (r *runner) complain(ctx context.Context, err error) time.Duration {
	r.retry = min(max(firstRetry, 2*r.retry), lastRetry)
	if err.Error() == r.complaint {
		return r.retry
	}
	r.complaint = err.Error()
	log := r.scheduler.options.Log.With("job", r.job.Name)
	log.Warn("copy job waits", "error", err)
	if r.session != nil {
		if err := r.session.NoteCopyJob(ctx, r.job, r.complaint); err != nil {
			log.Error("copy job keeps its message", "error", err)
		}
	}
	return r.retry
}

func (r *runner) end() {
	r.unwatch()
	if r.session != nil {
		if err := r.session.Close(); err != nil {
			r.scheduler.options.Log.Warn("copy job closes its session", "job", r.job.Name, "error", err)
		}
	}
}
