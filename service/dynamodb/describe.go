package dynamodb

import (
	"context"
	"maps"
	"slices"
	"sort"
	"time"
)

type throughputDescription struct {
	NumberOfDecreasesToday int64
	ReadCapacityUnits      int64
	WriteCapacityUnits     int64
}

type indexDescription struct {
	IndexArn              string
	IndexName             string
	IndexSizeBytes        int64
	IndexStatus           string
	ItemCount             int64
	KeySchema             []keySchemaElement
	Projection            projection
	ProvisionedThroughput *throughputDescription
}

type billingModeSummary struct{ BillingMode string }

type tableClassSummary struct{ TableClass string }

type tableDescription struct {
	AttributeDefinitions      []attributeDefinition
	BillingModeSummary        *billingModeSummary
	CreationDateTime          time.Time
	DeletionProtectionEnabled bool
	GlobalSecondaryIndexes    []indexDescription
	ItemCount                 int64
	KeySchema                 []keySchemaElement
	LocalSecondaryIndexes     []indexDescription
	ProvisionedThroughput     *throughputDescription
	TableArn                  string
	TableClassSummary         *tableClassSummary
	TableId                   string
	TableName                 string
	TableSizeBytes            int64
	TableStatus               string
}

type describeTableRequest struct {
	TableName string `aws:"required,min=1,max=1024"`
}

type describeTableResponse struct{ Table *tableDescription }

func (s *Service) describeTable(ctx context.Context, r *describeTableRequest) (*describeTableResponse, error) {
	t, err := s.existing(r.TableName)
	if err != nil {
		return nil, err
	}
	described, err := s.describe(ctx, t)
	return &describeTableResponse{described}, err
}

// existing is named for operations on tables, whose error says which one is not there.
func (s *Service) existing(id string) (*table, error) {
	t, err := s.named(id)
	if err != nil {
		return nil, notFound("Requested resource not found: Table: %s not found", s.nameIn(id))
	}
	return t, nil
}

func (s *Service) describe(ctx context.Context, t *table) (*tableDescription, error) {
	d := &tableDescription{
		AttributeDefinitions: t.definitions(), CreationDateTime: t.Created, DeletionProtectionEnabled: t.Protected, KeySchema: t.Key.described(),
		ProvisionedThroughput: &throughputDescription{0, t.Capacity.ReadCapacityUnits, t.Capacity.WriteCapacityUnits},
		TableArn:              s.prefix + t.Name, TableId: t.ID, TableName: t.Name, TableStatus: t.Status,
	}
	if t.Billing != "" {
		d.BillingModeSummary = &billingModeSummary{t.Billing}
	}
	if t.Class != "" {
		d.TableClassSummary = &tableClassSummary{t.Class}
	}
	var err error
	if d.ItemCount, d.TableSizeBytes, err = s.store.Size(ctx, t.Space); err != nil {
		return nil, err
	}
	for i := range t.Indexes {
		x, err := s.describeIndex(ctx, t, &t.Indexes[i])
		if err != nil {
			return nil, err
		}
		if t.Indexes[i].Global {
			d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, x)
		} else {
			d.LocalSecondaryIndexes = append(d.LocalSecondaryIndexes, x)
		}
	}
	return d, nil
}

func (s *Service) describeIndex(ctx context.Context, t *table, x *index) (d indexDescription, err error) {
	d = indexDescription{
		IndexArn: s.prefix + t.Name + "/index/" + x.Name, IndexName: x.Name, KeySchema: x.Key.described(), Projection: x.Projection,
	}
	if x.Global {
		d.IndexStatus = active
		d.ProvisionedThroughput = &throughputDescription{0, x.Capacity.ReadCapacityUnits, x.Capacity.WriteCapacityUnits}
	}
	d.ItemCount, d.IndexSizeBytes, err = s.store.Size(ctx, x.Space)
	return d, err
}

func (s schema) described() []keySchemaElement {
	elements := []keySchemaElement{{s[0].Name, "HASH"}}
	if len(s) > 1 {
		elements = append(elements, keySchemaElement{s[1].Name, "RANGE"})
	}
	return elements
}

// definitions are the attributes of all keys, by name.
func (t *table) definitions() []attributeDefinition {
	all := slices.Clone(t.Key)
	for _, x := range t.Indexes {
		all = append(all, x.Key...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	var out []attributeDefinition
	for _, k := range slices.Compact(all) {
		out = append(out, attributeDefinition{k.Name, string(k.Kind)})
	}
	return out
}

type listTablesRequest struct {
	ExclusiveStartTableName string `aws:"max=255"`
	Limit                   *int64 `aws:"min=1,max=100"`
}

type listTablesResponse struct {
	LastEvaluatedTableName string
	TableNames             []string
}

const longestList = 100

func (s *Service) listTables(_ context.Context, r *listTablesRequest) (*listTablesResponse, error) {
	names := slices.Sorted(maps.Keys(s.tables))
	names = slices.DeleteFunc(names, func(name string) bool { return name <= r.ExclusiveStartTableName })
	limit := longestList
	if r.Limit != nil {
		limit = int(*r.Limit)
	}
	answer := &listTablesResponse{TableNames: append([]string{}, names[:min(limit, len(names))]...)}
	if limit < len(names) {
		answer.LastEvaluatedTableName = names[limit-1]
	}
	return answer, nil
}
