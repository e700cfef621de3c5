package warehouse

import (
	"context"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/load"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// CopyJob is an auto-copy job: a stored COPY with the record of the objects that it has loaded. The record of an object is
// its key: whatever happens to the object later, the job does not load it again.
type CopyJob struct {
	ID    int64
	Name  string
	Owner string
	// Bucket and Prefix say which objects are the job's: those whose keys begin with Prefix.
	Bucket, Prefix string
	// Auto says that objects are to be loaded as they come; else COPY JOB RUN loads them.
	Auto      bool
	statement *syntax.Copy
}

// maxCopyJobs is how many jobs a warehouse may have.
const maxCopyJobs = 200

// maxCopyJobName is the length of a job's name, in bytes, that SYS_COPY_JOB has room for.
const maxCopyJobName = 128

// copyJob carries out COPY JOB, all but RUN, which has transactions of its own.
func (s *Session) copyJob(ctx context.Context, j *job, c *syntax.CopyJob) error {
	j.result.Tag = c.Action + " COPY JOB" // clients of PostgreSQL read a number behind the word COPY
	if c.Action == "LIST" {
		return s.listCopyJobs(ctx, j, "")
	}
	found, err := s.copyJobNamed(ctx, c.Name)
	if err != nil {
		return err
	}
	switch c.Action {
	case "SHOW":
		return s.listCopyJobs(ctx, j, found.Name)
	case "DROP":
		return s.dropCopyJob(ctx, j, found)
	}
	return s.alterCopyJob(ctx, j, found, c.Auto)
}

// createCopyJob is COPY … JOB CREATE. What the bucket holds now is not the job's; the table is not looked at.
func (s *Session) createCopyJob(ctx context.Context, j *job, c *syntax.Copy) error {
	text := load.Masked(c.Fragment)
	j.result.SQL, j.result.Tag = text, "CREATE COPY JOB"
	if err := s.mustBeAlone("COPY JOB CREATE"); err != nil {
		return err
	}
	if s.warehouse.options.Buckets == nil {
		return fault.New(fault.Unavailable, "COPY has no buckets to read from here")
	}
	made, err := s.newCopyJob(c)
	if err != nil {
		return err
	}
	if err := s.acquire(ctx, demand{copyJobLock(made.Name): lock.ShareRowExclusive}); err != nil {
		return err
	}
	if err := s.mustBeNewCopyJob(ctx, made.Name, c.Job.Position); err != nil {
		return err
	}
	j.wrote, s.tx.copyJobs = true, true
	if err := s.recordCopyJob(ctx, &made, withoutJob(c, text)); err != nil {
		return err
	}
	return s.recordPresent(ctx, made)
}

// newCopyJob checks what a job may say.
func (s *Session) newCopyJob(c *syntax.Copy) (CopyJob, error) {
	if len(c.Job.Name) > maxCopyJobName {
		return CopyJob{}, fault.Invalidf("the name of a copy job has at most %d bytes: %q", maxCopyJobName, c.Job.Name).WithCode("42622").At(c.Job.Position)
	}
	for _, o := range c.Options {
		if err := checkCopyJobOption(o); err != nil {
			return CopyJob{}, err
		}
	}
	if s.isTemporary(c.Target) {
		return CopyJob{}, fault.Invalidf("a copy job cannot load the temporary table %q", c.Target.Name).WithCode("0A000").At(c.Target.Position)
	}
	if err := load.Check(c); err != nil {
		return CopyJob{}, err
	}
	name, prefix, _ := strings.Cut(strings.TrimPrefix(c.From, "s3://"), "/")
	return CopyJob{Name: c.Job.Name, Owner: s.user, Bucket: name, Prefix: prefix, Auto: !c.Job.Manual, statement: c}, nil
}

// refusedInCopyJobs are the parameters of COPY that a job may not have.
var refusedInCopyJobs = map[string]bool{"MAXERROR": true, "IGNOREALLERRORS": true, "MANIFEST": true, "NOLOAD": true,
	"ACCESS_KEY_ID": true, "SECRET_ACCESS_KEY": true, "SESSION_TOKEN": true}

func checkCopyJobOption(o syntax.Option) error {
	what := ""
	switch {
	case refusedInCopyJobs[o.Name]:
		what = o.Name
	case o.Name == "IAM_ROLE" && len(o.Values) > 0 && strings.EqualFold(o.Values[0], "default"):
		what = "IAM_ROLE default"
	case o.Name == "CREDENTIALS" && roleOf(o) == "":
		what = "CREDENTIALS with keys"
	default:
		return nil
	}
	return fault.Invalidf("%s is not supported with COPY JOB", what).WithCode("42601").At(o.Position)
}

// roleOf returns the role that an authorization parameter names, empty for any other.
func roleOf(o syntax.Option) string {
	if len(o.Values) == 0 {
		return ""
	}
	switch o.Name {
	case "IAM_ROLE":
		return o.Values[0]
	case "CREDENTIALS":
		role, _ := strings.CutPrefix(o.Values[0], "aws_iam_role=")
		if role != o.Values[0] {
			return role
		}
	}
	return ""
}

// withoutJob cuts the JOB clause off a statement's text, in which literals before it may have been replaced.
func withoutJob(c *syntax.Copy, text string) string {
	for _, t := range c.Tokens {
		if t.Position() == c.Job.Position {
			behind := c.Offset + len(c.Text) - t.Offset
			return strings.TrimSpace(text[:len(text)-behind])
		}
	}
	return text
}

func (s *Session) dropCopyJob(ctx context.Context, j *job, c CopyJob) error {
	if err := s.mustBeAlone("COPY JOB DROP"); err != nil {
		return err
	}
	if err := s.changeCopyJob(ctx, j, c); err != nil {
		return err
	}
	if _, err := s.conn.Exec(ctx, `DELETE FROM stepwell.copy_job_file WHERE job_id = $1`, c.ID); err != nil {
		return err
	}
	_, err := s.conn.Exec(ctx, `DELETE FROM stepwell.copy_job WHERE job_id = $1`, c.ID)
	return err
}

func (s *Session) alterCopyJob(ctx context.Context, j *job, c CopyJob, auto *bool) error {
	if auto == nil {
		return nil
	}
	if err := s.changeCopyJob(ctx, j, c); err != nil {
		return err
	}
	_, err := s.conn.Exec(ctx, `UPDATE stepwell.copy_job SET auto = $2 WHERE job_id = $1`, c.ID, *auto)
	return err
}

// changeCopyJob waits until nothing is loaded for a job.
func (s *Session) changeCopyJob(ctx context.Context, j *job, c CopyJob) error {
	j.wrote, s.tx.copyJobs = true, true
	return s.acquire(ctx, demand{copyJobLock(c.Name): lock.ShareRowExclusive})
}

// copyJobColumns are what LIST and SHOW answer with.
var copyJobColumns = []Column{{Name: "job_id", Type: "int8"}, {Name: "job_name", Type: "varchar"}, {Name: "iam_role", Type: "varchar"},
	{Name: "job_text", Type: "varchar"}, {Name: "is_auto", Type: "int4"}}

// listCopyJobs answers with one job, or with all when name is empty.
func (s *Session) listCopyJobs(ctx context.Context, j *job, name string) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	values, err := all(ctx, s.conn, `SELECT job_id, job_name, iam_role, job_text, auto::BIGINT FROM stepwell.copy_job
		WHERE $1 IN ('', job_name) ORDER BY job_name`, name)
	if err != nil {
		return err
	}
	return s.stream(&memoryRows{columns: copyJobColumns, values: values}, j, -1, "SELECT")
}

func (s *Session) mustBeAlone(statement string) error {
	if s.block || s.calls > 0 {
		return fault.New(fault.Conflict, "%s cannot run inside a transaction block", statement).WithCode("25001")
	}
	return nil
}
