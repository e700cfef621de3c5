package warehouse

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/load"
)

// copy runs COPY: package load reads the files and the backend's connection takes the rows.
func (s *Session) copy(ctx context.Context, j *job, c *syntax.Copy) error {
	j.result.SQL = load.Masked(c.Fragment)
	sink, ok := s.conn.(load.Sink)
	if !ok || s.warehouse.options.Buckets == nil {
		return fault.New(fault.Unavailable, "COPY has no buckets to read from here")
	}
	if err := s.lock(ctx, j); err != nil {
		return err
	}
	if err := s.mustExist(ctx, c.Target); err != nil {
		return err
	}
	columns, err := s.columns(ctx, c.Target, &syntax.Attributes{})
	if err != nil {
		return err
	}
	plan, err := load.NewPlan(c, columns)
	if err != nil {
		return err
	}
	started := time.Now().UTC()
	outcome, err := plan.Run(ctx, s.warehouse.options.Buckets, sink)
	if err != nil {
		return errors.Join(err, s.keepRejections(ctx, j, outcome, started))
	}
	for _, text := range outcome.Notices() {
		j.notice(Info, text)
	}
	j.result.Tag, j.result.Rows = "COPY", outcome.Loaded
	if err := s.recordRejections(ctx, s.conn, j, outcome, started); err != nil {
		return err
	}
	if err := s.conn.Set(ctx, "copy", strconv.FormatInt(j.id, 10)); err != nil {
		return err
	}
	if err := s.conn.Set(ctx, "copy_count", strconv.FormatInt(outcome.Loaded, 10)); err != nil {
		return err
	}
	return s.recordFiles(ctx, j, outcome)
}

// keepRejections writes the rejected rows of a COPY that failed through another connection, for its own transaction is
// rolled back and people look at the table to learn why.
func (s *Session) keepRejections(ctx context.Context, j *job, o load.Outcome, started time.Time) error {
	if len(o.Rejections) == 0 {
		return nil
	}
	c, err := s.warehouse.backend.Connect(ctx)
	if err != nil {
		return err
	}
	return errors.Join(s.recordRejections(ctx, c, j, o, started), c.Close())
}

func (s *Session) recordRejections(ctx context.Context, c Conn, j *job, o load.Outcome, started time.Time) error {
	for _, r := range o.Rejections {
		_, err := c.Exec(ctx, `INSERT INTO `+CatalogSchema+`.stl_load_errors VALUES (100, 0, 0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0)`,
			started, s.pid, j.id, r.File, r.Line, r.Column, r.Type, r.Length, r.Position, clip(r.RawLine), clip(r.RawValue), r.Code, r.Reason)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) recordFiles(ctx context.Context, j *job, o load.Outcome) error {
	for _, f := range o.Files {
		_, err := s.conn.Exec(ctx, `INSERT INTO `+CatalogSchema+`.stl_load_commits VALUES (100, $1, 0, $2, $3, 0, $4, $5, $6, 1, '', 0, 0)`,
			j.id, f.Name, f.Name, f.Lines, f.Errors, time.Now().UTC())
		if err != nil {
			return err
		}
	}
	return nil
}

// clip cuts a text to the 1024 bytes that stl_load_errors keeps.
func clip(text string) string {
	if len(text) > 1024 {
		text = text[:1024]
	}
	return strings.ToValidUTF8(text, "?")
}
