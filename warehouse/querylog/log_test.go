package querylog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/origin"
)

// shelf is a store that writes down what it is given, and refuses while it is full.
type shelf struct {
	full atomic.Bool
	mu   sync.Mutex
	said []string
}

func (s *shelf) Save(_ context.Context, b Batch) error {
	if s.full.Load() {
		return errors.New("no space left on device")
	}
	var parts []string
	for _, q := range b.Queries {
		parts = append(parts, fmt.Sprint(q.ID, " ", q.Status))
	}
	for _, w := range b.Writers {
		parts = append(parts, fmt.Sprint(w.Table, " by ", w.Query))
	}
	for _, e := range b.Edges {
		parts = append(parts, fmt.Sprint(e.Source, ">", e.Target, " by ", e.Query))
	}
	if len(b.Replaced) > 0 {
		parts = append(parts, fmt.Sprint("replaced ", b.Replaced))
	}
	for _, name := range b.GoneWriters {
		parts = append(parts, "gone "+name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, strings.Join(parts, ", "))
	return nil
}

func (s *shelf) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := strings.Join(s.said, " | ")
	s.said = nil
	return text
}

func expect(t *testing.T, s *shelf, want string) {
	t.Helper()
	if got := s.take(); got != want {
		t.Errorf("stored %q, want %q", got, want)
	}
}

// begin runs a statement that the context can cancel.
func begin(l *Log) (Query, context.Context) {
	ctx, cancel := context.WithCancelCause(context.Background())
	q := Query{ID: l.Number(), Started: time.Now()}
	l.Begin(q, cancel)
	return q, ctx
}

func end(l *Log, q Query) {
	q.Status, q.Ended = Succeeded, time.Now()
	l.End(q)
}

func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		l := Open(s, 40, History{}, Options{})
		for range 3 {
			q, _ := begin(l)
			end(l, q)
		}
		expect(t, s, "")
		time.Sleep(delay + 1)
		synctest.Wait()
		expect(t, s, "41 success, 42 success, 43 success")

		long, _ := begin(l)
		passing, _ := begin(l)
		time.Sleep(delay + 1)
		synctest.Wait()
		if got := s.take(); got != "44 running, 45 running" && got != "45 running, 44 running" {
			t.Errorf("stored %q", got)
		}
		l.Drop(passing.ID)
		end(l, long)
		l.Close()
		expect(t, s, "44 success, replaced [45 44]")
	})
}

func TestManyAreStoredAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		l := Open(s, 0, History{}, Options{})
		for range fullQueries {
			q, _ := begin(l)
			end(l, q)
		}
		synctest.Wait()
		if n := strings.Count(s.take(), "success"); n != fullQueries {
			t.Errorf("%d stored", n)
		}
		l.Close()
	})
}

// A full disk stops nothing, is told once, and costs only what there is no room for.
func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		s.full.Store(true)
		var told []string
		l := Open(s, 0, History{}, Options{Problem: func(missing int64, err error) { told = append(told, fmt.Sprint(missing, " ", err)) }})
		for i := range mostQueries + 5 {
			q, _ := begin(l)
			end(l, q)
			if i == 0 {
				time.Sleep(3 * delay)
				synctest.Wait()
			}
		}
		running, _ := begin(l)
		l.Committed(Query{ID: 1}, []string{"a"}, []string{"b"})
		time.Sleep(3 * delay)
		synctest.Wait()
		synctest.Wait()
		s.full.Store(false)
		time.Sleep(2 * delay)
		synctest.Wait()
		got := s.take()
		if n := strings.Count(got, "success"); n != mostQueries || !strings.Contains(got, "a>b by 1") || !strings.Contains(got, fmt.Sprint(running.ID, " running")) {
			t.Errorf("%d stored at last", n)
		}
		if got, want := fmt.Sprint(told), "[0 no space left on device 5 <nil>]"; got != want {
			t.Errorf("told %s, want %s", got, want)
		}
		l.Close()
	})
}

func TestCancel(t *testing.T) {
	l := Open(&shelf{}, 0, History{}, Options{})
	defer l.Close()
	q, ctx := begin(l)
	if got := l.Running(); len(got) != 1 || got[0].ID != q.ID || got[0].Status != Running {
		t.Errorf("%v runs", got)
	}
	why := errors.New("enough")
	if err := l.Cancel(q.ID, why); err != nil || !errors.Is(context.Cause(ctx), why) {
		t.Errorf("cancelled with %v: %v", context.Cause(ctx), err)
	}
	end(l, q)
	if err := l.Cancel(q.ID, why); err == nil || err.Error() != "the query 1 does not run" {
		t.Errorf("a statement that is over was cancelled: %v", err)
	}
}

func TestLineage(t *testing.T) {
	s := &shelf{}
	h := History{Writers: []Writer{{Table: "old", Query: 3}}, Edges: []Edge{{Source: "s3://b/", Target: "old", Query: 3}}}
	l := Open(s, 9, h, Options{})
	l.Committed(Query{ID: 4, Kind: "INSERT", Origin: origin.Origin{State: "Load"}}, []string{"old", "new"}, []string{"new", "s3://b/out"})
	if got, want := fmt.Sprintf("%d %s %s", len(l.Edges()), l.Edges()[0].Target, l.Edges()[0].Origin.State), "4 new Load"; got != want {
		t.Errorf("edges are %s, want %s", got, want)
	}
	l.Flush(t.Context())
	if got := s.take(); !strings.Contains(got, "new by 4") || strings.Contains(got, "new>new") || strings.Contains(got, ", s3://b/out by") {
		t.Errorf("stored %s", got)
	}
	l.Committed(Query{ID: 5, Kind: "DROP TABLE"}, nil, []string{"new"})
	l.Close()
	expect(t, s, "gone new")
	if got := l.Writers(); len(got) != 1 || got[0].Table != "old" {
		t.Errorf("the writers are %v", got)
	}
}

func TestLineageIsBounded(t *testing.T) {
	l := Open(&shelf{}, 0, History{}, Options{})
	defer l.Close()
	for i := range maxEdges + 1 {
		l.Committed(Query{ID: int64(i), Ended: time.Unix(int64(i), 0)}, []string{fmt.Sprint("s3://b/", i)}, []string{"t"})
	}
	edges := l.Edges()
	if len(edges) != maxEdges-maxEdges/10 {
		t.Errorf("%d edges are left", len(edges))
	}
	for _, e := range edges {
		if e.Query <= maxEdges/10 {
			t.Fatalf("an old edge is left: %v", e)
		}
	}
}
