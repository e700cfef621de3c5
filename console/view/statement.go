package view

import "time"

// Statement is one statement of the record, as lists show it.
type Statement struct {
	ID   int64
	URL  string
	Kind string
	// Text is the beginning of the statement in one line.
	Text, User, Status string
	Started            time.Time
	Took               time.Duration
	Rows               int64 // -1: it counts nothing
	Error              string
	// From leads to what asked for it, the nearest last.
	From []Link
}

// Statements is the list of what the warehouse ran.
type Statements struct {
	Running []Statement
	List    []Statement
	Filter  StatementFilter
	// Note says why the list is not all there.
	Note  string
	Pager Pager
}

// Template names the page's file.
func (Statements) Template() string { return "statements" }

// StatementFilter is what the list is narrowed to.
type StatementFilter struct {
	Text, Table, User string
	Statuses          []Option
	Since             []Option
	Inner             bool
	// Of says what else the list belongs to: an execution, a job.
	Of []HiddenField
}

// HiddenField is a filter without a field of its own.
type HiddenField struct{ Name, Value, Text string }

// StatementDetail is everything about one statement.
type StatementDetail struct {
	Statement
	SQL      SQL
	Tag      string
	Database string
	PID, XID int64
	Label    string
	Ended    time.Time
	Waited   time.Duration
	Code     string
	Notices  Text
	Count    int64
	// Reads and Writes are tables and views; Source and Target addresses in buckets.
	Reads, Writes  []Link
	Source, Target *Link
	Files, Bytes   int64
	Rejected       int64
	// LoadURL leads to the files and rejected rows of a COPY; empty: it is none.
	LoadURL string
	Parent  *Link
	// Inner are the first statements of a CALL, InnerCount how many there are; InnerURL lists all.
	Inner      []Statement
	InnerCount int
	InnerURL   string
	// DataAPI is the id of the Data API's statement; empty: it is none.
	DataAPI string
	// Plan is there when it was asked for, PlanError says why there is none; PlanURL asks for it.
	Plan               []string
	PlanError, PlanURL string
	// CancelURL ends a statement that runs; EditURL opens it in the editor.
	CancelURL, EditURL string
}

// Template names the page's file.
func (StatementDetail) Template() string { return "statement" }

// Bar is where an inner statement stands in the time of its CALL, in thousandths.
func (d StatementDetail) Bar(s Statement) (bar struct{ X, Width int64 }) {
	whole := max(d.Took, time.Microsecond)
	bar.X = min(int64(1000*max(s.Started.Sub(d.Started), 0)/whole), 995)
	bar.Width = min(max(int64(1000*s.Took/whole), 5), 1000-bar.X)
	return bar
}

// Kept is how many bytes of the text the record has.
func (d StatementDetail) Kept() int64 { return int64(len(d.SQL.Text)) }
