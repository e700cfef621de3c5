package sqlite

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/stepwell/stepwell/fault"
)

const lockName = "lock"

// lockFolder makes this process the owner of a data folder until the file is closed. The operating system unlocks when the
// process ends, however it ends; the file stays and holds the id of its last owner.
func lockFolder(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "lock data folder %s", dir).Because(err)
	}
	if err := flock(file); err != nil {
		defer file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fault.New(fault.Conflict, "data folder %s is in use by process %s", dir, ownerIn(file))
		}
		return nil, fault.New(fault.Unavailable, "lock data folder %s", dir).Because(err)
	}
	owner := strconv.Itoa(os.Getpid()) + "\n"
	if err := errors.Join(file.Truncate(0), writeAtStart(file, owner)); err != nil {
		file.Close()
		return nil, fault.New(fault.Unavailable, "write %s", path).Because(err)
	}
	return file, nil
}

// Owner returns the id of the process that owns a data folder; ok is false when none does.
func Owner(dir string) (process int, ok bool) {
	file, err := os.Open(filepath.Join(dir, lockName))
	if err != nil {
		return 0, false
	}
	defer file.Close()
	if err := unix.Flock(int(file.Fd()), unix.LOCK_SH|unix.LOCK_NB); !errors.Is(err, unix.EWOULDBLOCK) {
		return 0, false
	}
	process, err = strconv.Atoi(ownerIn(file))
	return process, err == nil
}

// A process that was killed a moment ago may own its files until the system has cleared it away: the lock is asked for
// again during patience.
const (
	patience = 500 * time.Millisecond
	pause    = 20 * time.Millisecond
)

func flock(file *os.File) error {
	for begin := time.Now(); ; time.Sleep(pause) {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) || time.Since(begin) > patience {
			return err
		}
	}
}

func writeAtStart(file *os.File, text string) error {
	_, err := file.WriteAt([]byte(text), 0)
	return err
}

func ownerIn(file *os.File) string {
	text, err := io.ReadAll(io.LimitReader(file, 32))
	owner := strings.TrimSpace(string(text))
	if err != nil || owner == "" {
		return "(unknown)"
	}
	return owner
}
