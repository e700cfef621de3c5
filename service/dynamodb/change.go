package dynamodb

import (
	"context"
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/value"
)

type indexUpdate struct {
	Create *indexRequest
	Delete *indexName
	Update *struct {
		IndexName             string `aws:"required,min=3,max=255"`
		OnDemandThroughput    value.Value
		ProvisionedThroughput *throughput
		WarmThroughput        value.Value
	}
}

type indexName struct {
	IndexName string `aws:"required,min=3,max=255"`
}

type updateTableRequest struct {
	AttributeDefinitions        []attributeDefinition
	BillingMode                 string `enum:"PROVISIONED|PAY_PER_REQUEST"`
	DeletionProtectionEnabled   *bool
	GlobalSecondaryIndexUpdates []indexUpdate
	OnDemandThroughput          value.Value
	ProvisionedThroughput       *throughput
	ReplicaUpdates              value.Value
	SSESpecification            value.Value
	StreamSpecification         *streamSpecification
	TableClass                  string `enum:"STANDARD|STANDARD_INFREQUENT_ACCESS"`
	TableName                   string `aws:"required,min=1,max=1024"`
	WarmThroughput              value.Value
}

type updateTableResponse struct{ TableDescription *tableDescription }

func (s *Service) updateTable(ctx context.Context, r *updateTableRequest) (*updateTableResponse, error) {
	t, err := s.existing(r.TableName)
	if err != nil {
		return nil, err
	}
	switch {
	case r.StreamSpecification != nil && r.StreamSpecification.StreamEnabled:
		return nil, fault.New(fault.Unsupported, "Streams are not supported: the table %s cannot have one", t.Name)
	case !r.ReplicaUpdates.IsZero():
		return nil, fault.New(fault.Unsupported, "Global tables are not supported: the table %s cannot have replicas", t.Name)
	}
	changed := *t
	changed.Indexes = slices.Clone(t.Indexes)
	changed.take(r)
	var gone []int64
	for _, one := range r.GlobalSecondaryIndexUpdates {
		space, err := s.changeIndex(ctx, &changed, r.AttributeDefinitions, one)
		if err != nil {
			return nil, err
		}
		gone = append(gone, space...)
	}
	if err := s.keep(ctx, &changed); err != nil {
		return nil, err
	}
	for _, space := range gone {
		if err := s.store.Clear(ctx, space); err != nil {
			return nil, err
		}
	}
	described, err := s.describe(ctx, &changed)
	return &updateTableResponse{described}, err
}

// take gives the table what needs no work.
func (t *table) take(r *updateTableRequest) {
	if r.BillingMode != "" {
		t.Billing, t.Capacity = r.BillingMode, throughput{}
	}
	if r.ProvisionedThroughput != nil {
		t.Capacity = *r.ProvisionedThroughput
	}
	if r.DeletionProtectionEnabled != nil {
		t.Protected = *r.DeletionProtectionEnabled
	}
	if r.TableClass != "" {
		t.Class = r.TableClass
	}
}

// changeIndex makes, changes or takes away an index; it returns the space that is not needed any more.
func (s *Service) changeIndex(ctx context.Context, t *table, defined []attributeDefinition, one indexUpdate) (gone []int64, err error) {
	switch {
	case one.Create != nil:
		return nil, s.addIndex(ctx, t, defined, one.Create)
	case one.Delete != nil:
		x, err := t.globalIndex(one.Delete.IndexName)
		if err != nil {
			return nil, err
		}
		gone = []int64{x.Space}
		t.Indexes = slices.DeleteFunc(t.Indexes, func(other index) bool { return other.Space == gone[0] })
	case one.Update != nil:
		x, err := t.globalIndex(one.Update.IndexName)
		if err == nil && one.Update.ProvisionedThroughput != nil {
			x.Capacity = *one.Update.ProvisionedThroughput
		}
		return nil, err
	}
	return gone, nil
}

func (t *table) globalIndex(name string) (*index, error) {
	x, ok := t.index(name)
	if !ok || !x.Global {
		return nil, notFound("Requested resource not found")
	}
	return x, nil
}

// addIndex makes an index of the items that are there.
func (s *Service) addIndex(ctx context.Context, t *table, defined []attributeDefinition, r *indexRequest) error {
	if _, exists := t.index(r.IndexName); exists {
		return badValue("Index already exists: %s", r.IndexName)
	}
	d := definitions{kinds: map[string]attribute.Kind{}, used: map[string]bool{}}
	for _, a := range append(t.definitions(), defined...) {
		d.kinds[a.AttributeName] = attribute.Kind(a.AttributeType)
	}
	x, err := d.index(r, true)
	if err != nil {
		return err
	}
	x.Space = max(s.freeSpaces(1)[0], slices.Max(t.spaces())+1)
	fits := func(item attribute.Item) (kv.Pair, bool) {
		if x.check(item) != nil { // as on AWS, what cannot be a key is left out
			return kv.Pair{}, false
		}
		return x.pair(t, item)
	}
	if err := s.fill(ctx, t, x.Space, fits); err != nil {
		return err
	}
	t.Indexes = append(t.Indexes, x)
	return nil
}

type deleteTableRequest struct {
	TableName string `aws:"required,min=1,max=1024"`
}

type deleteTableResponse struct{ TableDescription *tableDescription }

func (s *Service) deleteTable(ctx context.Context, r *deleteTableRequest) (*deleteTableResponse, error) {
	t, err := s.existing(r.TableName)
	if err != nil {
		return nil, err
	}
	if t.Protected {
		return nil, invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
	}
	gone := *t
	gone.Status = deleting
	described, err := s.describe(ctx, &gone)
	if err != nil {
		return nil, err
	}
	if err := s.records.Put(ctx, gone.Name, gone); err != nil {
		return nil, err
	}
	delete(s.tables, gone.Name)
	return &deleteTableResponse{described}, s.drop(ctx, &gone)
}

// drop removes a table that is noted as being deleted.
func (s *Service) drop(ctx context.Context, t *table) error {
	for _, space := range t.spaces() {
		if err := s.store.Clear(ctx, space); err != nil {
			return err
		}
	}
	return s.records.Delete(ctx, t.Name)
}
