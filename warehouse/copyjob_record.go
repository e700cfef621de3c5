package warehouse

import (
	"context"
	_ "embed"
	"encoding/json"
	"iter"
	"strings"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// The tables of auto-copy jobs. The record of a job's objects grows by inserts only, so that transactions of different
// jobs never meet there.
//
//go:embed catalog_copyjob.sql
var catalogOfCopyJobs string

// The states of an object in a job's record.
const (
	present  = "B" // was there before the job
	ingested = "I"
	failed   = "E"
)

// copyJobLock names the lock that a job's loads and changes take, one at a time.
func copyJobLock(name string) string { return "copy job " + name }

// CopyJobs returns all jobs.
func (w *Warehouse) CopyJobs(ctx context.Context) ([]CopyJob, error) {
	c, err := w.backend.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return copyJobs(ctx, c, "true")
}

// CopyJobsChanged signals that jobs were made, altered or dropped since the last signal. It has one reader.
func (w *Warehouse) CopyJobsChanged() <-chan struct{} { return w.copyJobsChanged }

func (w *Warehouse) signalCopyJobs() {
	select {
	case w.copyJobsChanged <- struct{}{}:
	default:
	}
}

func copyJobs(ctx context.Context, c Conn, where string, args ...any) ([]CopyJob, error) {
	rows, err := all(ctx, c, `SELECT job_id, job_name, owner, schema_name, statement, bucket, prefix, auto FROM stepwell.copy_job
		WHERE `+where+` ORDER BY job_id`, args...)
	if err != nil {
		return nil, err
	}
	jobs := make([]CopyJob, len(rows))
	for i, row := range rows {
		jobs[i] = CopyJob{ID: row[0].(int64), Name: row[1].(string), Owner: row[2].(string),
			Bucket: row[5].(string), Prefix: row[6].(string), Auto: row[7].(bool)}
		if jobs[i].statement, err = storedCopy(row[4].(string), row[3].(string)); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// storedCopy reads a job's statement, whose table stands in the schema that it had when the job was made.
func storedCopy(text, schema string) (*syntax.Copy, error) {
	fragments, err := syntax.Split(text)
	if err != nil {
		return nil, err
	}
	statement, err := syntax.Parse(fragments[0])
	if err != nil {
		return nil, err
	}
	c := statement.(*syntax.Copy)
	c.Target.Schema = schema
	return c, nil
}

func (s *Session) copyJobNamed(ctx context.Context, name string) (CopyJob, error) {
	found, err := copyJobs(ctx, s.conn, "job_name = $1", name)
	switch {
	case err != nil:
		return CopyJob{}, err
	case len(found) == 0:
		return CopyJob{}, fault.New(fault.NotFound, "copy job %q does not exist", name).WithCode("42704")
	}
	return found[0], nil
}

func (s *Session) mustBeNewCopyJob(ctx context.Context, name string, at fault.Position) error {
	row, err := one(ctx, s.conn, `SELECT count(*), count(*) FILTER (job_name = $1) FROM stepwell.copy_job`, name)
	switch {
	case err != nil:
		return err
	case row[1].(int64) > 0:
		return fault.New(fault.Conflict, "copy job %q already exists", name).WithCode("42710").At(at)
	case row[0].(int64) >= maxCopyJobs:
		return fault.New(fault.Throttled, "a warehouse has at most %d copy jobs", maxCopyJobs).WithCode("54000").At(at)
	}
	return nil
}

// recordCopyJob stores a job and gives it its number.
func (s *Session) recordCopyJob(ctx context.Context, c *CopyJob, text string) error {
	row, err := one(ctx, s.conn, `SELECT nextval('stepwell.copy_job_id')`)
	if err != nil {
		return err
	}
	c.ID = row[0].(int64)
	role := ""
	for _, o := range c.statement.Options {
		role += roleOf(o)
	}
	_, err = s.conn.Exec(ctx, `INSERT INTO stepwell.copy_job VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, c.Name, c.Owner, s.schemaOf(c.statement.Target), withoutJob(c.statement, c.statement.Text), text, role, c.Bucket, c.Prefix, c.Auto)
	return err
}

// recordPresent notes what the bucket holds already: only what comes later, or is written anew, is the job's. A bucket that
// does not exist yet holds nothing.
func (s *Session) recordPresent(ctx context.Context, c CopyJob) error {
	for batch, err := range objectsOf(ctx, s.warehouse.options.Buckets, c) {
		if fault.CodeOf(err) == bucket.CodeNoSuchBucket {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.recordObjects(ctx, c, batch, present); err != nil {
			return err
		}
	}
	return nil
}

// listed is how many objects are looked up in the record at a time.
const listed = 10_000

// objectsOf lists a job's objects, some at a time. What is no file, the mark of a folder, is left out.
func objectsOf(ctx context.Context, store bucket.Store, c CopyJob) iter.Seq2[[]bucket.Object, error] {
	return func(yield func([]bucket.Object, error) bool) {
		var batch []bucket.Object
		for o, err := range bucket.All(ctx, store, c.Bucket, c.Prefix) {
			if err != nil {
				yield(nil, err)
				return
			}
			if o.Size == 0 && strings.HasSuffix(o.Key, "/") {
				continue
			}
			if batch = append(batch, o); len(batch) == listed {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// recordLine is an object on its way into the record.
type recordLine struct {
	Place    int    `json:"place"`
	Key      string `json:"key"`
	Size     int64  `json:"size"`
	ETag     string `json:"etag"`
	Modified int64  `json:"modified"` // microseconds
}

// recordTable reads the lines that its argument holds as JSON: one statement takes thousands of objects.
const recordTable = `(SELECT unnest(from_json($2::VARCHAR, '[{"place":"BIGINT","key":"VARCHAR","size":"BIGINT","etag":"VARCHAR","modified":"BIGINT"}]'), recursive := true))`

func recordLines(objects []bucket.Object) (string, error) {
	lines := make([]recordLine, len(objects))
	for i, o := range objects {
		lines[i] = recordLine{Place: i, Key: o.Key, Size: o.Size, ETag: o.ETag, Modified: o.LastModified.UnixMicro()}
	}
	text, err := json.Marshal(lines)
	return string(text), err
}

func (s *Session) recordObjects(ctx context.Context, c CopyJob, objects []bucket.Object, status string) error {
	if len(objects) == 0 {
		return nil
	}
	lines, err := recordLines(objects)
	if err != nil {
		return err
	}
	_, err = s.conn.Exec(ctx, `INSERT INTO stepwell.copy_job_file
		SELECT $1, key, size, etag, make_timestamp(modified), $3, $4 FROM `+recordTable, c.ID, lines, time.Now().UTC(), status)
	return err
}

// unrecorded returns those of the objects that a job has not met. One that was there before the job and was written since counts.
func (s *Session) unrecorded(ctx context.Context, c CopyJob, objects []bucket.Object) ([]bucket.Object, error) {
	if len(objects) == 0 {
		return nil, nil
	}
	lines, err := recordLines(objects)
	if err != nil {
		return nil, err
	}
	rows, err := all(ctx, s.conn, `SELECT place FROM `+recordTable+` o WHERE NOT EXISTS (SELECT 1 FROM stepwell.copy_job_file f
		WHERE f.job_id = $1 AND f.key = o.key AND (f.status <> $3 OR f.size = o.size AND epoch_us(f.modified) = o.modified))
		ORDER BY place`, c.ID, lines, present)
	if err != nil {
		return nil, err
	}
	left := make([]bucket.Object, len(rows))
	for i, row := range rows {
		left[i] = objects[row[0].(int64)]
	}
	return left, nil
}

// NewObjects lists the objects that a job has not met, some at a time, for whoever loads them with LoadCopyJob.
func (s *Session) NewObjects(ctx context.Context, c CopyJob) iter.Seq2[[]bucket.Object, error] {
	return func(yield func([]bucket.Object, error) bool) {
		for batch, err := range objectsOf(ctx, s.warehouse.options.Buckets, c) {
			if err == nil {
				batch, err = s.unrecorded(ctx, c, batch)
			}
			if (len(batch) > 0 || err != nil) && !yield(batch, err) {
				return
			}
		}
	}
}

// NoteCopyJob keeps a message for SYS_COPY_JOB_INFO.
func (s *Session) NoteCopyJob(ctx context.Context, c CopyJob, message string) error {
	_, err := s.conn.Exec(ctx, `INSERT INTO stepwell.copy_job_message VALUES ($1, $2, $3, $4)`, c.ID, c.Name, time.Now().UTC(), message)
	return err
}
