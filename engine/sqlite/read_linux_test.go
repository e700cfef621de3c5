package sqlite

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

func TestReadOnlyDisk(t *testing.T) {
	dir := t.TempDir()
	s := openFolder(t, dir)
	commit(t, s, begin("x"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// The mount belongs to this thread alone, which ends with the goroutine because it stays locked.
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		t.Skipf("a disk cannot be made read-only here: %v", err)
	}
	for _, m := range []struct {
		source, target string
		flags          uintptr
	}{
		{"", "/", unix.MS_REC | unix.MS_PRIVATE}, {dir, dir, unix.MS_BIND}, {"", dir, unix.MS_BIND | unix.MS_REMOUNT | unix.MS_RDONLY},
	} {
		if err := unix.Mount(m.source, m.target, "", m.flags, ""); err != nil {
			t.Skipf("a disk cannot be made read-only here: %v", err)
		}
	}
	defer func() { _ = unix.Unmount(dir, unix.MNT_DETACH) }()
	if n := list(t, dir); n != 1 {
		t.Errorf("%d executions", n)
	}
}
