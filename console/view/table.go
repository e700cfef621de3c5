package view

import "time"

// Tables is the list of DynamoDB tables.
type Tables struct {
	List  []TableRow
	Pager Pager
}

// Template names the page's file.
func (Tables) Template() string { return "tables" }

// TableRow is one DynamoDB table.
type TableRow struct {
	Name, URL, Status string
	Keys              []string
	Items, Bytes      int64
	Indexes           int
	Created           time.Time
}

// Table is one DynamoDB table with a part of its items.
type Table struct {
	TableRow
	ARN     string
	Tabs    []TabLink
	Columns []string
	Rows    []ItemRow
	Pager   Pager
}

// Template names the page's file.
func (Table) Template() string { return "table" }

// ItemRow is one item: a cell for each column, and all of it as JSON.
type ItemRow struct {
	Cells []ItemCell
	JSON  Text
	// More counts the attributes without a column.
	More int
}

// ItemCell is one attribute of an item; Missing says that the item has none. URL leads to what the value names.
type ItemCell struct {
	Text, URL string
	Missing   bool
}

// Audit is a DynamoDB table in which pipelines note their runs.
type Audit struct {
	Table
	// States counts the runs by their JobState, the most important first.
	States []AuditState
	Runs   []AuditRun
	// Cut says that the table has more runs than are shown.
	Cut bool
}

// Template names the page's file.
func (Audit) Template() string { return "audit" }

// AuditState is how many runs are in a state.
type AuditState struct {
	State string
	Runs  int
	Bad   bool
}

// AuditRun is one run.
type AuditRun struct {
	Key        string
	State      string
	Start, End time.Time
	// StartText and EndText stand for times that cannot be read.
	StartText, EndText string
	Took               time.Duration // negative: it has not come to its end
	Others             []AuditField
}

// AuditField is another attribute of a run.
type AuditField struct{ Name, Text, URL string }
