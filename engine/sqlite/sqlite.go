// Package sqlite keeps executions, and the records and pairs of services, in one SQLite file, state.db, inside a data folder.
//
// It is tested against the SQLite that zombiezen.com/go/sqlite embeds, with a write-ahead log and an fsync for every
// commit (synchronous=FULL). One connection writes, a few read; a folder belongs to one process at a time. It does not
// work on network file systems, which neither lock nor map files as SQLite needs it.
//
//	store, err := sqlite.Open(".stepwell")
//	defer store.Close()
//	e := engine.Open(store, tasks, engine.Options{})
package sqlite

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/stepwell/stepwell/fault"
)

// Store is an open data folder. It implements engine.Store, service.Records and kv.Store.
type Store struct {
	path    string
	lock    *os.File
	readers *sqlitex.Pool

	batches batches

	mu     sync.Mutex // held by whoever writes
	writer *sqlite.Conn
	closed bool
}

const (
	fileName    = "state.db"
	readerCount = 4
)

// Open takes the data folder, which is made when it is not there. Errors: Conflict when another process owns the folder;
// Invalid when state.db is no database of ours; Unavailable when the disk refuses.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.New(fault.Unavailable, "make data folder %s", dir).Because(err)
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{path: filepath.Join(dir, fileName), lock: lock}
	if err := s.connect(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) connect() (err error) {
	if s.writer, err = sqlite.OpenConn(s.path, sqlite.OpenReadWrite, sqlite.OpenCreate, sqlite.OpenWAL); err != nil {
		return s.fault("open", err)
	}
	for _, pragma := range []string{"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"} {
		if err := sqlitex.ExecuteTransient(s.writer, pragma, nil); err != nil {
			return s.fault("open", err)
		}
	}
	if err := migrate(s.writer); err != nil {
		return s.fault("open", err)
	}
	s.readers, err = sqlitex.NewPool(s.path, sqlitex.PoolOptions{Flags: sqlite.OpenReadOnly, PoolSize: readerCount})
	return s.fault("open", err)
}

// Read opens a data folder for looking at what is in it, also while another process owns it. Commit, Put, Delete, Change and Clear of
// such a Store answer with a Conflict. Errors: NotFound when there is no state.db; Unavailable when the disk refuses.
func Read(dir string) (*Store, error) {
	s := &Store{path: filepath.Join(dir, fileName)}
	if _, err := os.Stat(s.path); err != nil {
		return nil, fault.New(fault.NotFound, "no executions in %s", dir).Because(err)
	}
	err := s.connectReaders()
	if err == nil && s.outdated() {
		// Only its owner may bring it up to date.
		if err = s.readers.Close(); err == nil {
			err = update(dir)
		}
		if err == nil {
			err = s.connectReaders()
		}
	}
	if err != nil {
		return nil, s.fault("open", err)
	}
	return s, nil
}

func (s *Store) connectReaders() (err error) {
	flags, path := sqlite.OpenReadOnly, s.path
	if s.frozen() {
		flags |= sqlite.OpenURI
		path = (&url.URL{Scheme: "file", OmitHost: true, Path: s.path, RawQuery: "immutable=1"}).String()
	}
	s.readers, err = sqlitex.NewPool(path, sqlitex.PoolOptions{Flags: flags, PoolSize: readerCount})
	return err
}

// outdated says that an earlier version of Stepwell wrote state.db.
func (s *Store) outdated() (is bool) {
	_ = s.read(context.Background(), func(conn *sqlite.Conn) (err error) {
		is, err = behind(conn)
		return err
	}) // an error shows up again where there is somebody to tell
	return is
}

// update brings the data folder up to date by owning it for a moment.
func update(dir string) error {
	s, err := Open(dir)
	if err != nil {
		return err
	}
	return s.Close()
}

// frozen says that state.db is whole without a write-ahead log, on a disk that takes nothing, where SQLite could not make the
// files that readers share: nobody changes it.
func (s *Store) frozen() bool {
	if log, err := os.Stat(s.path + "-wal"); err == nil && log.Size() > 0 {
		return false
	}
	return errors.Is(unix.Access(filepath.Dir(s.path), unix.W_OK), unix.EROFS)
}

// Close gives the folder back. Closing again is no matter.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var errs []error
	if s.readers != nil {
		errs = append(errs, s.readers.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close()) // which unlocks
	}
	return s.fault("close", errors.Join(errs...))
}

// write runs f in a transaction of the writer.
func (s *Store) write(f func(*sqlite.Conn) error) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fault.New(fault.Unavailable, "write %s: the store is closed", s.path)
	}
	if s.writer == nil {
		return fault.New(fault.Conflict, "write %s: it is open for reading only, because another process owns it", s.path)
	}
	end, err := sqlitex.ImmediateTransaction(s.writer)
	if err != nil {
		return s.fault("write", err)
	}
	err = f(s.writer)
	end(&err)
	return s.fault("write", err)
}

// read runs f with a connection that sees one state of the database at each statement.
func (s *Store) read(ctx context.Context, f func(*sqlite.Conn) error) error {
	conn, err := s.readers.Take(ctx)
	if err != nil {
		return s.fault("read", err)
	}
	defer s.readers.Put(conn)
	return s.fault("read", f(conn))
}

// fault tells whose the mistake is. Faults and the ends of contexts pass as they are.
func (s *Store) fault(operation string, err error) error {
	var known *fault.Fault
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	kind := fault.Internal
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultFull, sqlite.ResultReadOnly, sqlite.ResultIOErr, sqlite.ResultCantOpen, sqlite.ResultPerm,
		sqlite.ResultAuth, sqlite.ResultBusy, sqlite.ResultLocked, sqlite.ResultNoLFS, sqlite.ResultNoMem:
		kind = fault.Unavailable
	case sqlite.ResultNotADB, sqlite.ResultCorrupt:
		kind = fault.Invalid
	case sqlite.ResultInterrupt:
		return context.Canceled
	}
	return fault.New(kind, "%s %s", operation, s.path).Because(err)
}
