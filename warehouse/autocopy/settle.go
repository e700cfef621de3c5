package autocopy

import (
	"time"

	"github.com/stepwell/stepwell/bucket"
)

// quiet is how long an object that was written in place must stay as it is behind the last program's closing it: some
// programs write a file in several goes.
const quiet = 500 * time.Millisecond

// glance is how often an object is looked at that a program has open.
const glance = 250 * time.Millisecond

// sighting is an object that a job has noticed and not loaded.
type sighting struct {
	// inPlace says that it was seen to be written, or that nobody saw how it came.
	inPlace bool
	// looked has the object as it was at the last look, since says from when on it has been so.
	looked bucket.Object
	since  time.Time
	// due is when to look again.
	due time.Time
}

// settle takes in how an object looks and reports how long to wait before it may be read; 0 is now.
//
// An object that came in one piece and that nobody writes is read at once. One that was written in place, or is empty and
// so perhaps only begun, must be closed and quiet for a moment. Where the system does not tell who writes, time alone decides.
func (s *sighting) settle(o bucket.Object, growth bucket.Growth, now time.Time) time.Duration {
	if o.Size != s.looked.Size || !o.LastModified.Equal(s.looked.LastModified) {
		s.looked, s.since = o, now
	}
	still := max(now.Sub(s.since), now.Sub(o.LastModified))
	switch {
	case growth == bucket.GrowthOpen:
		return glance
	case growth == bucket.GrowthUnknown:
		return max(0, bucket.Patience-still)
	case s.inPlace || o.Size == 0:
		return max(0, quiet-still)
	}
	return 0
}
