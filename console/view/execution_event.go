package view

import "time"

// EventList is a page of an execution's history.
type EventList struct {
	// Total is how many there are, Matching how many of them the filters choose.
	Total, Matching int
	Types, Steps    []string
	Filter          EventFilter
	Rows            []EventRow
	Pager           Pager
}

// EventFilter chooses events.
type EventFilter struct {
	Type, Step string
	Failed     bool
	Newest     bool // first
}

// EventRow is one event.
type EventRow struct {
	ID       int64
	Type     string
	Step     Link // without an address where the event is the execution's
	Resource string
	Elapsed  time.Duration
	At       time.Time
	Failed   bool
	// URL leads to the same page with the details unfolded, or folded again.
	URL     string
	Details *Document
}
