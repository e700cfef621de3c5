// Package watch tells when files of a project change. Many changes in a short time are one: it tells when they have come to rest. It
// reads no file and does not say which has changed.
//
//	w, err := watch.Start(folder, watch.Calm)
//	defer w.Close()
//	for range w.Changes() { … }
//
// It is tested on Linux. Known weaknesses: what stands behind symbolic links is not watched, and a system may allow fewer watches
// than there are folders; Start says so then.
package watch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/stepwell/stepwell/fault"
)

const (
	// Calm is how long nothing must have changed before a change is told.
	Calm = 100 * time.Millisecond
	// patience is how long changes that never come to rest can put that off, in times of the calm.
	patience = 20
)

// Watcher watches one folder with all that is in it.
type Watcher struct {
	root    string
	events  *fsnotify.Watcher
	changes chan struct{}
	ended   sync.WaitGroup
}

// Start begins to watch a folder. Errors: Unavailable when the system refuses.
func Start(folder string, calm time.Duration) (*Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fault.New(fault.Unavailable, "watch %s", folder).Because(err)
	}
	w := &Watcher{root: folder, events: events, changes: make(chan struct{}, 1)}
	if err := w.add(folder); err != nil {
		return nil, errors.Join(fault.New(fault.Unavailable, "watch %s", folder).Because(err), events.Close())
	}
	noticed := make(chan struct{})
	w.ended.Go(func() { w.notice(noticed) })
	w.ended.Go(func() { settle(noticed, w.changes, calm) })
	return w, nil
}

// Changes gets a value when files have changed and have come to rest; it is closed by Close.
func (w *Watcher) Changes() <-chan struct{} { return w.changes }

// Close ends the watch.
func (w *Watcher) Close() error {
	err := w.events.Close()
	w.ended.Wait()
	return err
}

// add watches a folder and those in it.
func (w *Watcher) add(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // it has gone again
		case err != nil:
			return err
		case !entry.IsDir():
			return nil
		case path != w.root && passedOver(entry.Name()):
			return fs.SkipDir
		}
		return w.events.Add(path)
	})
}

// passedOver are folders that programs write into: they hold nothing that a project is made of.
func passedOver(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules" || name == "__pycache__"
}

// notice passes events on. Missed events are told as a change too.
func (w *Watcher) notice(noticed chan<- struct{}) {
	defer close(noticed)
	for {
		select {
		case e, ok := <-w.events.Events:
			if !ok {
				return
			}
			if passedOver(filepath.Base(e.Name)) || e.Op == fsnotify.Chmod {
				continue
			}
			if about, err := os.Lstat(e.Name); err == nil && about.IsDir() {
				_ = w.add(e.Name) // what it does not allow is only missed until the next change
			}
		case _, ok := <-w.events.Errors:
			if !ok {
				return
			}
		}
		noticed <- struct{}{}
	}
}

// settle tells of what was noticed when it has been calm for a while, until nothing more can be noticed.
func settle(noticed <-chan struct{}, changes chan<- struct{}, calm time.Duration) {
	defer close(changes)
	rest := time.NewTimer(calm)
	rest.Stop()
	var first time.Time
	for {
		select {
		case _, ok := <-noticed:
			if !ok {
				return
			}
			now := time.Now()
			if first.IsZero() {
				first = now
			}
			rest.Reset(max(0, min(calm, first.Add(patience*calm).Sub(now))))
		case <-rest.C:
			first = time.Time{}
			select {
			case changes <- struct{}{}:
			default: // one is waiting to be looked at already
			}
		}
	}
}
