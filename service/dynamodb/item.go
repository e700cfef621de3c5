package dynamodb

import (
	"context"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/expression"
	"github.com/stepwell/stepwell/value"
)

// answering is what requests say about what else they want to hear.
type answering struct {
	ReturnConsumedCapacity      string `enum:"INDEXES|TOTAL|NONE"`
	ReturnItemCollectionMetrics string `enum:"SIZE|NONE"`
}

// conditional is what requests that write have in common. The members of older ones are refused.
type conditional struct {
	ConditionExpression *string
	placeholders
	ReturnValuesOnConditionCheckFailure string `enum:"ALL_OLD|NONE"`
	TableName                           string `aws:"required,min=1,max=1024"`
}

func (c *conditional) tell() bool { return c.ReturnValuesOnConditionCheckFailure == "ALL_OLD" }

// write begins a write: its condition, and a check that no placeholder is left over after the request's other expression.
func (c *conditional) write(more *string, parse func(*expression.Scope) error) (*write, error) {
	scope, err := c.scope(c.ConditionExpression, more)
	if err != nil {
		return nil, err
	}
	w := &write{tell: c.tell()}
	if parse != nil {
		if err = parse(scope); err != nil {
			return nil, err
		}
	}
	if w.condition, err = condition(scope, expression.Condition, c.ConditionExpression); err != nil {
		return nil, err
	}
	return w, scope.CheckUsed()
}

// on gives a write its table and the item's key.
func (s *Service) on(w *write, name string, key value.Value) (*write, error) {
	parsed, err := attribute.ParseItem(key)
	if err != nil {
		return nil, err
	}
	if w.table, err = s.named(name); err != nil {
		return nil, err
	}
	w.key = parsed
	return w, w.table.Key.checkKey(parsed)
}

type getItemRequest struct {
	ConsistentRead bool
	names
	older
	Key                    value.Value `aws:"required"`
	ProjectionExpression   *string
	ReturnConsumedCapacity string `enum:"INDEXES|TOTAL|NONE"`
	TableName              string `aws:"required,min=1,max=1024"`
}

type getItemResponse struct {
	ConsumedCapacity *consumedCapacity
	Item             value.Value
}

func (s *Service) getItem(ctx context.Context, r *getItemRequest) (*getItemResponse, error) {
	if err := r.refuse(); err != nil {
		return nil, err
	}
	g, err := s.get(r.TableName, r.Key, r.names, r.ProjectionExpression)
	if err != nil {
		return nil, err
	}
	item, err := s.load(ctx, g.table, g.key)
	if err != nil {
		return nil, err
	}
	u := newUsage(g.table)
	u.read(item.Size(), r.ConsistentRead)
	return &getItemResponse{Item: g.shown(item), ConsumedCapacity: u.told(r.ReturnConsumedCapacity)}, nil
}

// get is a checked request for one item.
type get struct {
	table *table
	key   attribute.Item
	kept  expression.Selection // nil: all
}

func (s *Service) get(name string, key value.Value, n names, projection *string) (*get, error) {
	scope, err := placeholders{names: n}.scope(projection)
	if err != nil {
		return nil, err
	}
	kept, err := selection(scope, projection)
	if err == nil {
		err = scope.CheckUsed()
	}
	if err != nil {
		return nil, err
	}
	w, err := s.on(&write{}, name, key)
	if err != nil {
		return nil, err
	}
	return &get{w.table, w.key, kept}, nil
}

// shown is an item as its answer has it: no value when there is none.
func (g *get) shown(item attribute.Item) value.Value {
	switch {
	case item == nil:
		return value.Value{}
	case g.kept != nil:
		item = g.kept.Of(item)
	}
	return item.JSON()
}

type putItemRequest struct {
	conditional
	answering
	older
	Item         value.Value `aws:"required"`
	ReturnValues string      `enum:"ALL_NEW|UPDATED_OLD|ALL_OLD|NONE|UPDATED_NEW"`
}

func (s *Service) putItem(ctx context.Context, r *putItemRequest) (*writeResponse, error) {
	if err := r.refuse(); err != nil {
		return nil, err
	}
	if err := oldOrNone(r.ReturnValues); err != nil {
		return nil, err
	}
	w, err := s.put(&r.conditional, r.Item)
	if err != nil {
		return nil, err
	}
	return s.alone(ctx, w, func(o outcome) *writeResponse {
		return r.answering.written(o, shownIf(r.ReturnValues == "ALL_OLD", o.old))
	})
}

func (s *Service) put(c *conditional, given value.Value) (*write, error) {
	w, err := c.write(nil, nil)
	if err != nil {
		return nil, err
	}
	return s.replace(w, c.TableName, given)
}

// replace makes a write of one that puts an item.
func (s *Service) replace(w *write, name string, given value.Value) (*write, error) {
	item, err := attribute.ParseItem(given)
	if err != nil {
		return nil, err
	}
	if w.table, err = s.named(name); err != nil {
		return nil, err
	}
	switch err := w.table.Key.checkItem(item); {
	case err != nil:
		return nil, err
	case item.Size() > maxItem:
		return nil, invalid("Item size has exceeded the maximum allowed size")
	}
	w.key = w.table.Key.keyOf(item)
	w.apply = func(attribute.Item) (attribute.Item, error) { return item, nil }
	return w, nil
}

// oldOrNone checks ReturnValues of an operation after which there is nothing new to return.
func oldOrNone(returns string) error {
	if returns != "" && returns != "NONE" && returns != "ALL_OLD" {
		return invalid("Return values set to invalid value")
	}
	return nil
}

func shownIf(wanted bool, item attribute.Item) value.Value {
	if !wanted || item == nil {
		return value.Value{}
	}
	return item.JSON()
}

func (a *answering) written(o outcome, attributes value.Value) *writeResponse {
	return &writeResponse{Attributes: attributes, ConsumedCapacity: o.usage.told(a.ReturnConsumedCapacity)}
}

type deleteItemRequest struct {
	conditional
	answering
	older
	Key          value.Value `aws:"required"`
	ReturnValues string      `enum:"ALL_NEW|UPDATED_OLD|ALL_OLD|NONE|UPDATED_NEW"`
}

func (s *Service) deleteItem(ctx context.Context, r *deleteItemRequest) (*writeResponse, error) {
	if err := r.refuse(); err != nil {
		return nil, err
	}
	if err := oldOrNone(r.ReturnValues); err != nil {
		return nil, err
	}
	w, err := s.delete(&r.conditional, r.Key)
	if err != nil {
		return nil, err
	}
	return s.alone(ctx, w, func(o outcome) *writeResponse {
		return r.answering.written(o, shownIf(r.ReturnValues == "ALL_OLD", o.old))
	})
}

func (s *Service) delete(c *conditional, key value.Value) (*write, error) {
	w, err := c.write(nil, nil)
	if err != nil {
		return nil, err
	}
	w.apply = remove
	return s.on(w, c.TableName, key)
}

func remove(attribute.Item) (attribute.Item, error) { return nil, nil }
