package querylog

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// Batch is what is stored at once.
type Batch struct {
	// Queries are new, but for those that Replaced names, which were stored before as running.
	Queries  []Query
	Replaced []int64
	// Writers and Edges take the place of those of the same names; the Gone are removed.
	Writers     []Writer
	GoneWriters []string
	Edges       []Edge
	GoneEdges   []Edge
	// Next is above every number that may be given to a statement before the next batch.
	Next int64
}

// Store keeps the record. Save is called by one goroutine at a time and does all or nothing.
type Store interface {
	Save(ctx context.Context, b Batch) error
}

// History is what a Store has kept of the lineage.
type History struct {
	Writers []Writer
	Edges   []Edge
}

// Options are the surroundings of a Log.
type Options struct {
	// Observe hears of each statement of a client when it begins and when it ends. It must return at once.
	Observe func(Query)
	// Problem hears once when the Store begins to refuse, and how many statements are missing when it no longer does.
	Problem func(missing int64, err error)
}

// Log is the record of one warehouse.
type Log struct {
	store   Store
	options Options

	saving sync.Mutex // held while a batch is stored; before mu

	mu       sync.Mutex
	running  map[int64]*live
	ended    []Query
	replaced []int64
	bytes    int // of the texts in ended
	next     int64
	reserved int64
	lineage  lineage
	timer    *time.Timer
	armed    bool
	closed   bool
	refusing bool
	missing  int64
}

// live is a statement that runs. The Query is as it was when it began.
type live struct {
	query  Query
	cancel context.CancelCauseFunc
	stored bool
}

const (
	// delay is how long a statement that ended waits to be stored with others.
	delay = time.Second
	// A batch that has grown so large is stored at once.
	fullQueries = 4_000
	fullBytes   = 4 << 20
	// While the store refuses, so many statements are kept.
	mostQueries = 20_000
	mostBytes   = 32 << 20
	// spare is how many numbers are reserved at a time.
	spare = 100_000
)

// Open returns a Log that counts on behind the number last.
func Open(store Store, last int64, h History, o Options) *Log {
	return &Log{store: store, options: o, next: last, running: map[int64]*live{}, lineage: newLineage(h)}
}

// Number gives the next number for a statement.
func (l *Log) Number() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	return l.next
}

// Begin notes that a statement runs; cancel ends it.
func (l *Log) Begin(q Query, cancel context.CancelCauseFunc) {
	q.Status = Running
	l.mu.Lock()
	l.running[q.ID] = &live{query: q, cancel: cancel}
	l.arm(delay)
	l.mu.Unlock()
	l.tell(q)
}

// End notes how a statement ended.
func (l *Log) End(q Query) {
	l.mu.Lock()
	if r := l.running[q.ID]; r != nil && r.stored {
		l.replaced = append(l.replaced, q.ID)
	}
	delete(l.running, q.ID)
	l.keep(q)
	l.mu.Unlock()
	l.tell(q)
}

// Drop forgets a statement that ran and is not worth a place in the record.
func (l *Log) Drop(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.running[id]; r != nil && r.stored {
		l.replaced = append(l.replaced, id)
	}
	delete(l.running, id)
}

// keep puts a statement among those to be stored. The caller holds mu.
func (l *Log) keep(q Query) {
	if l.refusing && (len(l.ended) >= mostQueries || l.bytes >= mostBytes) {
		l.missing++
		return
	}
	l.ended = append(l.ended, q)
	l.bytes += len(q.Text) + len(q.Error) + len(q.Notice)
	if !l.refusing && (len(l.ended) == fullQueries || l.bytes >= fullBytes) {
		l.arm(0)
		return
	}
	l.arm(delay)
}

// Committed notes that what a statement wrote, from these sources to these targets, has come to stay.
func (l *Log) Committed(q Query, sources, targets []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lineage.add(q, sources, targets)
	l.arm(delay)
}

func (l *Log) tell(q Query) {
	if l.options.Observe != nil && q.Parent == 0 {
		l.options.Observe(q)
	}
}

// arm has the batch stored after a time. The caller holds mu.
func (l *Log) arm(after time.Duration) {
	switch {
	case l.closed:
	case l.timer == nil:
		l.timer, l.armed = time.AfterFunc(after, l.save), true
	case !l.armed || after == 0:
		l.timer.Reset(after)
		l.armed = true
	}
}

func (l *Log) save() { l.Flush(context.Background()) }

// Flush stores what waits. What the Store refuses waits on; Options.Problem hears of it.
func (l *Log) Flush(ctx context.Context) {
	l.saving.Lock()
	defer l.saving.Unlock()
	b, some := l.take()
	if !some {
		return
	}
	err := l.store.Save(ctx, b)
	l.settle(b, err)
}

// take makes a batch of what waits. some is false when nothing does.
func (l *Log) take() (b Batch, some bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = false
	b = Batch{Queries: l.ended, Replaced: l.replaced}
	for _, r := range l.running {
		if !r.stored {
			b.Queries = append(b.Queries, r.query)
			r.stored = true
		}
	}
	l.lineage.take(&b)
	l.ended, l.replaced, l.bytes = nil, nil, 0
	some = len(b.Queries)+len(b.Replaced)+len(b.Writers)+len(b.GoneWriters)+len(b.Edges)+len(b.GoneEdges) > 0
	if l.next > l.reserved-spare/2 {
		l.reserved = l.next + spare
	}
	b.Next = l.reserved
	if l.closed {
		b.Next, some = l.next, some || l.reserved > 0
	}
	return b, some
}

// settle takes back what could not be stored, and says so once.
func (l *Log) settle(b Batch, err error) {
	l.mu.Lock()
	was, missing := l.refusing, int64(0)
	l.refusing = err != nil
	if err != nil {
		l.putBack(b)
		l.arm(delay)
	} else {
		missing, l.missing = l.missing, 0
	}
	l.mu.Unlock()
	if l.options.Problem != nil && was != (err != nil) {
		l.options.Problem(missing, err)
	}
}

// putBack lets a batch wait on. The caller holds mu.
func (l *Log) putBack(b Batch) {
	l.replaced = append(b.Replaced, l.replaced...)
	l.lineage.putBack(b)
	later := l.ended
	l.ended, l.bytes, l.reserved = nil, 0, 0
	for _, q := range slices.Concat(b.Queries, later) {
		if q.Status != Running {
			l.keep(q)
		} else if r := l.running[q.ID]; r != nil {
			r.stored = false
		}
	}
}

// Running returns the statements that run, in the order in which they began.
func (l *Log) Running() []Query {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Query, 0, len(l.running))
	for r := range maps.Values(l.running) {
		all = append(all, r.query)
	}
	slices.SortFunc(all, func(a, b Query) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Cancel ends a statement that runs, for a reason. Error: NotFound.
func (l *Log) Cancel(id int64, cause error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.running[id]
	if r == nil {
		return fault.New(fault.NotFound, "the query %d does not run", id)
	}
	r.cancel(cause)
	return nil
}

// Close stores what waits and stores nothing any more.
func (l *Log) Close() {
	l.mu.Lock()
	l.closed = true
	if l.timer != nil {
		l.timer.Stop()
	}
	l.mu.Unlock()
	l.Flush(context.Background())
}
