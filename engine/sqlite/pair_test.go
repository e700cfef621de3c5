package sqlite

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/kv"
)

// keys are those of a range, in its order.
func keys(t *testing.T, s *Store, r kv.Range) string {
	t.Helper()
	if r.Limit == 0 {
		r.Limit = 100
	}
	page, err := s.Page(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, p := range page {
		if string(p.Body) != "body of "+string(p.Key) {
			t.Errorf("%q has %q", p.Key, p.Body)
		}
		found = append(found, string(p.Key))
	}
	return strings.Join(found, " ")
}

func TestPairs(t *testing.T) {
	s := openFolder(t, t.TempDir())
	for _, key := range []string{"b", "a", "c\x00", "c", "\xff"} {
		if err := s.Change(t.Context(), []kv.Change{{Space: 1, Key: []byte(key), Body: []byte("body of " + key)}, {Space: 2, Key: []byte(key), Body: []byte{1}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Change(t.Context(), []kv.Change{{Space: 1, Key: []byte("b")}, {Space: 1, Key: []byte("none")}}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		r    kv.Range
		want string
	}{
		{kv.Range{}, "a c c\x00 \xff"},
		{kv.Range{Descending: true}, "\xff c\x00 c a"},
		{kv.Range{Limit: 2}, "a c"},
		{kv.Range{From: kv.After([]byte("c"))}, "c\x00 \xff"},
		{kv.Range{From: []byte("c"), To: kv.Beyond([]byte("c"))}, "c c\x00"},
		{kv.Range{From: []byte("\xff"), To: kv.Beyond([]byte("\xff"))}, "\xff"},
		{kv.Range{To: []byte("c"), Descending: true}, "a"},
	} {
		test.r.Space = 1
		if got := keys(t, s, test.r); got != test.want {
			t.Errorf("%+v: %q", test.r, got)
		}
	}
	if body, ok, err := s.Load(t.Context(), 1, []byte("c")); string(body) != "body of c" || !ok || err != nil {
		t.Error(body, ok, err)
	}
	if err := s.Clear(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if pairs, bytes, err := s.Size(t.Context(), 2); pairs != 5 || bytes != 5 || err != nil {
		t.Error(pairs, bytes, err)
	}
	if _, ok, err := s.Load(t.Context(), 1, []byte("c")); ok || err != nil {
		t.Error(ok, err)
	}
}

// Those who write pairs and records at the same time all find what they wrote, also when the folder is opened again.
func TestPairsTogether(t *testing.T) {
	folder := t.TempDir()
	s := openFolder(t, folder)
	const writers, each = 16, 20
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				key := fmt.Appendf(nil, "%d/%d", w, i)
				if err := s.Change(t.Context(), []kv.Change{{Space: 1, Key: key, Body: key}}); err != nil {
					t.Error(err)
				}
				if body, ok, err := s.Load(t.Context(), 1, key); string(body) != string(key) || !ok || err != nil {
					t.Errorf("%s: %s, %v", key, body, err)
				}
				if err := s.Put(t.Context(), "k", string(key), key); err != nil {
					t.Error(err)
				}
				if body, ok, err := s.Get(t.Context(), "k", string(key)); string(body) != string(key) || !ok || err != nil {
					t.Errorf("the record %s: %s, %v", key, body, err)
				}
				if i%2 == 0 {
					continue
				}
				if err := s.Delete(t.Context(), "k", string(key)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(t.Context(), []kv.Change{{Space: 1, Key: []byte("k"), Body: []byte("b")}}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a closed store: %v", err)
	}
	if err := s.Put(t.Context(), "k", "closed", nil); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a closed store: %v", err)
	}
	s = openFolder(t, folder)
	if pairs, _, err := s.Size(t.Context(), 1); pairs != writers*each || err != nil {
		t.Error(pairs, err)
	}
	if records := strings.Count(listed(t, s, "k"), "="); records != writers*each/2 {
		t.Errorf("%d records are left", records)
	}
}
