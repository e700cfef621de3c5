package warehouse

import (
	"context"

	"github.com/stepwell/stepwell/fault"
)

// Backup copies the database as it is at one moment into a new file, while statements go on. Errors: Unsupported where the
// backend cannot, Unavailable.
func (w *Warehouse) Backup(ctx context.Context, file string) error {
	b, ok := w.backend.(interface {
		Backup(ctx context.Context, file string) error
	})
	if !ok {
		return fault.New(fault.Unsupported, "this warehouse is not backed up from here: use its own tools")
	}
	return b.Backup(ctx, file)
}
