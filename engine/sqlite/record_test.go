package sqlite

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestRecords(t *testing.T) {
	s := openFolder(t, t.TempDir())
	put := func(kind, id, body string) {
		t.Helper()
		if err := s.Put(t.Context(), kind, id, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	put("k", "b", "1")
	put("k", "a", "")
	put("k", "B", "\x00\xff")
	put("l", "b", "other")
	put("k", "b", "2")
	if got, want := listed(t, s, "k"), `B="\x00\xff" a="" b="2"`; got != want {
		t.Errorf("records are %s, not %s", got, want)
	}
	body, ok, err := s.Get(t.Context(), "k", "b")
	if string(body) != "2" || !ok || err != nil {
		t.Errorf("b is %q, %v, %v", body, ok, err)
	}
	if body, ok, err := s.Get(t.Context(), "k", "z"); body != nil || ok || err != nil {
		t.Errorf("z is %q, %v, %v", body, ok, err)
	}
	for range 2 {
		if err := s.Delete(t.Context(), "k", "b"); err != nil {
			t.Error(err)
		}
	}
	if got, want := listed(t, s, "k")+" "+listed(t, s, "l"), `B="\x00\xff" a="" b="other"`; got != want {
		t.Errorf("records are %s, not %s", got, want)
	}
}

func listed(t *testing.T, s *Store, kind string) string {
	t.Helper()
	var entries []string
	err := s.List(t.Context(), kind, func(id string, body []byte) error {
		// A visitor may use the store.
		if again, ok, err := s.Get(t.Context(), kind, id); err != nil || !ok || string(again) != string(body) {
			t.Errorf("%s is %q to List and %q to Get, %v", id, body, again, err)
		}
		entries = append(entries, fmt.Sprintf("%s=%q", id, body))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(entries, " ")
}

func TestListOfManyPages(t *testing.T) {
	s := openFolder(t, t.TempDir())
	var want []string
	for i := range 3*pageSize + 1 {
		id := fmt.Sprintf("%03d", i)
		want = append(want, id+`=""`)
		if err := s.Put(t.Context(), "k", id, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := listed(t, s, "k"); got != strings.Join(want, " ") {
		t.Errorf("records are %s", got)
	}
}

func TestListEndsWithTheFirstError(t *testing.T) {
	s := openFolder(t, t.TempDir())
	for _, id := range []string{"a", "b"} {
		if err := s.Put(t.Context(), "k", id, nil); err != nil {
			t.Fatal(err)
		}
	}
	enough, visits := errors.New("enough"), 0
	err := s.List(t.Context(), "k", func(string, []byte) error { visits++; return enough })
	if !errors.Is(err, enough) || visits != 1 {
		t.Errorf("%d visits, %v", visits, err)
	}
}
