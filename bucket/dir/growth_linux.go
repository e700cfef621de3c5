package dir

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"github.com/stepwell/stepwell/bucket"
)

// growthOf asks for a read lease, which the kernel refuses while anybody has the file open for writing. It gives none
// either on network file systems and for files of other users, and then nothing is known. A writer that comes while the
// lease is held waits until it is given back, which is at once.
func growthOf(file *os.File) bucket.Growth {
	_, err := unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	switch {
	case errors.Is(err, unix.EAGAIN):
		return bucket.GrowthOpen
	case err != nil:
		return bucket.GrowthUnknown
	}
	if _, err := unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_UNLCK); err != nil {
		return bucket.GrowthUnknown
	}
	return bucket.GrowthClosed
}
