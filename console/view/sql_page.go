package view

import (
	"html"
	"strings"
	"time"
)

// Worksheet is the page where SQL is written and run.
type Worksheet struct {
	// Text is what the editor shows.
	Text string
	// Limits are how long a run may take, Limit the one that is chosen.
	Limits []Option
	// Run is what was run last from this editor; nil: nothing.
	Run *SQLRun
	// History are the user's last statements.
	History []Statement
	// ReadOnly says that the user may only run statements that read.
	ReadOnly bool
}

// Template names the page's file.
func (Worksheet) Template() string { return "sql" }

// Option is one choice of a list.
type Option struct {
	Value, Text string
	Chosen      bool
}

// SQLRun is one text that was run, statement by statement.
type SQLRun struct {
	ID          string
	Running     bool
	Started     time.Time
	Took, Limit time.Duration
	Results     []SQLResult
	// More counts the results that are not kept.
	More int
	// Plan has the lines of a plan, when no more was asked for.
	Plan []string
	// Error is why the run ended early; Source is its text with the place.
	Error, Code string
	Source      SQL
	// Notices are those of the statement that failed.
	Notices []Notice
}

// SQLResult is what one statement answered.
type SQLResult struct {
	Number  int
	SQL     SQL
	Tag     string
	URL     string // of the statement in the record
	Took    time.Duration
	Notices []Notice
	Grid    *Grid // nil: no rows, as of an INSERT
}

// Title is the beginning of the statement in one line.
func (r SQLResult) Title() string {
	return strings.Join(strings.Fields(cutAt(r.SQL.Text, maxCell)), " ")
}

// Notice is a message that is no error.
type Notice struct{ Level, Text string }

// Grid is a table of values.
type Grid struct {
	Columns []GridColumn
	Rows    [][]Cell
	// Total counts all rows, also those that are not shown.
	Total int64
}

// GridColumn is the head of a column; Right says that its values are numbers.
type GridColumn struct {
	Name, Type string
	Right      bool
}

// Cell is a value in its text form; Cut counts the bytes that are not shown.
type Cell struct {
	Text string
	Null bool
	Cut  int64
}

// Hidden is how many rows are not shown.
func (g Grid) Hidden() int64 { return g.Total - int64(len(g.Rows)) }

// Add adds a row while there is room for it: so many bytes of a page. It returns the room that is left, which is negative from the
// first row on that was left out.
func (g *Grid) Add(row []Cell, room int) int {
	g.Total++
	for _, cell := range row {
		room -= len(html.EscapeString(cell.Text)) + cellMarkup
	}
	if room >= 0 {
		g.Rows = append(g.Rows, row)
	}
	return room
}

// cellMarkup is about how many bytes stand around a value on a page.
const cellMarkup = 40

// maxCell is how many bytes of a value a grid shows.
const maxCell = 600

// NewCell is a value as a grid shows it.
func NewCell(text string) Cell {
	if len(text) <= maxCell {
		return Cell{Text: visible(text)}
	}
	shown := cutAt(text, maxCell)
	return Cell{Text: visible(shown), Cut: int64(len(text) - len(shown))}
}
