// Package lock queues transactions for tables in Redshift's three lock modes. It is not the isolation of data, which the
// backend's snapshots give; it makes a writer wait where the backend would fail at once.
//
//	var tables lock.Tables
//	tx := tables.Begin()
//	defer tx.End()
//	waited, err := tx.Acquire(ctx, "public.item", lock.ShareRowExclusive)
//
// Requests for a table are served in order of arrival, except that a transaction that already holds the table goes first.
// A circle of waiting transactions is broken by failing the youngest of them.
package lock

import (
	"context"
	"slices"
	"sync"

	"github.com/stepwell/stepwell/fault"
)

// Mode is a lock mode; a greater one covers the smaller.
type Mode uint8

const (
	// AccessShare is held by readers; it conflicts with AccessExclusive only.
	AccessShare Mode = iota + 1
	// ShareRowExclusive is held by writers: one at a time, and readers go on.
	ShareRowExclusive
	// AccessExclusive is held by changes of the table itself, TRUNCATE and LOCK; it is alone.
	AccessExclusive
)

var modeNames = [...]string{"", "AccessShareLock", "ShareRowExclusiveLock", "AccessExclusiveLock"}

// String returns the name that STV_LOCKS and error texts use.
func (m Mode) String() string { return modeNames[m] }

func (m Mode) conflicts(other Mode) bool { return m+other > AccessExclusive }

// Tables holds the locks of all tables. The zero value is ready.
type Tables struct {
	// Waiting, if set, is called when a request begins to wait, under the lock of Tables: it must not call back.
	Waiting func(table string, m Mode)

	mu     sync.Mutex
	tables map[string]*table
	begun  uint64
}

type table struct {
	held  map[*Tx]Mode
	queue []*request
}

type request struct {
	tx    *Tx
	table string
	mode  Mode
	// answer has room for one, so that nobody waits for a requester that has given up.
	answer chan error
}

// Tx is one transaction that holds locks until its end.
type Tx struct {
	tables *Tables
	age    uint64
	held   map[string]Mode
	waits  *request
}

// Begin returns a transaction that holds nothing yet.
func (t *Tables) Begin() *Tx {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begun++
	return &Tx{tables: t, age: t.begun, held: map[string]Mode{}}
}

// Held returns the tables that the transaction holds.
func (x *Tx) Held() map[string]Mode {
	x.tables.mu.Lock()
	defer x.tables.mu.Unlock()
	held := make(map[string]Mode, len(x.held))
	for name, m := range x.held {
		held[name] = m
	}
	return held
}

// Acquire gets a lock on a table and keeps it until End. It reports whether it had to wait, and fails with code 40P01
// when the transaction was chosen to break a circle, or with the context's error.
func (x *Tx) Acquire(ctx context.Context, name string, m Mode) (waited bool, err error) {
	t := x.tables
	t.mu.Lock()
	if x.held[name] >= m {
		t.mu.Unlock()
		return false, nil
	}
	r := &request{tx: x, table: name, mode: m, answer: make(chan error, 1)}
	if !t.enter(r) {
		t.mu.Unlock()
		return false, nil
	}
	if t.Waiting != nil {
		t.Waiting(name, m)
	}
	t.breakCircles(x)
	t.mu.Unlock()
	select {
	case err := <-r.answer:
		return true, err
	case <-ctx.Done():
		t.mu.Lock()
		defer t.mu.Unlock()
		t.leave(r)
		return true, context.Cause(ctx)
	}
}

// End releases everything.
func (x *Tx) End() {
	t := x.tables
	t.mu.Lock()
	defer t.mu.Unlock()
	for name := range x.held {
		delete(t.tables[name].held, x)
		t.serve(name)
	}
	clear(x.held)
}

// enter grants the request or puts it into the queue, and reports whether it waits.
func (t *Tables) enter(r *request) bool {
	e := t.tables[r.table]
	if e == nil {
		if t.tables == nil {
			t.tables = map[string]*table{}
		}
		e = &table{held: map[*Tx]Mode{}}
		t.tables[r.table] = e
	}
	at := len(e.queue)
	if r.tx.held[r.table] != 0 {
		at = 0
	}
	if !e.blocked(r, e.queue[:at]) {
		e.grant(r)
		return false
	}
	e.queue = slices.Insert(e.queue, at, r)
	r.tx.waits = r
	return true
}

func (e *table) grant(r *request) {
	e.held[r.tx] = r.mode
	r.tx.held[r.table] = r.mode
}

// blocked reports whether a holder or somebody ahead in the queue stands against the request.
func (e *table) blocked(r *request, ahead []*request) bool {
	for tx, m := range e.held {
		if tx != r.tx && m.conflicts(r.mode) {
			return true
		}
	}
	return slices.ContainsFunc(ahead, func(q *request) bool { return q.mode.conflicts(r.mode) })
}

// leave takes a request out of its queue, if it is still there.
func (t *Tables) leave(r *request) {
	if r.tx.waits != r {
		return
	}
	r.tx.waits = nil
	e := t.tables[r.table]
	i := slices.Index(e.queue, r)
	e.queue = slices.Delete(e.queue, i, i+1)
	t.serve(r.table)
}

// serve grants every waiting request that nothing blocks any more, in order, and forgets an idle table.
func (t *Tables) serve(name string) {
	e := t.tables[name]
	for i := 0; i < len(e.queue); {
		r := e.queue[i]
		if e.blocked(r, e.queue[:i]) {
			i++
			continue
		}
		e.queue = slices.Delete(e.queue, i, i+1)
		e.grant(r)
		r.tx.waits = nil
		r.answer <- nil
	}
	if len(e.held) == 0 && len(e.queue) == 0 {
		delete(t.tables, name)
	}
}

// breakCircles fails the youngest transaction of every circle that the request of x closed.
func (t *Tables) breakCircles(x *Tx) {
	for x.waits != nil {
		circle := t.circle(x, x, nil, map[*Tx]bool{})
		if circle == nil {
			return
		}
		victim := slices.MaxFunc(circle, func(a, b *Tx) int {
			if a.age < b.age {
				return -1
			}
			return 1
		})
		r := victim.waits
		t.leave(r)
		r.answer <- fault.New(fault.Conflict,
			"deadlock detected: %s on %s is held by a transaction that waits for this one", r.mode, r.table).WithCode("40P01")
	}
}

// circle returns the transactions on a way of waiting from x back to start, nil if there is none.
func (t *Tables) circle(start, x *Tx, way []*Tx, seen map[*Tx]bool) []*Tx {
	way = append(way, x)
	for _, next := range t.blockers(x) {
		if next == start {
			return way
		}
		if seen[next] {
			continue
		}
		seen[next] = true
		if found := t.circle(start, next, way, seen); found != nil {
			return found
		}
	}
	return nil
}

// blockers returns the transactions that x waits for: holders, and those ahead of it in the queue.
func (t *Tables) blockers(x *Tx) []*Tx {
	r := x.waits
	if r == nil {
		return nil
	}
	var txs []*Tx
	e := t.tables[r.table]
	for tx, m := range e.held {
		if tx != x && m.conflicts(r.mode) {
			txs = append(txs, tx)
		}
	}
	for _, q := range e.queue {
		if q == r {
			break
		}
		if q.mode.conflicts(r.mode) {
			txs = append(txs, q.tx)
		}
	}
	return txs
}
