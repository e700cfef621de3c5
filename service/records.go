package service

import "context"

// Records keeps a service's durable things: a kind is one of its tables, such as redshiftdata.statement. What Put wrote is
// there after a crash once it returned.
type Records interface {
	Put(ctx context.Context, kind, id string, body []byte) error
	// Get returns the body; ok is false when there is none.
	Get(ctx context.Context, kind, id string) (body []byte, ok bool, err error)
	// List calls visit for every record of a kind, ordered by id, and ends with the first error.
	List(ctx context.Context, kind string, visit func(id string, body []byte) error) error
	// Delete removes a record; to delete what is not there is no error.
	Delete(ctx context.Context, kind, id string) error
}
