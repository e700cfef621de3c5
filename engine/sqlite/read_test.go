package sqlite

import (
	"testing"

	"github.com/stepwell/stepwell/engine"
)

// list returns how many executions a reader of a folder sees.
func list(t *testing.T, dir string) int {
	t.Helper()
	s, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	records, _, err := s.Executions(t.Context(), engine.Filter{}, engine.Page{})
	if err != nil {
		t.Fatal(err)
	}
	return len(records)
}

// A reader does not know the columns of an earlier version either.
func TestReadOfAnEarlierVersion(t *testing.T) {
	dir := t.TempDir()
	s := openFolder(t, dir)
	commit(t, s, begin("x"))
	for _, column := range []string{"redrive_count", "redrive_time"} {
		pragma(t, s, "ALTER TABLE map_run DROP COLUMN "+column)
	}
	forgetOverview(t, s)
	pragma(t, s, "PRAGMA user_version = 6")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if n := list(t, dir); n != 1 {
		t.Errorf("%d executions", n)
	}
}
