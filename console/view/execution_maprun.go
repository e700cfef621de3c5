package view

import (
	"fmt"
	"strings"
	"time"
)

// MapRun is the page of the run of a distributed Map.
type MapRun struct {
	Base, Label string
	Status      string
	Execution   Link
	State       Link
	Started     time.Time
	Took        time.Duration
	Redrives    int64
	Bar         MapRunBar
	Limits      MapRunLimits
	// CanChange says that the limits may be changed: it runs.
	CanChange bool
	// Errors are the failures of its children, the most frequent first. Bounded says that only the last of them were read.
	Errors   []ErrorGroup
	Bounded  bool
	Children []ChildRow
	Statuses []Option
	Pager    Pager
	// Files are what its ResultWriter wrote.
	Files []Link
}

// Template names the page's file.
func (MapRun) Template() string { return "mapRun" }

// Title is what the page is called: a run has no name but that of its state.
func (m MapRun) Title() string {
	if m.State.Text == "" {
		return "Map run " + m.Label
	}
	return "Map run of " + m.State.Text
}

// MapRunLimits are what a map run tolerates and how much it does at once.
type MapRunLimits struct {
	Concurrency         int64 // 0: no limit of its own
	ToleratedCount      *int64
	ToleratedPercentage *float64
}

// Tolerated says in words how many items may fail.
func (l MapRunLimits) Tolerated() string {
	var limits []string
	if l.ToleratedCount != nil {
		limits = append(limits, count(*l.ToleratedCount)+" failed items")
	}
	if l.ToleratedPercentage != nil {
		limits = append(limits, fmt.Sprintf("%g %% of the items", *l.ToleratedPercentage))
	}
	if len(limits) == 0 {
		return "no failure"
	}
	return strings.Join(limits, " and ")
}

// MapRunBar is how far a map run came.
type MapRunBar struct {
	URL    string
	Status string
	// Items by status; Total counts those that were read.
	Succeeded, Failed, TimedOut, Aborted, Running, Total int64
	Executions                                           int64
}

// barPart is a rectangle of the bar.
type barPart struct {
	Class, Title string
	X, Width     int64
}

// Parts are the items by how they went, in thousandths of all.
func (b MapRunBar) Parts() []barPart {
	var parts []barPart
	at := int64(0)
	for _, p := range []struct {
		class string
		items int64
	}{{"succeeded", b.Succeeded}, {"failed", b.Failed + b.TimedOut}, {"aborted", b.Aborted}, {"running", b.Running}} {
		if p.items == 0 || b.Total == 0 {
			continue
		}
		width := min(max(4, 1000*p.items/b.Total), 1000-at)
		parts = append(parts, barPart{p.class, count(p.items) + " " + p.class, at, width})
		at += width
	}
	return parts
}

// Done counts the items that are over.
func (b MapRunBar) Done() int64 { return b.Succeeded + b.Bad() }

// Bad counts the items that failed in one way or another.
func (b MapRunBar) Bad() int64 { return b.Failed + b.TimedOut + b.Aborted }

// ErrorGroup are the children that failed with the same error.
type ErrorGroup struct {
	Error, Cause string
	Count        int
	// First leads to one of them.
	First Link
}

// ChildRow is a child execution.
type ChildRow struct {
	Run
	Items int64
	Error string
}
