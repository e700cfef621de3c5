package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
)

// A backup is a data folder of its own, with what was there when it was made.
func TestBackup(t *testing.T) {
	s := openFolder(t, t.TempDir())
	commit(t, s, started("a", 0))
	folder := t.TempDir()
	file := filepath.Join(folder, fileName)
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	commit(t, s, started("b", 1))
	copied := openFolder(t, folder)
	records, _, err := copied.Executions(t.Context(), engine.Filter{}, engine.Page{})
	if err != nil || names(records) != "a" {
		t.Errorf("the backup has %q, %v", names(records), err)
	}
	refuses(t, s.Backup(t.Context(), file), fault.Internal, "back up", "output file already exists")
}
