package dynamodb

import (
	"context"
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// declaration is a table as a template describes it.
type declaration struct {
	createTableRequest
	TimeToLiveSpecification *timeToLiveSpecification
}

// Declare makes the table that a template describes with the properties of AWS::DynamoDB::Table, its name among them, or
// brings the one that is there up to date: its global indexes and its time to live. Its items stay. Errors: Conflict when its
// key is another one.
func (s *Service) Declare(ctx context.Context, properties value.Value) error {
	row := &service.Operation{Behaviour: changing(s, s.declare)}
	_, err := s.Table().CallJSON(ctx, row, typed(properties))
	return err
}

// typed gives numbers and booleans that a template writes as texts their types.
func typed(v value.Value) value.Value {
	switch v.Kind() {
	case value.Array:
		items := make([]value.Value, v.Len())
		for i, item := range v.Items() {
			items[i] = typed(item)
		}
		return value.OfItems(items)
	case value.Object:
		members := slices.Clone(v.Members())
		for i, m := range members {
			members[i].Value = typed(m.Value)
			switch m.Key {
			case "ReadCapacityUnits", "WriteCapacityUnits", "Enabled", "DeletionProtectionEnabled":
				if plain, err := value.Parse(m.Value.Str()); err == nil {
					members[i].Value = plain
				}
			}
		}
		return value.OfMembers(members...)
	}
	return v
}

type declared struct{}

func (s *Service) declare(ctx context.Context, d *declaration) (*declared, error) {
	t, exists := s.tables[d.TableName]
	if !exists {
		if _, err := s.createTable(ctx, &d.createTableRequest); err != nil {
			return nil, err
		}
	} else if err := s.reconcile(ctx, t, d); err != nil {
		return nil, err
	}
	return &declared{}, s.declareExpiry(ctx, s.tables[d.TableName], d.TimeToLiveSpecification)
}

// reconcile brings a table's global indexes up to date.
func (s *Service) reconcile(ctx context.Context, t *table, d *declaration) error {
	wanted, err := s.define(&d.createTableRequest)
	switch {
	case err != nil:
		return err
	case !slices.Equal(wanted.Key, t.Key):
		return fault.New(fault.Conflict, "The table %s is there with another key than the template's; give the new one another name", t.Name)
	}
	update := &updateTableRequest{TableName: t.Name, AttributeDefinitions: d.AttributeDefinitions}
	for _, x := range t.Indexes {
		if now, ok := wanted.index(x.Name); x.Global && (!ok || !now.same(&x)) {
			update.GlobalSecondaryIndexUpdates = append(update.GlobalSecondaryIndexUpdates, indexUpdate{Delete: &indexName{x.Name}})
		}
	}
	for _, one := range d.GlobalSecondaryIndexes {
		now, _ := wanted.index(one.IndexName)
		if x, ok := t.index(one.IndexName); !ok || !now.same(x) {
			update.GlobalSecondaryIndexUpdates = append(update.GlobalSecondaryIndexUpdates, indexUpdate{Create: &one})
		}
	}
	if len(update.GlobalSecondaryIndexUpdates) == 0 {
		return nil
	}
	_, err = s.updateTable(ctx, update)
	return err
}

// same reports whether two indexes hold the same.
func (x *index) same(y *index) bool {
	return x.Global == y.Global && slices.Equal(x.Key, y.Key) && x.Projection.ProjectionType == y.Projection.ProjectionType &&
		slices.Equal(x.Projection.NonKeyAttributes, y.Projection.NonKeyAttributes)
}

func (s *Service) declareExpiry(ctx context.Context, t *table, wanted *timeToLiveSpecification) error {
	name := ""
	if wanted != nil && wanted.Enabled {
		name = wanted.AttributeName
	}
	if name == t.Expires {
		return nil
	}
	if t.Expires != "" {
		if err := s.setExpiry(ctx, t, timeToLiveSpecification{AttributeName: t.Expires}); err != nil {
			return err
		}
	}
	if name == "" {
		return nil
	}
	return s.setExpiry(ctx, s.tables[t.Name], *wanted)
}
