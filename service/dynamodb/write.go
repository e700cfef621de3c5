package dynamodb

import (
	"bytes"
	"context"
	"hash/fnv"
	"slices"
	"sync"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/expression"
	"github.com/stepwell/stepwell/value"
)

// write is what an operation does to one item.
type write struct {
	table     *table
	key       attribute.Item
	condition *expression.Predicate // nil: none
	// apply returns the item afterwards, nil for none; it is nil for an operation that only checks its condition.
	apply func(old attribute.Item) (attribute.Item, error)
	// tell says that the error of a condition that does not hold shows the item.
	tell bool
}

// outcome is an item before and after a write; nil is none.
type outcome struct {
	old, new attribute.Item
	usage    *usage
}

const maxItem = 400 << 10 // bytes

// prepare reads the item and returns the changes that the write makes. The item's lock must be held.
func (s *Service) prepare(ctx context.Context, w *write) (o outcome, changes []kv.Change, err error) {
	if o.old, err = s.load(ctx, w.table, w.key); err != nil {
		return o, nil, err
	}
	o.usage = newUsage(w.table)
	if w.condition != nil && !w.condition.Holds(o.old) {
		return o, nil, w.conditionFailed(o.old)
	}
	if w.apply == nil {
		o.new = o.old
		o.usage.write(o.old, o.new)
		return o, nil, nil
	}
	if o.new, err = w.apply(o.old); err != nil {
		return o, nil, err
	}
	o.usage.write(o.old, o.new)
	changes, err = o.changes(w.table)
	return o, changes, err
}

func (w *write) conditionFailed(item attribute.Item) error {
	f := fault.New(fault.Conflict, "The conditional request failed").WithCode(codeConditionFailed)
	if w.tell && item != nil {
		return f.Because(service.Described{"Item": item.JSON()})
	}
	return f
}

// changes are those of the table, of its indexes and of what orders items by the end of their time.
func (o *outcome) changes(t *table) ([]kv.Change, error) {
	for i := range t.Indexes {
		if err := t.Indexes[i].check(o.new); err != nil {
			return nil, err
		}
	}
	var changes []kv.Change
	switch {
	case o.new != nil:
		changes = append(changes, kv.Change{Space: t.Space, Key: t.Key.encode(o.new), Body: encode(o.new)})
	case o.old != nil:
		changes = append(changes, kv.Change{Space: t.Space, Key: t.Key.encode(o.old)})
	}
	for i := range t.Indexes {
		x := &t.Indexes[i]
		was, before := x.pair(t, o.old)
		is, after := x.pair(t, o.new)
		moved := moves(x.Space, was, is, before, after)
		o.usage.index(x, len(moved))
		changes = append(changes, moved...)
	}
	was, before := t.expiry(o.old)
	is, after := t.expiry(o.new)
	return append(changes, moves(t.ExpiresSpace, was, is, before, after)...), nil
}

// moves are the changes that make one pair of another.
func moves(space int64, was, is kv.Pair, before, after bool) (changes []kv.Change) {
	if before && after && bytes.Equal(was.Key, is.Key) {
		if bytes.Equal(was.Body, is.Body) {
			return nil
		}
		before = false
	}
	if before {
		changes = append(changes, kv.Change{Space: space, Key: was.Key})
	}
	if after {
		changes = append(changes, kv.Change{Space: space, Key: is.Key, Body: is.Body})
	}
	return changes
}

func (s *Service) load(ctx context.Context, t *table, key attribute.Item) (attribute.Item, error) {
	body, ok, err := s.store.Load(ctx, t.Space, t.Key.encode(key))
	if err != nil || !ok {
		return nil, err
	}
	return decode(body)
}

// writeResponse answers PutItem, UpdateItem and DeleteItem.
type writeResponse struct {
	Attributes       value.Value       `json:",omitzero"`
	ConsumedCapacity *consumedCapacity `json:",omitempty"`
}

// alone carries out one write. A state's task that is repeated after a crash gets the answer of its first try.
func (s *Service) alone(ctx context.Context, w *write, answer func(o outcome) *writeResponse) (*writeResponse, error) {
	token := service.IdempotencyToken(ctx)
	remembered := &writeResponse{}
	if done, err := s.recall(ctx, token, "", remembered); done || err != nil {
		return remembered, err
	}
	defer s.locks.hold(w)()
	o, changes, err := s.prepare(ctx, w)
	if err != nil {
		return nil, err
	}
	response := answer(o)
	if changes, err = s.remember(changes, token, "", response); err != nil || len(changes) == 0 {
		return response, err
	}
	return response, s.store.Change(ctx, changes)
}

// locks are those of items, many of which share one.
type locks [256]sync.Mutex

// hold locks the items of writes, in one order for all who do.
func (l *locks) hold(writes ...*write) (release func()) {
	numbers := make([]int, 0, len(writes))
	for _, w := range writes {
		hash := fnv.New32a()
		hash.Write([]byte(w.table.Name)) // never fails
		hash.Write(w.table.Key.encode(w.key))
		numbers = append(numbers, int(hash.Sum32()%uint32(len(l))))
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	for _, n := range numbers {
		l[n].Lock()
	}
	return func() {
		for _, n := range numbers {
			l[n].Unlock()
		}
	}
}
