package warehouse

import (
	"context"
	"errors"
	"strconv"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/load"
)

// copy runs COPY: package load reads the files and the backend's connection takes the rows.
func (s *Session) copy(ctx context.Context, j *job, c *syntax.Copy) error {
	outcome, err := s.load(ctx, j, c, nil, 0)
	if err != nil {
		return err
	}
	for _, text := range outcome.Notices() {
		j.notice(Info, text)
	}
	j.result.Tag, j.result.Rows = "COPY", outcome.Loaded
	return nil
}

// load loads objects, those that FROM names when there are none, in the open transaction, and writes down there what it did;
// copyJob is the number of the auto-copy job that asks for it, 0 for none. What a load that fails leaves behind in the load
// tables is written through another connection: its own transaction is rolled back, and people look there to learn why.
func (s *Session) load(ctx context.Context, j *job, c *syntax.Copy, objects []load.Object, copyJob int64) (load.Outcome, error) {
	j.result.SQL, j.query.Source = load.Masked(c.Fragment), c.From
	plan, err := s.planLoad(ctx, j, c)
	if err != nil {
		return load.Outcome{}, err
	}
	store := s.warehouse.options.Buckets
	if objects == nil {
		if objects, err = plan.Files(ctx, store); err != nil {
			return load.Outcome{}, err
		}
	}
	if err := s.beginCopy(ctx, j); err != nil {
		return load.Outcome{}, err
	}
	l := s.warehouse.loads.begin(s, j, c, plan, copyJob)
	defer s.warehouse.loads.end(l)
	l.outcome, err = plan.Load(ctx, store, s.conn.(load.Sink), objects, &l.progress)
	j.loadedFiles(l.outcome, l.progress.Done().Size)
	if err != nil {
		return l.outcome, errors.Join(err, s.keepFailure(context.WithoutCancel(ctx), l))
	}
	if err := s.conn.Set(ctx, "copy_count", strconv.FormatInt(l.outcome.Loaded, 10)); err != nil {
		return l.outcome, err
	}
	return l.outcome, s.recordLoad(ctx, s.conn, l, "completed")
}

// planLoad takes the table's locks and matches the COPY with its columns.
func (s *Session) planLoad(ctx context.Context, j *job, c *syntax.Copy) (*load.Plan, error) {
	if _, ok := s.conn.(load.Sink); !ok || s.warehouse.options.Buckets == nil {
		return nil, fault.New(fault.Unavailable, "COPY has no buckets to read from here")
	}
	if err := s.lock(ctx, j); err != nil {
		return nil, err
	}
	if err := s.mustTakeRows(ctx, c.Target); err != nil {
		return nil, err
	}
	columns, err := s.columns(ctx, c.Target, &syntax.Attributes{})
	if err != nil {
		return nil, err
	}
	return load.NewPlan(c, columns)
}

// mustTakeRows fails when there is no such table, or a view has its name.
func (s *Session) mustTakeRows(ctx context.Context, n syntax.Name) error {
	found, view, err := s.exists(ctx, n)
	switch {
	case err != nil:
		return err
	case !found:
		return noRelation(n)
	case view:
		return fault.Invalidf("cannot copy to view %q", n.Name).WithCode("42809").At(n.Position)
	}
	return nil
}

// beginCopy lets pg_last_copy_id answer with this COPY from now on, also when it fails for what is in its files.
func (s *Session) beginCopy(ctx context.Context, j *job) error {
	if err := s.conn.Set(ctx, "copy", strconv.FormatInt(j.id, 10)); err != nil {
		return err
	}
	return s.conn.Set(ctx, "copy_count", "0")
}

// keepFailure writes down what a load found that fails.
func (s *Session) keepFailure(ctx context.Context, l *loading) error {
	c, err := s.warehouse.backend.Connect(ctx)
	if err != nil {
		return err
	}
	return errors.Join(s.recordLoad(ctx, c, l, "aborted"), c.Close())
}
