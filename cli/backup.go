package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/stepwell/stepwell/console"
	"github.com/stepwell/stepwell/fault"
)

// backups makes copies of the state and the warehouse, one at a time, into folders of the data folder.
type backups struct {
	folder string
	// parts copy one file each, in the order in which that matters: the state comes first, so that a statement that it does not know
	// to be done is found in the warehouse, where its mark is.
	parts []backupPart
	log   func(message string, args ...any)

	ctx     context.Context // of the one that is made
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu    sync.Mutex
	state console.BackupState
}

type backupPart struct {
	name string
	copy func(ctx context.Context, file string) error
}

// backups opens the place of backups; what is under way ends with the server.
func (l *local) backups(data string, copyState func(ctx context.Context, file string) error) *backups {
	b := &backups{
		folder: filepath.Join(data, "backups"), log: l.logger.Error,
		parts: []backupPart{{"state.db", copyState}, {"warehouse.duckdb", l.warehouse.Backup}},
	}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	l.closers = append(l.closers, func() error {
		b.cancel()
		b.running.Wait()
		return nil
	})
	return b
}

// State says what is made and what became of the last one.
func (b *backups) State() console.BackupState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// Start begins a backup. Error: Conflict while one is made.
func (b *backups) Start() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state.Running {
		return fault.New(fault.Conflict, "a backup is being made since %s", b.state.Since.Format(time.TimeOnly))
	}
	now := time.Now().UTC()
	b.state = console.BackupState{Running: true, Since: now}
	b.running.Go(func() {
		err := b.make(now.Format(console.BackupName))
		b.mu.Lock()
		defer b.mu.Unlock()
		b.state.Running = false
		if err != nil {
			b.state.Problem = err.Error()
			b.log("back up", "error", err)
		}
	})
	return nil
}

// make copies all parts. The folder has its name once everything is in it.
func (b *backups) make(name string) error {
	unfinished := filepath.Join(b.folder, "unfinished")
	if err := errors.Join(os.RemoveAll(unfinished), os.MkdirAll(unfinished, 0o700)); err != nil {
		return fault.New(fault.Unavailable, "make the folder of the backup").Because(err)
	}
	for _, part := range b.parts {
		if err := part.copy(b.ctx, filepath.Join(unfinished, part.name)); err != nil {
			return errors.Join(err, os.RemoveAll(unfinished))
		}
	}
	return os.Rename(unfinished, filepath.Join(b.folder, name))
}
