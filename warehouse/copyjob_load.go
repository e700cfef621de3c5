package warehouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse/load"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// CopyJobLoad is what became of some objects of a job.
type CopyJobLoad struct {
	// Objects and Rows count what was loaded.
	Objects, Rows int64
	Failed        []CopyJobFailure
	// Later are the keys of objects that were written while they were read; they are not in the record.
	Later []string
}

// CopyJobFailure is an object that cannot be loaded; its job never tries it again.
type CopyJobFailure struct{ Key, Reason string }

func (l *CopyJobLoad) add(other CopyJobLoad) {
	l.Objects += other.Objects
	l.Rows += other.Rows
	l.Failed = append(l.Failed, other.Failed...)
	l.Later = append(l.Later, other.Later...)
}

// LoadCopyJob loads the objects that a job has not met yet, in one transaction with their record: each exactly once,
// whoever else loads them and whatever dies when; none if the job was paused or dropped meanwhile. Objects that cannot be loaded
// go into the record with their reason and do not stop the others. An error has a reason that is no object's, and nothing
// happened.
func (s *Session) LoadCopyJob(ctx context.Context, c CopyJob, objects []bucket.Object) (CopyJobLoad, error) {
	return s.loadCopyJob(ctx, c, objects, false)
}

func (s *Session) loadCopyJob(ctx context.Context, c CopyJob, objects []bucket.Object, byHand bool) (CopyJobLoad, error) {
	l := &copyJobLoader{session: s, job: c, byHand: byHand, bad: map[string]string{}, leave: map[string]bool{}, later: map[string]bool{}}
	for {
		err := s.alone(ctx, func() error { return l.attempt(ctx, objects) })
		switch {
		case err == nil:
			return l.done, nil
		case !l.learn():
			return CopyJobLoad{}, unplaced(err)
		}
	}
}

// unplaced takes the position off an error, which is one in the job's stored statement.
func unplaced(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.At(fault.Position{})
	}
	return err
}

// copyJobLoader loads some objects. An attempt that finds objects at fault is rolled back whole and made again without them.
type copyJobLoader struct {
	session *Session
	job     CopyJob
	byHand  bool
	// bad has the reason of each key at fault; later the keys written while they were read, leave also those that are gone.
	bad          map[string]string
	leave, later map[string]bool
	outcome      load.Outcome
	done         CopyJobLoad
}

func (l *copyJobLoader) attempt(ctx context.Context, objects []bucket.Object) error {
	s := l.session
	l.outcome, l.done = load.Outcome{}, CopyJobLoad{}
	locks := demand{copyJobLock(l.job.Name): lock.ShareRowExclusive, s.lockName(l.job.statement.Target): lock.ShareRowExclusive}
	if err := s.acquire(ctx, locks); err != nil {
		return err
	}
	on, err := one(ctx, s.conn, `SELECT auto FROM stepwell.copy_job WHERE job_id = $1`, l.job.ID)
	if err != nil {
		return err
	}
	if on == nil || on[0] == false && !l.byHand { // dropped or paused meanwhile
		return nil
	}
	fresh, err := s.unrecorded(ctx, l.job, objects)
	if err != nil {
		return err
	}
	good, bad := l.part(fresh)
	if err := l.load(ctx, good); err != nil {
		return err
	}
	return l.record(ctx, good, bad)
}

// part leaves out what earlier attempts have found.
func (l *copyJobLoader) part(objects []bucket.Object) (good, bad []bucket.Object) {
	for _, o := range objects {
		switch {
		case l.leave[o.Key]:
		case l.bad[o.Key] != "":
			bad = append(bad, o)
		default:
			good = append(good, o)
		}
	}
	return good, bad
}

func (l *copyJobLoader) load(ctx context.Context, good []bucket.Object) error {
	if len(good) == 0 {
		return nil
	}
	objects := make([]load.Object, len(good))
	for i, o := range good {
		objects[i] = load.Object{Bucket: l.job.Bucket, Key: o.Key, Size: o.Size, ETag: o.ETag, Modified: o.LastModified}
	}
	j := &job{statement: l.job.statement, sink: &Collector{}, id: l.session.warehouse.queries.Number()}
	if from := origin.Of(ctx); from.Trigger == "" {
		from.Trigger = "auto-copy job " + l.job.Name
		ctx = origin.With(ctx, from)
	}
	return l.session.record(ctx, j, func(ctx context.Context) (err error) {
		l.outcome, err = l.session.load(ctx, j, l.job.statement, objects, l.job.ID)
		j.result.Tag, j.result.Rows = "COPY", l.outcome.Loaded
		return err
	})
}

// record notes in the transaction of the rows what became of the objects.
func (l *copyJobLoader) record(ctx context.Context, good, bad []bucket.Object) error {
	s := l.session
	l.done.Objects, l.done.Rows = int64(len(good)), l.outcome.Loaded
	for key := range l.later {
		l.done.Later = append(l.done.Later, key)
	}
	if err := s.recordObjects(ctx, l.job, good, ingested); err != nil {
		return err
	}
	for _, o := range bad {
		reason := l.bad[o.Key]
		l.done.Failed = append(l.done.Failed, CopyJobFailure{Key: o.Key, Reason: reason})
		if err := s.NoteCopyJob(ctx, l.job, fmt.Sprintf("s3://%s/%s: %s", l.job.Bucket, o.Key, reason)); err != nil {
			return err
		}
	}
	return s.recordObjects(ctx, l.job, bad, failed)
}

// learn takes from a failed attempt which objects are at fault, and reports whether there are any.
func (l *copyJobLoader) learn() bool {
	learned := false
	for _, f := range l.outcome.Files {
		switch {
		case f.Errors == 0 && f.Problem == nil:
			continue
		case f.Problem != nil && fault.KindOf(f.Problem) == fault.NotFound:
			l.leave[f.Key] = true
		case f.Problem != nil && fault.KindOf(f.Problem) == fault.Conflict:
			l.leave[f.Key], l.later[f.Key] = true, true
		default:
			l.bad[f.Key] = l.reason(f)
		}
		learned = true
	}
	return learned
}

func (l *copyJobLoader) reason(f load.File) string {
	if f.Problem != nil {
		return strings.TrimPrefix(f.Problem.Error(), f.String()+": ")
	}
	for _, r := range l.outcome.Rejections {
		if r.File == f.String() {
			return strings.TrimPrefix(r.Error(), r.File+", ")
		}
	}
	return "see stl_load_errors"
}
