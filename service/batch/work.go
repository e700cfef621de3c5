package batch

import (
	"context"
	"strconv"

	"github.com/stepwell/stepwell/origin"
)

// status is a job's. The way is SUBMITTED, PENDING while it depends on others, RUNNABLE in its queue, STARTING, RUNNING, and
// SUCCEEDED or FAILED; a retry leads back to RUNNABLE. Every status may end in FAILED.
type status string

const (
	submitted status = "SUBMITTED"
	pending   status = "PENDING"
	runnable  status = "RUNNABLE"
	starting  status = "STARTING"
	running   status = "RUNNING"
	succeeded status = "SUCCEEDED"
	failed    status = "FAILED"
)

var allStatuses = []status{submitted, pending, runnable, starting, running, succeeded, failed}

func (s status) ended() bool { return s == succeeded || s == failed }

// record is what is kept of a job. Times are milliseconds since 1970.
type record struct {
	ID, Name, Queue string
	// Parent is the array job that the job is a child of, Index its place there; Size is that of an array job.
	Parent       string `json:",omitempty"`
	Index        int64  `json:",omitempty"`
	Size         int64  `json:",omitempty"`
	Status       status
	StatusReason string
	Created      int64
	// Sequence tells the order of jobs of the same millisecond.
	Sequence         int64
	Started, Stopped int64
	Attempts         []attempt
	// Cancelled and Terminated say who ended the job before its time, Reason what they gave as the reason.
	Cancelled, Terminated bool
	Reason                string
	// Origin is what led to the job.
	Origin origin.Origin `json:",omitzero"`
	// Spec is what was submitted; a child has its parent's.
	Spec *spec `json:",omitempty"`
}

// spec is what a job was submitted with, the definition's part included. It never changes.
type spec struct {
	Definition       string // ARN
	DefinitionName   string
	Container        container
	Parameters       map[string]string
	Retry            retryStrategy
	Timeout          *timeout
	DependsOn        []dependency
	Tags             map[string]string
	PropagateTags    *bool
	Priority         *int64
	ShareIdentifier  string
	PlatformCapacity []string
}

type dependency struct {
	JobId string
	Type  string `enum:"N_TO_N|SEQUENTIAL"`
}

// attempt is one try to run a job.
type attempt struct {
	Task             string // the id of the ECS task that it would be
	TaskARN          string
	LogStream        string
	ExitCode         *int64
	Reason           string
	StatusReason     string
	Started, Stopped int64
}

// work is a job in memory.
type work struct {
	record
	// dependencies is how many jobs it still waits for.
	dependencies int
	// told is the status that the observer has heard of.
	told status
	// stop ends the attempt that runs.
	stop context.CancelCauseFunc
	// done is closed when the job has ended.
	done     chan struct{}
	children []*work
	counts   map[status]int64 // of the children
}

func newWork(r record) *work {
	w := &work{record: r, done: make(chan struct{})}
	if r.Status.ended() {
		close(w.done)
	}
	return w
}

// makeChildren makes the children of an array job, all of them waiting.
func (w *work) makeChildren() {
	w.counts = map[status]int64{pending: w.Size}
	for i := range w.Size {
		r := w.record
		r.ID, r.Parent, r.Index, r.Size = w.ID+":"+strconv.FormatInt(i, 10), w.ID, i, 0
		r.Status, r.Attempts = pending, nil
		w.children = append(w.children, newWork(r))
	}
}

// leaves are the jobs that run: the job itself or its children.
func (w *work) leaves() []*work {
	if w.Size > 0 {
		return w.children
	}
	return []*work{w}
}

// move changes a job's status in memory. The caller holds the lock.
func (s *Service) move(w *work, to status) {
	if parent := s.jobs[w.Parent]; parent != nil {
		parent.counts[w.Status]--
		parent.counts[to]++
	}
	w.Status = to
}

// save makes a job durable as it is. A child that waits is not stored: it follows from its parent.
func (s *Service) save(w *work) error {
	r := w.record
	if w.Parent != "" {
		r.Spec = nil
	}
	if err := s.jobRecords.Put(context.WithoutCancel(s.ctx), w.ID, r); err != nil {
		return err
	}
	s.tell(w)
	return nil
}

// tell says that a job has another status. The caller holds the lock.
func (s *Service) tell(w *work) {
	if s.options.Observe == nil || w.told == w.Status {
		return
	}
	w.told = w.Status
	if job, err := s.Table().Print(s.detail(w)); err == nil {
		s.options.Observe(job)
	}
}

// keep is save where nobody could be told of an error.
func (s *Service) keep(w *work) {
	if err := s.save(w); err != nil {
		s.options.Log.Error("keep the job", "job", w.ID, "error", err)
	}
}

// finish ends a job, tells those who wait for it, and starts what may start now. The caller holds the lock.
func (s *Service) finish(w *work, to status, reason string) {
	if w.Status.ended() {
		return
	}
	s.move(w, to)
	w.StatusReason, w.Stopped, w.stop = reason, now(), nil
	s.keep(w)
	close(w.done)
	s.release(w)
	s.finishParent(w.Parent)
}

// finishParent ends an array job with its last child.
func (s *Service) finishParent(id string) {
	parent := s.jobs[id]
	switch {
	case parent == nil || parent.Size == 0 || parent.counts[succeeded]+parent.counts[failed] < parent.Size:
	case parent.counts[failed] == 0:
		s.finish(parent, succeeded, "")
	case parent.Terminated || parent.Cancelled:
		s.finish(parent, failed, parent.Reason)
	default:
		s.finish(parent, failed, "Array Child Job failed")
	}
}
