package autocopy

import (
	"time"

	"github.com/stepwell/stepwell/bucket"
)

// sighting is an object that a job has noticed and not loaded.
type sighting struct {
	bucket.Sighting
	// due is when to look again.
	due time.Time
}
