package dynamodb

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/value"
)

type attributeDefinition struct {
	AttributeName string `aws:"required,min=1,max=255"`
	AttributeType string `aws:"required" enum:"S|N|B"`
}

type keySchemaElement struct {
	AttributeName string `aws:"required,min=1,max=255"`
	KeyType       string `aws:"required" enum:"HASH|RANGE"`
}

// indexRequest is an index as requests describe it. How much capacity it has means nothing here.
type indexRequest struct {
	IndexName             string             `aws:"required,min=3,max=255" pattern:"[a-zA-Z0-9_.-]+"`
	KeySchema             []keySchemaElement `aws:"required,min=1,max=2"`
	OnDemandThroughput    value.Value
	Projection            projection `aws:"required"`
	ProvisionedThroughput *throughput
	WarmThroughput        value.Value
}

type streamSpecification struct {
	StreamEnabled  bool
	StreamViewType string
}

type createTableRequest struct {
	AttributeDefinitions      []attributeDefinition `aws:"required"`
	BillingMode               string                `enum:"PROVISIONED|PAY_PER_REQUEST"`
	DeletionProtectionEnabled bool
	GlobalSecondaryIndexes    []indexRequest
	KeySchema                 []keySchemaElement `aws:"required,min=1,max=2"`
	LocalSecondaryIndexes     []indexRequest
	OnDemandThroughput        value.Value
	ProvisionedThroughput     *throughput
	ResourcePolicy            string
	SSESpecification          value.Value
	StreamSpecification       *streamSpecification
	TableClass                string `enum:"STANDARD|STANDARD_INFREQUENT_ACCESS"`
	TableName                 string `aws:"required,min=3,max=255" pattern:"[a-zA-Z0-9_.-]+"`
	Tags                      []tag
	WarmThroughput            value.Value
}

type createTableResponse struct{ TableDescription *tableDescription }

func (s *Service) createTable(ctx context.Context, r *createTableRequest) (*createTableResponse, error) {
	if _, exists := s.tables[r.TableName]; exists {
		return nil, fault.New(fault.Conflict, "Table already exists: %s", r.TableName).WithCode(codeInUse)
	}
	t, err := s.define(r)
	if err != nil {
		return nil, err
	}
	for _, space := range t.spaces() {
		if err := s.store.Clear(ctx, space); err != nil {
			return nil, err
		}
	}
	if err := s.keep(ctx, t); err != nil {
		return nil, err
	}
	described, err := s.describe(ctx, t)
	return &createTableResponse{described}, err
}

// define makes a table of a request that is sound.
func (s *Service) define(r *createTableRequest) (*table, error) {
	if err := checkCapacity(r.BillingMode, r.ProvisionedThroughput); err != nil {
		return nil, err
	}
	if r.StreamSpecification != nil && r.StreamSpecification.StreamEnabled {
		return nil, fault.New(fault.Unsupported, "Streams are not supported: the table %s cannot have one", r.TableName)
	}
	d := definitions{kinds: map[string]attribute.Kind{}, used: map[string]bool{}}
	for _, a := range r.AttributeDefinitions {
		d.kinds[a.AttributeName] = attribute.Kind(a.AttributeType)
	}
	key, err := d.schema(r.KeySchema)
	if err != nil {
		return nil, err
	}
	t := &table{
		Name: r.TableName, ID: uuid.NewString(), Status: active, Created: s.now().UTC(), Key: key, Billing: r.BillingMode,
		Class: r.TableClass, Protected: r.DeletionProtectionEnabled, Tags: r.Tags,
	}
	if r.ProvisionedThroughput != nil {
		t.Capacity = *r.ProvisionedThroughput
	}
	if t.Indexes, err = d.indexes(t, r); err != nil {
		return nil, err
	}
	spaces := s.freeSpaces(1 + len(t.Indexes))
	t.Space = spaces[0]
	for i := range t.Indexes {
		t.Indexes[i].Space = spaces[i+1]
	}
	return t, d.checkUsed()
}

