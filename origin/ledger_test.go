package origin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/kv"
)

// pairs is a store in memory.
type pairs struct {
	spaces map[int64][]kv.Pair
	full   atomic.Bool
}

func (p *pairs) Change(_ context.Context, changes []kv.Change) error {
	if p.full.Load() {
		return errors.New("no space left on device")
	}
	for _, c := range changes {
		space := p.spaces[c.Space]
		at, found := slices.BinarySearchFunc(space, c.Key, func(one kv.Pair, key []byte) int { return bytes.Compare(one.Key, key) })
		if found {
			space = slices.Delete(space, at, at+1)
		}
		if c.Body != nil {
			space = slices.Insert(space, at, kv.Pair{Key: c.Key, Body: c.Body})
		}
		p.spaces[c.Space] = space
	}
	return nil
}

func (p *pairs) Load(context.Context, int64, []byte) ([]byte, bool, error) { return nil, false, nil }

func (p *pairs) Page(_ context.Context, r kv.Range) (page []kv.Pair, err error) {
	for _, one := range p.spaces[r.Space] {
		if bytes.Compare(one.Key, r.From) >= 0 && (r.To == nil || bytes.Compare(one.Key, r.To) < 0) && len(page) < r.Limit {
			page = append(page, one)
		}
	}
	return page, nil
}

func (p *pairs) Size(_ context.Context, space int64) (int64, int64, error) {
	return int64(len(p.spaces[space])), 0, nil
}

func (p *pairs) Clear(context.Context, int64) error { return nil }

func open(t *testing.T, store kv.Store, problem func(error)) *Ledger {
	t.Helper()
	l, err := OpenLedger(t.Context(), store, problem)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func behind(t *testing.T, l *Ledger, execution string) string {
	t.Helper()
	work, err := l.Behind(t.Context(), execution)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, w := range work {
		text += fmt.Sprintf("%s %s %s of %s %d; ", w.Kind, w.ID, w.Name, w.Origin.State, w.Origin.Task)
	}
	return text
}

func TestBehind(t *testing.T) {
	store := &pairs{spaces: map[int64][]kv.Pair{}}
	l := open(t, store, nil)
	a := With(t.Context(), Origin{Execution: "arn:a", State: "Load", Task: 7})
	l.Began(a, StatementWork, "1", "")
	l.Began(With(t.Context(), Origin{Execution: "arn:ab", State: "Other"}), JobWork, "2", "job")
	l.Began(a, FunctionWork, "3", "f")
	l.Began(t.Context(), JobWork, "4", "nobody's")
	(*Ledger)(nil).Began(a, JobWork, "5", "")
	const want = "statement 1  of Load 7; function 3 f of Load 7; "
	if got := behind(t, l, "arn:a"); got != want {
		t.Errorf("behind a: %s", got)
	}
	l.Began(a, ExecutionWork, "arn:c", "c")
	l.Close()
	if got := behind(t, open(t, store, nil), "arn:a"); got != want+"execution arn:c c of Load 7; " {
		t.Errorf("behind a, later: %s", got)
	}
}

// The start of an execution is found by the execution, also when no other execution is behind it.
func TestStart(t *testing.T) {
	store := &pairs{spaces: map[int64][]kv.Pair{}}
	l := open(t, store, nil)
	l.Began(With(t.Context(), Origin{Execution: "arn:a", State: "Run"}), ExecutionWork, "arn:child", "child")
	l.Began(With(t.Context(), Origin{Trigger: "schedule default/nightly"}), ExecutionWork, "arn:night", "night")
	l.Began(t.Context(), ExecutionWork, "arn:alone", "alone")
	l.Close()
	for execution, want := range map[string]Origin{
		"arn:child": {Execution: "arn:a", State: "Run"}, "arn:night": {Trigger: "schedule default/nightly"}, "arn:alone": {}, "arn:nigh": {}, "arn:a": {},
	} {
		got, known, err := l.Start(t.Context(), execution)
		if err != nil || got != want || known != (want != Origin{}) {
			t.Errorf("the start of %s is %+v, %t, %v", execution, got, known, err)
		}
	}
	if got := behind(t, l, "arn:a"); got != "execution arn:child child of Run 0; " {
		t.Errorf("behind a: %s", got)
	}
}

// What is too old goes, with its place in the order.
func TestForgetting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &pairs{spaces: map[int64][]kv.Pair{}}
		l := open(t, store, nil)
		ctx := With(t.Context(), Origin{Execution: "arn:a"})
		l.Began(ctx, JobWork, "old", "")
		time.Sleep(mostAge + time.Hour)
		l.Began(ctx, JobWork, "new", "")
		l.Close()
		if got := behind(t, l, "arn:a"); got != "job new  of  0; " || len(store.spaces[orderSpace]) != 1 {
			t.Errorf("left are %s and %d in the order", got, len(store.spaces[orderSpace]))
		}
	})
}

func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &pairs{spaces: map[int64][]kv.Pair{}}
		store.full.Store(true)
		told := 0
		l := open(t, store, func(error) { told++ })
		ctx := With(t.Context(), Origin{Execution: "arn:a"})
		for i := range mostWaiting + 1 {
			l.Began(ctx, JobWork, fmt.Sprint(i), "")
		}
		time.Sleep(5 * ledgerDelay)
		synctest.Wait()
		store.full.Store(false)
		time.Sleep(2 * ledgerDelay)
		synctest.Wait()
		if n := len(store.spaces[workSpace]); n != mostWaiting || told != 1 {
			t.Errorf("%d are stored, told %d times", n, told)
		}
		l.Close()
	})
}
