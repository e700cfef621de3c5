package bucket

import "time"

// quiet is how long an object that was written in place must stay as it is behind the last program's closing it: some
// programs write a file in several goes.
const quiet = 500 * time.Millisecond

// Glance is how often an object is looked at that a program has open.
const Glance = 250 * time.Millisecond

// Sighting is an object that somebody has noticed, and that may still be written.
type Sighting struct {
	// InPlace says that it was seen to be written, or that nobody saw how it came.
	InPlace bool
	// Looked has the object as it was at the last look, Since says from when on it has been so.
	Looked Object
	Since  time.Time
}

// Settle takes in how an object looks and reports how long to wait before it may be read; 0 is now.
//
// An object that came in one piece and that nobody writes is read at once. One that was written in place, or is empty and
// so perhaps only begun, must be closed and quiet for a moment. Where the system does not tell who writes, time alone decides.
func (s *Sighting) Settle(o Object, growth Growth, now time.Time) time.Duration {
	if o.Size != s.Looked.Size || !o.LastModified.Equal(s.Looked.LastModified) {
		s.Looked, s.Since = o, now
	}
	still := max(now.Sub(s.Since), now.Sub(o.LastModified))
	switch {
	case growth == GrowthOpen:
		return Glance
	case growth == GrowthUnknown:
		return max(0, Patience-still)
	case s.InPlace || o.Size == 0:
		return max(0, quiet-still)
	}
	return 0
}
