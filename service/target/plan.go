package target

import "time"

// Plan is when something calls its targets next.
type Plan struct {
	Name, ARN string
	// Expression and Zone say when it is due, State whether at all: ENABLED or DISABLED.
	Expression, Zone, State string
	// Targets are their ARNs.
	Targets []string
	// Last is the newest time that was fired, Next the one that comes; zero: there was or is none.
	Last, Next time.Time
}
