// Package watch notices objects in buckets that are folders by the file system's events. It implements bucket.Watcher over
// fsnotify; it reads no file and does not know whether one is whole.
//
//	watcher := watch.New(store.Folder)
//	defer watcher.Close()
//	stop, err := watcher.Watch("sales", "2024/", func(e bucket.Event) { … })
//
// It is tested on Linux. Known weaknesses: folders behind symbolic links inside a bucket are not watched, and a system may
// allow fewer watches than there are folders; then some events are missed, which the first Event without a key tells.
package watch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/fsnotify/fsnotify"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// Folders watches the folders of buckets.
type Folders struct {
	folder func(bucket string) string

	mu        sync.Mutex
	events    *fsnotify.Watcher // open while somebody watches
	listeners map[*listener]bool
	ended     sync.WaitGroup
}

// listener is one Watch.
type listener struct {
	root, prefix string
	notice       func(bucket.Event)
}

// New watches buckets in the folders that folder names; it names none for a bucket that is somewhere else.
func New(folder func(bucket string) string) *Folders {
	return &Folders{folder: folder, listeners: map[*listener]bool{}}
}

// Watch tells notice about files in the bucket's folder; those that are there already are not told. Besides the port's
// faults it has Unsupported, for a bucket that is no folder.
func (f *Folders) Watch(name, prefix string, notice func(bucket.Event)) (stop func(), err error) {
	folder := f.folder(name)
	if folder == "" {
		return nil, fault.New(fault.Unsupported, "s3://%s is no folder and cannot be watched", name)
	}
	root, err := filepath.Abs(folder)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, bucket.NoSuchBucket(name)
	}
	if err != nil {
		return nil, unavailable(name, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.open(); err != nil {
		return nil, unavailable(name, err)
	}
	l := &listener{root: root, prefix: prefix, notice: notice}
	f.listeners[l] = true
	f.cover(root, l, false)
	return func() { f.leave(l) }, nil
}

func unavailable(name string, err error) error {
	return fault.New(fault.Unavailable, "watch s3://%s", name).Because(err)
}

// Close ends all watching.
func (f *Folders) Close() {
	f.mu.Lock()
	clear(f.listeners)
	f.close()
	f.mu.Unlock()
	f.ended.Wait()
}

func (f *Folders) leave(l *listener) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.listeners, l)
	if len(f.listeners) == 0 {
		f.close()
	}
}

func (f *Folders) open() error {
	if f.events != nil {
		return nil
	}
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	f.events = events
	f.ended.Go(func() { f.serve(events) })
	return nil
}

func (f *Folders) close() {
	if f.events != nil {
		// Nothing is written through it that could be lost.
		_ = f.events.Close()
		f.events = nil
	}
}

func (f *Folders) serve(events *fsnotify.Watcher) {
	for {
		select {
		case e, more := <-events.Events:
			if !more {
				return
			}
			f.event(e)
		case _, more := <-events.Errors:
			if !more {
				return
			}
			f.missed()
		}
	}
}

// missed tells everybody to list.
func (f *Folders) missed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for l := range f.listeners {
		l.notice(bucket.Event{})
	}
}

func (f *Folders) event(e fsnotify.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	created := e.Has(fsnotify.Create)
	for l := range f.listeners {
		key, inside := l.key(e.Name)
		switch {
		case key == "." && e.Has(fsnotify.Remove|fsnotify.Rename):
			l.notice(bucket.Event{}) // the bucket itself is gone
		case !inside:
		case created && isFolder(e.Name):
			f.cover(e.Name, l, true)
		case created || e.Has(fsnotify.Write):
			l.tell(key, !created)
		}
	}
}

func isFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

// key returns the key of a path, "." for the bucket's folder, and whether the path is in the bucket.
func (l *listener) key(path string) (key string, inside bool) {
	key, err := filepath.Rel(l.root, path)
	if err != nil || !filepath.IsLocal(key) {
		return "", false
	}
	return filepath.ToSlash(key), key != "." && key != private && !strings.HasPrefix(key, private+string(filepath.Separator))
}

// private is the folder in which bucket/dir keeps what is no object.
const private = ".stepwell"

func (l *listener) tell(key string, inPlace bool) {
	if strings.HasPrefix(key, l.prefix) {
		l.notice(bucket.Event{Key: key, InPlace: inPlace})
	}
}

// mayHold reports whether objects of the listener can lie in a folder.
func (l *listener) mayHold(path string) bool {
	key, inside := l.key(path)
	if key == "." {
		return true
	}
	key += "/"
	return inside && (strings.HasPrefix(key, l.prefix) || strings.HasPrefix(l.prefix, key))
}

// cover watches a folder and those below it. A new folder may have got files before it was watched; they are told, as
// files that may still be written.
func (f *Folders) cover(folder string, l *listener, tell bool) {
	if f.events == nil || !l.mayHold(folder) {
		return
	}
	err := f.events.Add(folder)
	entries, reading := os.ReadDir(folder)
	if err != nil || reading != nil {
		if isFolder(folder) {
			l.notice(bucket.Event{})
		}
		return
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if entry.IsDir() {
			f.cover(path, l, tell)
		} else if key, inside := l.key(path); tell && inside {
			l.tell(key, true)
		}
	}
}
