package dynamodb

import (
	"bytes"
	"context"

	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/expression"
	"github.com/stepwell/stepwell/value"
)

// many is what Query and Scan have in common.
type many struct {
	ConsistentRead    bool
	ExclusiveStartKey value.Value
	placeholders
	older
	FilterExpression       *string
	IndexName              *string
	Limit                  *int64 `aws:"min=1"`
	ProjectionExpression   *string
	ReturnConsumedCapacity string `enum:"INDEXES|TOTAL|NONE"`
	Select                 string `enum:"SPECIFIC_ATTRIBUTES|COUNT|ALL_ATTRIBUTES|ALL_PROJECTED_ATTRIBUTES"`
	TableName              string `aws:"required,min=1,max=1024"`
}

type manyResponse struct {
	ConsumedCapacity *consumedCapacity
	Count            int64
	Items            []value.Value
	LastEvaluatedKey value.Value
	ScannedCount     int64
}

// view is what is read: a table or one of its indexes.
type view struct {
	table *table
	index *index // nil: the table itself
	space int64
	key   schema
}

// gathering is one Query or Scan under way.
type gathering struct {
	view
	request *many
	filter  *expression.Predicate
	kept    expression.Selection
	start   attribute.Item // nil: from the beginning
	answer  manyResponse
	size    int
	last    attribute.Item
	// whole says that items of a local index are shown with what the index does not project.
	whole bool
}

// gather checks what the requests have in common and parses their expressions; more parses what only one of them has.
func (s *Service) gather(r *many, key *string, more func(*expression.Scope) error) (*gathering, error) {
	if err := r.refuse(); err != nil {
		return nil, err
	}
	scope, err := r.scope(r.FilterExpression, r.ProjectionExpression, key)
	if err != nil {
		return nil, err
	}
	g := &gathering{request: r}
	if err = more(scope); err == nil {
		g.filter, err = condition(scope, expression.Filter, r.FilterExpression)
	}
	if err == nil {
		g.kept, err = selection(scope, r.ProjectionExpression)
	}
	if err == nil {
		err = scope.CheckUsed()
	}
	if err == nil {
		err = s.look(g)
	}
	return g, err
}

// look finds the table or index, and checks what depends on it.
func (s *Service) look(g *gathering) (err error) {
	r := g.request
	if g.table, err = s.named(r.TableName); err != nil {
		return err
	}
	g.space, g.key = g.table.Space, g.table.Key
	if r.IndexName != nil {
		x, ok := g.table.index(*r.IndexName)
		switch {
		case !ok:
			return invalid("The table does not have the specified index: %s", *r.IndexName)
		case x.Global && r.ConsistentRead:
			return invalid("Consistent reads are not supported on global secondary indexes")
		}
		g.index, g.space, g.key = x, x.Space, x.Key
	}
	if err := g.checkSelect(); err != nil {
		return err
	}
	if !r.ExclusiveStartKey.IsZero() {
		g.start, err = g.startKey(r.ExclusiveStartKey)
	}
	return err
}

func (g *gathering) checkSelect() error {
	x, projected := g.index, g.request.ProjectionExpression != nil
	switch g.request.Select {
	case "ALL_PROJECTED_ATTRIBUTES":
		if x == nil {
			return badValue("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
		}
	case "ALL_ATTRIBUTES":
		if x != nil && x.Global && x.Projection.ProjectionType != "ALL" {
			return badValue("Select type ALL_ATTRIBUTES is not supported for global secondary index %s because its projection type is not ALL", x.Name)
		}
		g.whole = true
	case "SPECIFIC_ATTRIBUTES":
		if !projected {
			return badValue("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
		}
	}
	if projected && g.request.Select != "" && g.request.Select != "SPECIFIC_ATTRIBUTES" {
		return badValue("Cannot specify the ProjectionExpression when choosing to get %s", g.request.Select)
	}
	g.whole = g.whole || projected
	return nil
}

// startKey reads ExclusiveStartKey: the keys of the table and of the index, and nothing else.
func (g *gathering) startKey(given value.Value) (attribute.Item, error) {
	start, err := attribute.ParseItem(given)
	if err != nil {
		return nil, err
	}
	all := append(append(schema{}, g.table.Key...), g.key...)
	for _, k := range all {
		if v, ok := start[k.Name]; !ok || v.Kind != k.Kind {
			return nil, invalid("The provided starting key is invalid: The provided key element does not match the schema")
		}
	}
	if len(all.keyOf(start)) != len(start) {
		return nil, invalid("The provided starting key is invalid")
	}
	return start, nil
}

// position is the key under which the view has an item.
func (v *view) position(item attribute.Item) []byte {
	if v.index == nil {
		return v.key.encode(item)
	}
	return append(v.key.encode(item), v.table.Key.encode(item)...)
}

// maxRead is how many bytes of items are looked at for one answer.
const maxRead = 1 << 20

// read collects the items of a range into the answer.
func (s *Service) read(ctx context.Context, g *gathering, r kv.Range) (*manyResponse, error) {
	if err := g.begin(&r); err != nil {
		return nil, err
	}
	if g.request.Select != "COUNT" {
		g.answer.Items = []value.Value{}
	}
	err := s.each(ctx, r, func(p kv.Pair) (bool, error) {
		item, err := decode(p.Body)
		if err != nil {
			return false, err
		}
		g.take(item)
		full := g.size >= maxRead || g.request.Limit != nil && g.answer.ScannedCount == *g.request.Limit
		if full {
			all := append(append(schema{}, g.table.Key...), g.key...)
			g.answer.LastEvaluatedKey = all.keyOf(item).JSON()
		}
		return !full, nil
	})
	if err != nil {
		return nil, err
	}
	u := newUsage(g.table)
	if n := readUnits(g.size, g.request.ConsistentRead); g.index != nil {
		u.indexes[g.index] = n
	} else {
		u.own = n
	}
	g.answer.ConsumedCapacity = u.told(g.request.ReturnConsumedCapacity)
	return &g.answer, nil
}

// begin narrows the range to what follows the start key.
func (g *gathering) begin(r *kv.Range) error {
	if g.start == nil {
		return nil
	}
	at := g.position(g.start)
	if bytes.Compare(at, r.From) < 0 || r.To != nil && bytes.Compare(at, r.To) >= 0 {
		return invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	if r.Descending {
		r.To = at
	} else {
		r.From = kv.After(at)
	}
	return nil
}

// take counts an item, and keeps it if it passes the filter.
func (g *gathering) take(item attribute.Item) {
	g.answer.ScannedCount++
	if x := g.index; x != nil && !g.whole {
		item = x.project(g.table, item)
	}
	g.size += item.Size()
	if g.filter != nil && !g.filter.Holds(item) {
		return
	}
	g.answer.Count++
	switch {
	case g.answer.Items == nil:
	case g.kept != nil:
		g.answer.Items = append(g.answer.Items, g.kept.Of(item).JSON())
	default:
		g.answer.Items = append(g.answer.Items, item.JSON())
	}
}
