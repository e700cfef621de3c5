package service

import (
	"context"
	"encoding/json"

	"github.com/stepwell/stepwell/fault"
)

// Stored is one kind of records, each a T as JSON.
type Stored[T any] struct {
	Records Records
	Kind    string
}

// Get returns a record; ok is false when there is none.
func (s Stored[T]) Get(ctx context.Context, id string) (record T, ok bool, err error) {
	body, ok, err := s.Records.Get(ctx, s.Kind, id)
	if err != nil || !ok {
		return record, false, err
	}
	return record, true, s.decode(id, body, &record)
}

func (s Stored[T]) decode(id string, body []byte, into *T) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fault.New(fault.Internal, "read the record %s %s", s.Kind, id).Because(err)
	}
	return nil
}

// Put makes a record durable.
func (s Stored[T]) Put(ctx context.Context, id string, record T) error {
	body, err := json.Marshal(record)
	if err != nil {
		return fault.New(fault.Internal, "write the record %s %s", s.Kind, id).Because(err)
	}
	return s.Records.Put(ctx, s.Kind, id, body)
}

// All returns the records ordered by id.
func (s Stored[T]) All(ctx context.Context) ([]T, error) {
	var all []T
	err := s.Records.List(ctx, s.Kind, func(id string, body []byte) error {
		var record T
		if err := s.decode(id, body, &record); err != nil {
			return err
		}
		all = append(all, record)
		return nil
	})
	return all, err
}

// Delete removes a record, if it is there.
func (s Stored[T]) Delete(ctx context.Context, id string) error {
	return s.Records.Delete(ctx, s.Kind, id)
}
