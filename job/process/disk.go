package process

import (
	"io/fs"
	"path/filepath"
	"syscall"
)

// size is how many bytes of disk the files below a folder take. Files that come and go meanwhile may be missed.
func size(folder string) (total int64) {
	_ = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			if about, ok := info.Sys().(*syscall.Stat_t); ok {
				total += about.Blocks * 512
			}
		}
		return nil
	})
	return total
}

// diskLimit is the job's, but not more than half of what is free: the machine has other work.
func (a *attempt) diskLimit() int64 {
	limit := a.work.Disk
	var about syscall.Statfs_t
	if limit > 0 && syscall.Statfs(a.folder, &about) == nil {
		limit = min(limit, int64(about.Bavail)*int64(about.Bsize)/2)
	}
	return limit
}
