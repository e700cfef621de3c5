package cli

import (
	"context"
	"errors"

	"github.com/stepwell/stepwell/fault"
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

// openTables opens DynamoDB with the tables of the project's template.
func (l *local) openTables(ctx context.Context, p *project.Project, store keeper) error {
	tables, err := dynamodb.Open(ctx, store, store, project.Region, project.Account)
	if err != nil {
		return err
	}
	l.closers = append(l.closers, func() error { tables.Close(); return nil })
	for _, d := range p.Stack.Declarations {
		if d.Type != "AWS::DynamoDB::Table" {
			continue
		}
		err := tables.Declare(ctx, d.Properties)
		var f *fault.Fault
		if errors.As(err, &f) {
			err = fault.New(f.Kind, "%s (%s): %s", d.LogicalID, d.Type, f.Message).At(d.Position)
		}
		if err != nil {
			return err
		}
	}
	l.services = append(l.services, tables.Table())
	return nil
}
