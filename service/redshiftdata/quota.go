package redshiftdata

import "time"

// quotas bound what one Data API takes on.
type quotas struct {
	active   int           // statements that have not ended
	running  int           // of these, run at the same time; the others are SUBMITTED
	sessions int           // open
	text     int           // bytes of one SQL text
	row      int           // bytes of the values of one row of a result
	result   int64         // bytes of a result, compressed
	duration time.Duration // of a statement
	lookup   time.Duration // of a look into the catalog
}

// awsQuotas are AWS's, but for running, which is what one machine can do, and lookup, which AWS does not tell.
var awsQuotas = quotas{
	active: 500, running: 16, sessions: 500, text: 100 << 10, row: 64 << 10, result: 500 << 20, duration: 24 * time.Hour, lookup: 30 * time.Second,
}

const (
	// retention is how long statements and results are kept.
	retention = 24 * time.Hour
	// tokenMemory is how long a ClientToken names the statement that it was first given with.
	tokenMemory = 8 * time.Hour
	// maxSessionLife is when a session ends, whatever it does.
	maxSessionLife = 24 * time.Hour
)
