package warehouse

import (
	"context"
	_ "embed"
	"errors"
	"time"

	"github.com/stepwell/stepwell/warehouse/unload"
)

// The tables and views that tell what was unloaded.
//
//go:embed catalog_unload.sql
var catalogOfUnloads string

// keepFailedUnload records an UNLOAD that failed through another connection, for its own transaction is rolled back.
func (s *Session) keepFailedUnload(ctx context.Context, j *job, p *unload.Plan, started time.Time, cause error) error {
	c, err := s.warehouse.backend.Connect(ctx)
	if err != nil {
		return err
	}
	return errors.Join(s.recordUnload(ctx, c, j, p, started, unload.Outcome{}, cause), c.Close())
}

func (s *Session) recordUnload(ctx context.Context, c Conn, j *job, p *unload.Plan, started time.Time, o unload.Outcome, cause error) error {
	ended, status, message := time.Now().UTC(), "completed", any(nil)
	if cause != nil {
		status, message = "aborted", cause.Error()
	}
	_, err := c.Exec(ctx, `INSERT INTO stepwell.unload VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		j.id, s.pid, status, started, ended, p.Format(), p.Compression(), p.Location(), o.Rows, int64(len(o.Files)), o.Size, message)
	if err != nil {
		return err
	}
	for _, f := range o.Files {
		_, err := c.Exec(ctx, `INSERT INTO `+CatalogSchema+`.stl_unload_log VALUES (100, $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			j.id, int64(f.Slice), s.pid, f.Name, started, ended, f.Rows, f.Size, p.Format())
		if err != nil {
			return err
		}
	}
	return nil
}
