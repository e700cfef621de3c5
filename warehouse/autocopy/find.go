package autocopy

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

const (
	// noticed bounds how many objects a job remembers; beyond it they are found again by listing.
	noticed = 100_000
	// safetyNet is how often a bucket is listed whose watcher tells of new objects. Where nobody does, it is listed often
	// while objects come, and less and less often while none do: at an S3 endpoint each listing is a request to pay for.
	safetyNet = 30 * time.Second
	firstPoll = 250 * time.Millisecond
	lastPoll  = 5 * time.Second
	// share is the part of the time that listing may take: a listing waits this many times as long as the last one took.
	share = 10
)

// notice takes an event of the watcher.
func (r *runner) notice(e bucket.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.Key == "" || len(r.pending) >= noticed {
		r.relist = true
	} else {
		r.see(e)
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *runner) see(e bucket.Event) {
	seen := r.pending[e.Key]
	if seen == nil {
		seen = &sighting{}
		r.pending[e.Key] = seen
	}
	seen.InPlace = seen.InPlace || e.InPlace
	seen.due = time.Time{}
}

// list looks for objects in the whole bucket, if it is time. The bucket is watched before, so that none slips between.
func (r *runner) list(ctx context.Context) error {
	r.mu.Lock()
	wanted := r.relist || time.Now().After(r.nextList)
	r.relist = false
	r.mu.Unlock()
	if !wanted {
		return nil
	}
	began := time.Now()
	interval := safetyNet
	watched, err := r.watch()
	if err == nil {
		r.poll, err = r.find(ctx)
	}
	if !watched {
		interval = r.poll
	}
	r.nextList = time.Now().Add(max(interval, share*time.Since(began)))
	if err != nil {
		r.unwatch()
		r.wantList()
	}
	return err
}

func (r *runner) wantList() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.relist = true
}

// watch has the bucket watched and reports whether somebody does.
func (r *runner) watch() (watched bool, err error) {
	watcher := r.scheduler.options.Watcher
	if watcher == nil {
		return false, nil
	}
	if r.stopWatching == nil {
		r.stopWatching, err = watcher.Watch(r.job.Bucket, r.job.Prefix, r.notice)
	}
	switch {
	case err == nil, fault.CodeOf(err) == bucket.CodeNoSuchBucket:
		return true, err
	case fault.KindOf(err) != fault.Unsupported:
		r.scheduler.options.Log.Warn("copy job lists its bucket instead of watching it", "job", r.job.Name, "error", err)
	}
	return false, nil
}

func (r *runner) unwatch() {
	if r.stopWatching != nil {
		r.stopWatching()
		r.stopWatching = nil
	}
}

// find lists what the job has not met, and returns when to do so again if nobody watches.
func (r *runner) find(ctx context.Context) (poll time.Duration, err error) {
	poll = min(max(firstPoll, 2*r.poll), lastPoll)
	for batch, err := range r.session.NewObjects(ctx, r.job) {
		if err != nil {
			return firstPoll, err
		}
		if r.add(batch) {
			poll = firstPoll
		}
	}
	return poll, nil
}

// add takes in what a listing has, for nobody saw how it came, and reports whether something is new.
func (r *runner) add(objects []bucket.Object) (news bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range objects {
		switch {
		case r.pending[o.Key] != nil:
		case len(r.pending) >= noticed:
			r.relist = true
		default:
			r.pending[o.Key] = &sighting{Sighting: bucket.Sighting{InPlace: true, Looked: o, Since: time.Now()}}
			news = true
		}
	}
	return news
}

// whole returns the objects that may be read now, at most those of one transaction, and when to look again at the others.
func (r *runner) whole(ctx context.Context) (whole []bucket.Object, wait time.Duration, err error) {
	keys, wait := r.due(time.Now())
	for _, key := range keys {
		o, pause, err := r.look(ctx, key)
		switch {
		case fault.CodeOf(err) == bucket.CodeNoSuchKey:
			r.forget(bucket.Object{Key: key})
		case err != nil:
			return nil, 0, err
		case pause > 0:
			wait = min(wait, pause)
		default:
			whole = append(whole, o)
		}
	}
	return whole, wait, nil
}

// due returns the objects to look at, at most those of one transaction, and when the next will be.
func (r *runner) due(now time.Time) (keys []string, wait time.Duration) {
	wait = safetyNet
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, seen := range r.pending {
		switch {
		case now.Before(seen.due):
			wait = min(wait, seen.due.Sub(now))
		case len(keys) < atOnce:
			keys = append(keys, key)
		default:
			return keys, 0
		}
	}
	return keys, wait
}

// look returns an object as it is and how long it must wait to be read.
func (r *runner) look(ctx context.Context, key string) (bucket.Object, time.Duration, error) {
	store := r.scheduler.options.Buckets
	growing, ok := store.(bucket.Growing)
	if !ok {
		return r.lookOnce(ctx, key)
	}
	o, growth, err := growing.Look(ctx, r.job.Bucket, key)
	if err != nil {
		return o, 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	seen, now := r.pending[key], time.Now()
	pause := seen.Settle(o, growth, now)
	seen.due = now.Add(pause)
	return o, pause, nil
}

// lookOnce returns an object of a store in which all are whole, as it was listed or, where only its key is known, as it is.
func (r *runner) lookOnce(ctx context.Context, key string) (bucket.Object, time.Duration, error) {
	r.mu.Lock()
	listed := r.pending[key].Looked
	r.mu.Unlock()
	if listed.Key != "" {
		return listed, 0, nil
	}
	o, err := r.scheduler.options.Buckets.Head(ctx, r.job.Bucket, key)
	return o, 0, err
}

func (r *runner) forget(objects ...bucket.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range objects {
		delete(r.pending, o.Key)
	}
}
