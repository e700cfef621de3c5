package dynamodb

import (
	"context"
	"maps"
	"slices"

	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/value"
)

const (
	maxBatchGet   = 100
	maxBatchWrite = 25
	// maxBatch is how many bytes of items one BatchGetItem answers with.
	maxBatch = 16 << 20
)

type keysAndAttributes struct {
	AttributesToGet value.Value
	ConsistentRead  bool
	names
	Keys                 []value.Value `aws:"required,min=1,max=100"`
	ProjectionExpression *string
}

type batchGetItemRequest struct {
	RequestItems           map[string]keysAndAttributes `aws:"required"`
	ReturnConsumedCapacity string                       `enum:"INDEXES|TOTAL|NONE"`
}

type batchGetItemResponse struct {
	ConsumedCapacity []consumedCapacity
	Responses        map[string][]value.Value
	UnprocessedKeys  map[string]keysAndAttributes
}

func (s *Service) batchGetItem(ctx context.Context, r *batchGetItemRequest) (*batchGetItemResponse, error) {
	wanted, err := s.batchGets(r)
	if err != nil {
		return nil, err
	}
	answer := &batchGetItemResponse{Responses: map[string][]value.Value{}, UnprocessedKeys: map[string]keysAndAttributes{}}
	size := 0
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		of := r.RequestItems[id]
		u := newUsage(wanted[id][0].table)
		answer.Responses[id] = []value.Value{}
		for i, g := range wanted[id] {
			if size >= maxBatch {
				of.Keys = of.Keys[i:]
				answer.UnprocessedKeys[id] = of
				break
			}
			item, err := s.load(ctx, g.table, g.key)
			if err != nil {
				return nil, err
			}
			size += item.Size()
			u.read(item.Size(), of.ConsistentRead)
			if item != nil {
				answer.Responses[id] = append(answer.Responses[id], g.shown(item))
			}
		}
		answer.ConsumedCapacity = appendUsage(answer.ConsumedCapacity, u, r.ReturnConsumedCapacity)
	}
	return answer, nil
}

func appendUsage(all []consumedCapacity, u *usage, wanted string) []consumedCapacity {
	if told := u.told(wanted); told != nil {
		return append(all, *told)
	}
	return all
}

// batchGets checks a request for items, by the names that it has for their tables.
func (s *Service) batchGets(r *batchGetItemRequest) (map[string][]*get, error) {
	if len(r.RequestItems) == 0 {
		return nil, invalid("1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1")
	}
	wanted, count := map[string][]*get{}, 0
	for _, id := range slices.Sorted(maps.Keys(r.RequestItems)) {
		of := r.RequestItems[id]
		if err := (older{AttributesToGet: of.AttributesToGet}).refuse(); err != nil {
			return nil, err
		}
		seen := once{}
		for _, key := range of.Keys {
			g, err := s.get(id, key, of.names, of.ProjectionExpression)
			if err != nil {
				return nil, err
			}
			if !seen.add(g.table, g.key) {
				return nil, invalid("Provided list of item keys contains duplicates")
			}
			wanted[id] = append(wanted[id], g)
		}
		if count += len(of.Keys); count > maxBatchGet {
			return nil, invalid("Too many items requested for the BatchGetItem call")
		}
	}
	return wanted, nil
}

// once are items that may stand in a request once.
type once map[string]bool

// add reports whether the item was not there before.
func (o once) add(t *table, key attribute.Item) bool {
	id := t.Name + "\x00" + string(t.Key.encode(key))
	if o[id] {
		return false
	}
	o[id] = true
	return true
}

type writeRequest struct {
	DeleteRequest *struct {
		Key value.Value `aws:"required"`
	}
	PutRequest *struct {
		Item value.Value `aws:"required"`
	}
}

type batchWriteItemRequest struct {
	RequestItems map[string][]writeRequest `aws:"required"`
	answering
}

type batchWriteItemResponse struct {
	ConsumedCapacity []consumedCapacity
	UnprocessedItems map[string][]writeRequest
}

func (s *Service) batchWriteItem(ctx context.Context, r *batchWriteItemRequest) (*batchWriteItemResponse, error) {
	writes, err := s.batchWrites(r)
	if err != nil {
		return nil, err
	}
	defer s.locks.hold(writes...)()
	var changes []kv.Change
	used := usages{}
	for _, w := range writes {
		o, more, err := s.prepare(ctx, w)
		if err != nil {
			return nil, err
		}
		changes = append(changes, more...)
		used.add(o.usage)
	}
	answer := &batchWriteItemResponse{UnprocessedItems: map[string][]writeRequest{}, ConsumedCapacity: used.told(r.ReturnConsumedCapacity)}
	if len(changes) == 0 {
		return answer, nil
	}
	return answer, s.store.Change(ctx, changes)
}

func (s *Service) batchWrites(r *batchWriteItemRequest) (writes []*write, err error) {
	seen := once{}
	for _, id := range slices.Sorted(maps.Keys(r.RequestItems)) {
		for _, one := range r.RequestItems[id] {
			w, err := s.batchWrite(id, one)
			if err != nil {
				return nil, err
			}
			if !seen.add(w.table, w.key) {
				return nil, invalid("Provided list of item keys contains duplicates")
			}
			writes = append(writes, w)
		}
	}
	switch {
	case len(writes) == 0:
		return nil, invalid("1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case len(writes) > maxBatchWrite:
		return nil, invalid("Too many items requested for the BatchWriteItem call")
	}
	return writes, nil
}

func (s *Service) batchWrite(id string, one writeRequest) (*write, error) {
	switch {
	case one.PutRequest != nil && one.DeleteRequest != nil:
		return nil, invalid("Supplied WriteRequest has more than one of PutRequest or DeleteRequest set, must contain exactly one of them")
	case one.PutRequest != nil:
		return s.replace(&write{}, id, one.PutRequest.Item)
	case one.DeleteRequest != nil:
		return s.on(&write{apply: remove}, id, one.DeleteRequest.Key)
	}
	return nil, invalid("Supplied WriteRequest is empty, must contain exactly one of PutRequest or DeleteRequest")
}

// usages are those of several tables, in the order of their first use.
type usages []*usage

func (all *usages) add(u *usage) {
	for _, known := range *all {
		if known.table == u.table {
			known.add(u)
			return
		}
	}
	*all = append(*all, u)
}

func (all usages) told(wanted string) (told []consumedCapacity) {
	for _, u := range all {
		told = appendUsage(told, u, wanted)
	}
	return told
}
