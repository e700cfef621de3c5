package sqlite

import (
	"sync"

	"zombiezen.com/go/sqlite"
)

// batch are the writes of all who wait for the writer at a time: they share a transaction, and so an fsync.
type batch struct {
	writes []func(*sqlite.Conn) error
	once   sync.Once
	err    error
}

// batches gives callers the batch that has not begun to be written.
type batches struct {
	mu   sync.Mutex
	next *batch
}

func (b *batches) join(f func(*sqlite.Conn) error) *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = &batch{}
	}
	b.next.writes = append(b.next.writes, f)
	return b.next
}

// close lets nobody else join.
func (b *batches) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next = nil
}

// join writes together with others who wait, and returns when it is durable. An error is that of all of them, so f is to fail only
// when the disk refuses.
func (s *Store) join(f func(*sqlite.Conn) error) error {
	b := s.batches.join(f)
	b.once.Do(func() { b.err = s.writeBatch(b) })
	return b.err
}

func (s *Store) writeBatch(b *batch) error {
	closed := false
	err := s.write(func(conn *sqlite.Conn) error {
		s.batches.close()
		closed = true
		for _, f := range b.writes {
			if err := f(conn); err != nil {
				return err
			}
		}
		return nil
	})
	if !closed { // the transaction did not begin
		s.batches.close()
	}
	return err
}