func checkCapacity(billing string, given *throughput) error {
	switch onDemand := billing == "PAY_PER_REQUEST"; {
	case onDemand && given != nil:
		return badValue("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case !onDemand && (given == nil || given.ReadCapacityUnits < 1 || given.WriteCapacityUnits < 1):
		return badValue("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	}
	return nil
}

// definitions are the attributes that a request defines, and those that its keys use.
type definitions struct {
	kinds map[string]attribute.Kind
	used  map[string]bool
}

func listed[V any](names map[string]V) string {
	return "[" + strings.Join(slices.Sorted(maps.Keys(names)), ", ") + "]"
}

func (d *definitions) checkUsed() error {
	if len(d.used) < len(d.kinds) {
		return badValue("Some AttributeDefinitions are not used. AttributeDefinitions: %s, keys used: %s", listed(d.kinds), listed(d.used))
	}
	return nil
}

// schema makes a key of its description.
func (d *definitions) schema(elements []keySchemaElement) (schema, error) {
	var key schema
	for i, e := range elements {
		kind, ok := d.kinds[e.AttributeName]
		switch {
		case i == 0 && e.KeyType != "HASH":
			return nil, invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
		case i == 1 && e.KeyType != "RANGE":
			return nil, invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
		case i == 1 && e.AttributeName == elements[0].AttributeName:
			return nil, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
		case !ok:
			return nil, badValue("Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: %s",
				e.AttributeName, listed(d.kinds))
		}
		d.used[e.AttributeName] = true
		key = append(key, keyAttribute{e.AttributeName, kind})
	}
	return key, nil
}

const (
	maxGlobal = 20
	maxLocal  = 5
)

func (d *definitions) indexes(t *table, r *createTableRequest) ([]index, error) {
	switch {
	case len(r.GlobalSecondaryIndexes) > maxGlobal:
		return nil, badValue("GlobalSecondaryIndex count exceeds the per-table limit of %d", maxGlobal)
	case len(r.LocalSecondaryIndexes) > maxLocal:
		return nil, badValue("Number of LocalSecondaryIndexes exceeds per-table limit of %d", maxLocal)
	case len(r.LocalSecondaryIndexes) > 0 && len(t.Key) == 1:
		return nil, badValue("Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
	}
	var all []index
	for i, one := range slices.Concat(r.LocalSecondaryIndexes, r.GlobalSecondaryIndexes) {
		x, err := d.index(&one, i >= len(r.LocalSecondaryIndexes))
		switch {
		case err != nil:
			return nil, err
		case slices.ContainsFunc(all, func(other index) bool { return other.Name == x.Name }):
			return nil, badValue("Duplicate index name: %s", x.Name)
		case !x.Global && len(x.Key) == 1:
			return nil, badValue("Index KeySchema does not have a range key for index: %s", x.Name)
		case !x.Global && x.Key[0] != t.Key[0]:
			return nil, badValue("Index KeySchema does not have the same leading hash key as table KeySchema for index: %s. "+
				"index hash key: %s, table hash key: %s", x.Name, x.Key[0].Name, t.Key[0].Name)
		}
		all = append(all, x)
	}
	return all, nil
}

func (d *definitions) index(r *indexRequest, global bool) (index, error) {
	key, err := d.schema(r.KeySchema)
	if err != nil {
		return index{}, err
	}
	switch p := r.Projection; {
	case p.ProjectionType == "":
		return index{}, badValue("Unknown ProjectionType: null")
	case p.ProjectionType == "INCLUDE" && len(p.NonKeyAttributes) == 0:
		return index{}, badValue("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	case p.ProjectionType != "INCLUDE" && len(p.NonKeyAttributes) > 0:
		return index{}, badValue("ProjectionType is %s, but NonKeyAttributes is specified", p.ProjectionType)
	}
	x := index{Name: r.IndexName, Global: global, Key: key, Projection: r.Projection}
	if r.ProvisionedThroughput != nil {
		x.Capacity = *r.ProvisionedThroughput
	}
	return x, nil
}

// freeSpaces returns numbers of spaces that no table has.
func (s *Service) freeSpaces(count int) []int64 {
	last := int64(markSpace)
	for _, t := range s.tables {
		last = max(last, slices.Max(t.spaces()))
	}
	spaces := make([]int64, count)
	for i := range spaces {
		spaces[i] = last + int64(i) + 1
	}
	return spaces
}

// keep makes a table durable, and what all see.
func (s *Service) keep(ctx context.Context, t *table) error {
	if err := s.records.Put(ctx, t.Name, *t); err != nil {
		return err
	}
	s.tables[t.Name] = t
	return nil
}
