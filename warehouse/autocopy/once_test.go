package autocopy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stepwell/stepwell/warehouse"
)

// Sessions that run a job at the same time, each many times, load every file once.
func TestOnceWhoeverRuns(t *testing.T) {
	folder := t.TempDir()
	w, buckets, err := openFolder(t.Context(), folder)
	check(t, err)
	check(t, os.MkdirAll(filepath.Join(buckets.Folder("inbox"), "in"), 0o755))
	s, err := w.Session(t.Context(), warehouse.SessionConfig{})
	check(t, err)
	run := func(s *warehouse.Session, sql string) []any {
		var answers warehouse.Collector
		if err := s.Run(t.Context(), sql, warehouse.Run{}, &answers); err != nil {
			t.Error(err)
			return nil
		}
		for _, row := range answers.Answers[len(answers.Answers)-1].Values {
			return row
		}
		return nil
	}
	run(s, `create table t (a int, b varchar(20)); copy t from 's3://inbox/in/' iam_role 'arn:r' csv job create j auto off`)
	const files, sessions = 200, 4
	var work sync.WaitGroup
	for range sessions {
		other, err := w.Session(t.Context(), warehouse.SessionConfig{})
		check(t, err)
		work.Go(func() {
			for range 5 {
				run(other, "copy job run j")
			}
			if err := other.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	check(t, writeFiles(folder, 0, files))
	work.Wait()
	got := fmt.Sprint(run(s, "copy job run j; select count(*), count(distinct a) from t"))
	if want := fmt.Sprint([]any{int64(files * rowsOfFile), int64(files * rowsOfFile)}); got != want {
		t.Errorf("rows and different rows: got %s, want %s", got, want)
	}
	check(t, s.Close())
	check(t, w.Close())
}
