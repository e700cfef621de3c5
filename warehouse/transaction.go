package warehouse

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// transaction is what a session has open from the first statement to commit or rollback.
type transaction struct {
	locks *lock.Tx
	// begun says that the backend's transaction is open. It opens behind the first lock, so that its snapshot has what
	// the lock's former holder committed.
	begun bool
	// snapshot is how many commits the warehouse had seen when begun was set.
	snapshot uint64
	// generation is that of the definitions when begun was set; defines says that the transaction changes them.
	generation uint64
	defines    bool
	// readOnly is what BEGIN READ ONLY asked for.
	readOnly bool
	// copyJobs says that auto-copy jobs were changed.
	copyJobs bool
	// temporary holds the session's temporary tables as they were before, for a rollback.
	temporary map[string][]syntax.Column
	// targets are the columns of tables that were written, as they were read last; a definition forgets them.
	targets map[string][]syntax.Column
	// effects are what its statements wrote.
	effects []effect
}

// history counts commits and remembers the last one that wrote each table.
type history struct {
	mu      sync.Mutex
	commits uint64
	writer  map[string]uint64
}

func (h *history) now() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.commits
}

func (h *history) committed(held map[string]lock.Mode) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.commits++
	for name, m := range held {
		if m > lock.AccessShare {
			h.writer[name] = h.commits
		}
	}
}

// writtenSince reports whether somebody committed to the table behind a snapshot.
func (h *history) writtenSince(name string, snapshot uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.writer[name] > snapshot
}

func (s *Session) open() {
	s.transaction = s.warehouse.transactions.Add(1)
	s.tx = &transaction{locks: s.warehouse.tables.Begin(), temporary: maps.Clone(s.temporary),
		targets: map[string][]syntax.Column{}}
}

// begin opens the backend's transaction if it is not open yet.
func (s *Session) begin(ctx context.Context) error {
	if s.tx.begun {
		return nil
	}
	s.tx.snapshot, s.tx.generation = s.warehouse.history.now(), s.warehouse.definitions.now()
	if err := s.conn.Begin(ctx); err != nil {
		return err
	}
	s.tx.begun = true
	return nil
}

// commit ends the transaction, whatever comes of it. A cancelled context does not stop it: nobody could tell then
// whether it had been committed.
func (s *Session) commit(ctx context.Context) error {
	tx := s.tx
	if tx.begun {
		if err := s.conn.Commit(context.WithoutCancel(ctx)); err != nil {
			s.rollback()
			return err
		}
	}
	s.closeCursors()
	s.warehouse.history.committed(tx.locks.Held())
	if tx.defines {
		s.warehouse.definitions.forget()
	}
	for _, e := range tx.effects {
		s.warehouse.queries.Committed(e.query, e.sources, e.targets)
	}
	s.end()
	if tx.copyJobs {
		s.warehouse.signalCopyJobs()
	}
	return nil
}

// rollback ends the transaction, if there is one, and keeps nothing of it.
func (s *Session) rollback() {
	if s.tx == nil {
		return
	}
	s.closeCursors()
	if s.tx.begun {
		// The backend may have rolled back by itself; its complaint says nothing new.
		_ = s.conn.Rollback(context.Background())
	}
	s.temporary = s.tx.temporary
	s.end()
}

func (s *Session) end() {
	s.held = s.tx.locks.Held()
	s.tx.locks.End()
	s.tx = nil
}

// demand is the locks that a statement needs, by table.
type demand map[string]lock.Mode

func (d demand) add(name string, m lock.Mode) { d[name] = max(d[name], m) }

// acquire takes the locks in the order of their names and opens the backend's transaction behind them. fresh names the
// tables whose newest rows the statement must see; it fails with 40001 if the snapshot is too old for that.
func (s *Session) acquire(ctx context.Context, d demand, fresh ...string) error {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		if err := s.await(ctx, name, d[name]); err != nil {
			if ctx.Err() != nil {
				return cancelled(err)
			}
			return err
		}
	}
	for _, name := range fresh {
		if s.tx.begun && s.warehouse.history.writtenSince(name, s.tx.snapshot) {
			return fault.New(fault.Conflict, "1023: Serializable isolation violation on table %s", name).WithCode("40001")
		}
	}
	if len(d) == 0 {
		return nil
	}
	return s.begin(ctx)
}

// await takes a lock.
func (s *Session) await(ctx context.Context, name string, m lock.Mode) error {
	begun := time.Now()
	waited, err := s.tx.locks.Acquire(ctx, name, m)
	if waited {
		s.waited += time.Since(begun)
	}
	return err
}

func cancelled(cause error) *fault.Fault {
	return fault.New(fault.Conflict, "Query cancelled on user's request").WithCode("57014").Because(cause)
}

// attempts bounds how often a transaction is tried that the backend rejects because of others.
const attempts = 8

// alone runs f in a transaction of its own and commits; f may run several times.
func (s *Session) alone(ctx context.Context, f func() error) error {
	return s.retry(ctx, func(needed demand) error {
		s.open()
		err := s.acquire(ctx, needed)
		if err == nil {
			err = f()
		}
		if err != nil {
			s.rollback()
			return err
		}
		return s.commit(ctx)
	})
}

// retry runs f again while the backend rejects it because of other transactions and nothing of it is committed or sent.
// f is told which locks the transaction of the try before held: taken first, they keep the others away.
func (s *Session) retry(ctx context.Context, f func(needed demand) error) error {
	s.irrevocable, s.held = false, nil
	for try := 1; ; try++ {
		err := f(s.held)
		if fault.CodeOf(err) != "40001" || try == attempts || s.irrevocable || ctx.Err() != nil {
			return err
		}
	}
}
