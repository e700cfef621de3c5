package cli

import (
	"context"

	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/dynamodb"
)

// keeper keeps records and pairs.
type keeper interface {
	service.Records
	kv.Store
}

// openTables opens DynamoDB.
func (l *local) openTables(ctx context.Context, store keeper) (err error) {
	if l.tables, err = dynamodb.Open(ctx, store, store, project.Region, project.Account); err != nil {
		return err
	}
	l.closers = append(l.closers, func() error { l.tables.Close(); return nil })
	l.services = append(l.services, l.tables.Table())
	return nil
}
