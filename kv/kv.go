// Package kv is the port to durable bytes under ordered keys. It knows nothing of what the bytes mean: the tables of DynamoDB
// stand on it, and engine/sqlite implements it.
//
//	err := store.Change(ctx, []kv.Change{{Space: 1, Key: key, Body: body}})
//	page, err := store.Page(ctx, kv.Range{Space: 1, From: key, Limit: 10})
package kv

import "context"

// Store keeps pairs of key and body in numbered spaces. Its errors are Unavailable when the disk refuses.
type Store interface {
	// Change carries out all changes, or none; they are durable when it returns.
	Change(ctx context.Context, changes []Change) error
	// Load returns the body under a key; ok is false when there is none.
	Load(ctx context.Context, space int64, key []byte) (body []byte, ok bool, err error)
	// Page returns the pairs of a range, in the order of their keys.
	Page(ctx context.Context, r Range) ([]Pair, error)
	// Size returns how many pairs a space has, and the bytes of their bodies.
	Size(ctx context.Context, space int64) (pairs, bytes int64, err error)
	// Clear removes all pairs of a space.
	Clear(ctx context.Context, space int64) error
}

// Change puts a body under a key, or removes the key when the body is nil.
type Change struct {
	Space int64
	Key   []byte
	Body  []byte
}

// Range are the keys of a space from From to before To; To is nil for the end of the space.
type Range struct {
	Space      int64
	From, To   []byte
	Descending bool
	Limit      int // how many pairs at most
}

// Pair is a key with its body.
type Pair struct{ Key, Body []byte }

// After returns the key that follows a key immediately.
func After(key []byte) []byte { return append(key[:len(key):len(key)], 0) }

// Beyond returns the first key behind all that begin with a prefix; nil when there is none.
func Beyond(prefix []byte) []byte {
	for end := len(prefix); end > 0; end-- {
		if last := prefix[end-1]; last < 0xff {
			return append(prefix[:end-1:end-1], last+1)
		}
	}
	return nil
}
