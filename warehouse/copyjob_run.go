package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// atOnce is how many objects one transaction takes.
const atOnce = 2_000

// runCopyJob is COPY JOB RUN: it loads every object that is there and whole.
func (s *Session) runCopyJob(ctx context.Context, j *job, c *syntax.CopyJob) error {
	j.result.Tag = "COPY"
	if err := s.permit(c); err != nil {
		return err
	}
	if err := s.mustBeAlone("COPY JOB RUN"); err != nil {
		return err
	}
	found, err := s.copyJobNamed(ctx, c.Name)
	if err != nil {
		return err
	}
	total := CopyJobLoad{}
	for batch, err := range s.NewObjects(ctx, found) {
		if err != nil {
			return noBucket(found, err)
		}
		done, err := s.runObjects(ctx, found, batch)
		if err != nil {
			return err
		}
		total.add(done)
	}
	j.result.Rows = total.Rows
	total.tell(j, found)
	return nil
}

// noBucket puts what a listing found wrong into the words of COPY.
func noBucket(c CopyJob, err error) error {
	if fault.CodeOf(err) != bucket.CodeNoSuchBucket {
		return err
	}
	return fault.New(fault.NotFound, "The specified bucket does not exist: %s", c.Bucket).WithCode("XX000")
}

func (s *Session) runObjects(ctx context.Context, c CopyJob, objects []bucket.Object) (CopyJobLoad, error) {
	whole, total, err := s.whole(ctx, c, objects)
	for err == nil && len(whole) > 0 {
		n := min(atOnce, len(whole))
		var done CopyJobLoad
		done, err = s.loadCopyJob(ctx, c, whole[:n], true)
		total.add(done)
		whole = whole[n:]
	}
	return total, err
}

// whole parts the objects that may be read from those that are still being written.
func (s *Session) whole(ctx context.Context, c CopyJob, objects []bucket.Object) (whole []bucket.Object, rest CopyJobLoad, err error) {
	for _, o := range objects {
		looked, ok, err := isWhole(ctx, s.warehouse.options.Buckets, c.Bucket, o)
		switch {
		case fault.CodeOf(err) == bucket.CodeNoSuchKey:
		case err != nil:
			return nil, rest, err
		case ok:
			whole = append(whole, looked)
		default:
			rest.Later = append(rest.Later, o.Key)
		}
	}
	return whole, rest, nil
}

// isWhole looks at an object and reports whether it may be read. By hand, nobody waits for a program that may write more.
func isWhole(ctx context.Context, store bucket.Store, name string, o bucket.Object) (bucket.Object, bool, error) {
	growing, ok := store.(bucket.Growing)
	if !ok {
		return o, true, nil
	}
	o, growth, err := growing.Look(ctx, name, o.Key)
	whole := growth == bucket.GrowthClosed || growth == bucket.GrowthUnknown && time.Since(o.LastModified) >= bucket.Patience
	return o, whole, err
}

// tell says in notices what COPY JOB RUN did.
func (l *CopyJobLoad) tell(j *job, c CopyJob) {
	table := c.statement.Target.Name
	j.notice(Info, fmt.Sprintf("Load into table '%s' completed, %d record(s) of %d file(s) loaded successfully.", table, l.Rows, l.Objects))
	for _, f := range l.Failed[:min(told, len(l.Failed))] {
		j.notice(Warning, fmt.Sprintf("s3://%s/%s could not be loaded: %s", c.Bucket, f.Key, f.Reason))
	}
	if more := len(l.Failed) - told; more > 0 {
		j.notice(Warning, fmt.Sprintf("%d file(s) more could not be loaded: see sys_copy_job_detail and stl_load_errors", more))
	}
	if n := len(l.Later); n > 0 {
		j.notice(Warning, fmt.Sprintf("%d file(s) are still being written, s3://%s/%s first: run the job again to load them", n, c.Bucket, l.Later[0]))
	}
}

// told is how many failures COPY JOB RUN tells one by one.
const told = 20
