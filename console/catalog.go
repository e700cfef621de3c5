package console

import (
	"context"
	"errors"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// askLimit is how long a part of a page waits for the warehouse.
const askLimit = 2 * time.Second

// ask runs a query of ours on the warehouse, which shows up in no record, and calls row for each row. Its error after the
// time that a page waits is one of kind Unavailable.
func (c *Console) ask(ctx context.Context, sql string, parameters map[string]string, row func(values []any) error) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	session, err := c.Warehouse.Session(ctx, warehouse.SessionConfig{ReadOnly: true})
	if err == nil {
		err = errors.Join(session.Run(ctx, sql, warehouse.Run{Parameters: parameters, Unrecorded: true}, rowsTo(row)), session.Close())
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return busy()
	}
	return err
}

func busy() error {
	return fault.New(fault.Unavailable, "the warehouse is busy and did not answer within %s", askLimit)
}

// rowsTo is a sink of the rows alone.
type rowsTo func(values []any) error

func (rowsTo) Columns([]warehouse.Column) error { return nil }

func (r rowsTo) Row(values []any) error { return r(values) }

func (rowsTo) Notice(warehouse.Notice) {}

func (rowsTo) Done(warehouse.Result) error { return nil }
