package watch

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// Bursts of writes are one change; changes that never rest are told all the same.
func TestSettle(t *testing.T) {
	for _, c := range []struct {
		name         string
		writes, want int
		pause        time.Duration
	}{
		{"one write", 1, 1, 0},
		{"a burst", 1000, 1, 0},
		{"a slow burst", 10, 1, Calm / 2},
		{"two changes", 2, 2, 2 * Calm},
		{"no rest", 100, 3, Calm / 2}, // 5 s without a rest: told twice on the way
	} {
		synctest.Test(t, func(t *testing.T) {
			noticed, changes := make(chan struct{}), make(chan struct{}, 1)
			go settle(noticed, changes, Calm)
			got := 0
			counted := make(chan struct{})
			go func() {
				for range changes {
					got++
				}
				close(counted)
			}()
			for range c.writes {
				noticed <- struct{}{}
				time.Sleep(c.pause)
			}
			time.Sleep(2 * Calm)
			close(noticed)
			<-counted
			if got != c.want {
				t.Errorf("%s: told %d times, want %d", c.name, got, c.want)
			}
		})
	}
}

// Files of folders that are made later are watched too; what programs write for themselves is not.
func TestWatch(t *testing.T) {
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, ".stepwell"), 0o755); err != nil {
		t.Fatal(err)
	}
	w, err := Start(folder, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	write := func(names ...string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(append([]string{folder}, names...)...), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(".stepwell", "state.db")
	select {
	case <-w.Changes():
		t.Error("the data folder is watched")
	default:
	}
	write("template.yaml")
	<-w.Changes()
	if err := os.MkdirAll(filepath.Join(folder, "functions", "load"), 0o755); err != nil {
		t.Fatal(err)
	}
	<-w.Changes()
	write("functions", "load", "app.py")
	<-w.Changes()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, more := <-w.Changes(); more {
		<-w.Changes()
	}
}
