package view

import "time"

// StateVisit is one visit of a state in full.
type StateVisit struct {
	Name, Type, Resource string
	Status               string
	// Number of Visits; 0: it was not entered, and Note says why one may think that it was.
	Number, Visits int
	Note           string
	// Path are the branches and iterations around it, the outermost first.
	Path []string
	// Earlier and Later lead to the other visits; empty: there is none.
	Earlier, Later string
	// Close leads to the page without it.
	Close        string
	Began, Ended time.Time
	Took         time.Duration
	Error        string
	Cause        Cause
	Attempts     []AttemptRow
	// Parts are what went in and came out, in the order in which it did.
	Parts  []Part
	MapRun *MapRunBar
	Work   []Work
	// NoWork says why the work is not told.
	NoWork string
}

// Part is one payload of a visit.
type Part struct {
	Title string
	Text  Document
	Open  bool
}

// AttemptRow is one try of a state's work.
type AttemptRow struct {
	Number         int
	Status         string
	Queued, Took   time.Duration
	Error, Message string
	// Waited is how long it waited for this attempt after the one before; 0 for the first.
	Waited time.Duration
}

// Paused is how long it waited in all before somebody began with it.
func (a AttemptRow) Paused() time.Duration { return a.Waited + a.Queued }

// Work is something that a state set going.
type Work struct {
	// Kind is "SQL statement", "Job", "Function", "Execution" or "Map run".
	Kind    string
	Link    Link
	Status  string
	Started time.Time
	Took    time.Duration
	// Statement is there for one of SQL.
	Statement *StatementWork
	// Log is the end of what it printed, LogURL all of it.
	Log    string
	LogURL string
	Error  string
}

// StatementWork is a SQL statement as the page of who asked for it shows it.
type StatementWork struct {
	ID, URL string
	// State leads to the state that asked for it.
	State  Link
	Status string
	SQL    SQL
	Took   time.Duration
	Waited time.Duration
	// Rows is -1 where a statement counts none.
	Rows    int64
	Notices string
	Error   string
	// Code is the SQLSTATE.
	Code string
	// Loaded tells of files that COPY read or UNLOAD wrote.
	Loaded *Loaded
	// Plan is there when it was asked for, PlanError says why there is none; PlanURL asks.
	Plan               []string
	PlanError, PlanURL string
	// Inner are the statements of the procedures that it called, or of its batch, as far as they are shown.
	Inner     []StatementWork
	MoreInner int
}

// Loaded is what a COPY or UNLOAD did.
type Loaded struct {
	Address                string
	Files, Bytes, Rejected int64
	// ErrorsURL leads to the rejected rows.
	ErrorsURL string
}
