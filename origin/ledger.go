package origin

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"sync"
	"time"

	"github.com/stepwell/stepwell/kv"
)

// Kind is what a state has set going.
type Kind string

// The kinds of work. Their IDs are the id of a Data API statement, the id of a job, the id of a request, and an execution's ARN.
const (
	StatementWork Kind = "statement"
	JobWork       Kind = "job"
	FunctionWork  Kind = "function"
	ExecutionWork Kind = "execution"
)

// Work is something that a task of an execution has set going, itself or through a job or a function.
type Work struct {
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"`
	ID   string    `json:"id"`
	// Name is the name of the job, the function or the statement; it may be empty.
	Name   string `json:"name,omitempty"`
	Origin Origin `json:"origin"`
}

// Ledger keeps what executions have set going, for 90 days and at most a million of it. Nobody waits for it: what is not stored
// yet, about the last second, is lost with the process.
//
//	ledger.Began(ctx, origin.JobWork, id, name)
//	work, err := ledger.Behind(ctx, executionARN)
type Ledger struct {
	store   kv.Store
	problem func(error)

	saving sync.Mutex // held while work is stored; before mu

	mu      sync.Mutex
	waiting []Work
	last    time.Time // of all work, so that each has a moment of its own
	timer   *time.Timer
	stored  int64
	pruned  time.Time
	closed  bool
	broken  bool
}

// The spaces of the ledger: work by execution and moment, starts by execution, and the keys of both by moment.
const (
	workSpace  = -1
	orderSpace = -2
)

const (
	ledgerDelay = time.Second
	// mostWaiting is how much work waits for a store that refuses.
	mostWaiting = 10_000
	mostWork    = 1_000_000
	mostAge     = 90 * 24 * time.Hour
)

// OpenLedger returns the ledger of a store. problem hears once when the store begins to refuse.
func OpenLedger(ctx context.Context, store kv.Store, problem func(error)) (*Ledger, error) {
	stored, _, err := store.Size(ctx, orderSpace)
	return &Ledger{store: store, problem: problem, stored: stored}, err
}

// Began notes work that begins for the origin of the context; work that no execution is behind is not noted, but for the start of
// an execution. A nil Ledger notes nothing.
func (l *Ledger) Began(ctx context.Context, kind Kind, id, name string) {
	from := Of(ctx)
	if l == nil || from.Execution == "" && kind != ExecutionWork || from == (Origin{}) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now().UTC()
	if !now.After(l.last) {
		now = l.last.Add(1)
	}
	l.last = now
	if len(l.waiting) < mostWaiting {
		l.waiting = append(l.waiting, Work{At: now, Kind: kind, ID: id, Name: name, Origin: from})
	}
	l.arm()
}

// arm has what waits stored soon. The caller holds mu.
func (l *Ledger) arm() {
	if l.timer == nil && !l.closed {
		l.timer = time.AfterFunc(ledgerDelay, func() { l.flush(context.Background()) })
	}
}

// flush stores what waits.
func (l *Ledger) flush(ctx context.Context) {
	l.saving.Lock()
	defer l.saving.Unlock()
	l.mu.Lock()
	work := l.waiting
	l.waiting, l.timer = nil, nil
	l.mu.Unlock()
	if len(work) == 0 {
		return
	}
	changes := make([]kv.Change, 0, 2*len(work))
	for _, w := range work {
		changes = append(changes, w.changes()...)
	}
	err := l.store.Change(ctx, changes)
	if err == nil {
		err = l.prune(ctx, int64(len(changes)/2))
	}
	l.settle(work, err)
}

// settle lets work wait on that the store refused, and says so once.
func (l *Ledger) settle(work []Work, err error) {
	l.mu.Lock()
	was := l.broken
	l.broken = err != nil
	if err != nil {
		l.waiting = append(work, l.waiting...)
		l.waiting = l.waiting[:min(len(l.waiting), mostWaiting)]
		l.arm()
	}
	l.mu.Unlock()
	if err != nil && !was && l.problem != nil {
		l.problem(err)
	}
}

// prunePage is how much is forgotten at a time.
const prunePage = 1_000

// prune forgets the oldest work, at most once an hour what is too old and at any time what is too much.
func (l *Ledger) prune(ctx context.Context, added int64) error {
	now := time.Now()
	l.stored += added
	if l.stored <= mostWork && now.Sub(l.pruned) < time.Hour {
		return nil
	}
	l.pruned = now
	r := kv.Range{Space: orderSpace, To: momentKey(now.Add(-mostAge)), Limit: prunePage}
	if l.stored > mostWork {
		r.To = nil
	}
	old, err := l.store.Page(ctx, r)
	if err != nil || len(old) == 0 {
		return err
	}
	var changes []kv.Change
	for _, p := range old {
		changes = append(changes, kv.Change{Space: orderSpace, Key: p.Key}, kv.Change{Space: workSpace, Key: p.Body})
	}
	l.stored -= int64(len(old))
	return l.store.Change(ctx, changes)
}

func momentKey(at time.Time) []byte { return binary.BigEndian.AppendUint64(nil, uint64(at.UnixNano())) }

// changes store work under what led to it, and the start of an execution under the execution too.
func (w Work) changes() []kv.Change {
	body, _ := json.Marshal(w) // texts and numbers only
	var changes []kv.Change
	keep := func(key, order []byte) {
		changes = append(changes, kv.Change{Space: workSpace, Key: key, Body: body}, kv.Change{Space: orderSpace, Key: order, Body: key})
	}
	if w.Origin.Execution != "" {
		keep(workKey(w), momentKey(w.At))
	}
	if w.Kind == ExecutionWork {
		keep(startKey(w.ID), append(momentKey(w.At), 1))
	}
	return changes
}

// startKey is where the start of an execution is kept. No ARN begins like that.
func startKey(execution string) []byte { return append([]byte{0}, execution...) }

func workPrefix(execution string) []byte { return append([]byte(execution), 0) }

func workKey(w Work) []byte { return append(workPrefix(w.Origin.Execution), momentKey(w.At)...) }

// behindPage is how much is read at a time.
const behindPage = 1_000

// Behind returns the work that an execution has set going, in its order.
func (l *Ledger) Behind(ctx context.Context, execution string) ([]Work, error) {
	l.flush(ctx)
	var all []Work
	prefix := workPrefix(execution)
	r := kv.Range{Space: workSpace, From: prefix, To: kv.Beyond(prefix), Limit: behindPage}
	for {
		page, err := l.store.Page(ctx, r)
		if err != nil {
			return all, err
		}
		for _, p := range page {
			var w Work
			if err := json.Unmarshal(p.Body, &w); err != nil {
				return all, err
			}
			all = append(all, w)
		}
		if len(page) < behindPage {
			return all, nil
		}
		r.From = kv.After(page[len(page)-1].Key)
	}
}

// Start returns what led to an execution; ok is false when nobody knows.
func (l *Ledger) Start(ctx context.Context, execution string) (from Origin, ok bool, err error) {
	l.flush(ctx)
	key := startKey(execution)
	page, err := l.store.Page(ctx, kv.Range{Space: workSpace, From: key, To: kv.After(key), Limit: 1})
	if err != nil || len(page) == 0 {
		return from, false, err
	}
	var w Work
	err = json.Unmarshal(page[0].Body, &w)
	return w.Origin, err == nil, err
}

// Close stores what waits.
func (l *Ledger) Close() {
	l.mu.Lock()
	l.closed = true
	if l.timer != nil {
		l.timer.Stop()
	}
	l.mu.Unlock()
	l.flush(context.Background())
}
