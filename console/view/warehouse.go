package view

import "time"

// Warehouse is the list of what is in the schemas.
type Warehouse struct {
	Schemas   []Schema
	Relations []Relation
	// Part is what names are narrowed to, Kinds which kinds, and Schema one schema.
	Part, Schema string
	Kinds        []Option
	Note         string
	Pager        Pager
}

// Template names the page's file.
func (Warehouse) Template() string { return "warehouse" }

// Filtered says that the list is narrowed.
func (w Warehouse) Filtered() bool {
	for _, k := range w.Kinds {
		if k.Chosen && k.Value != "" {
			return true
		}
	}
	return w.Part != "" || w.Schema != ""
}

// Schema is a schema with how much is in it.
type Schema struct {
	Name, URL                 string
	Tables, Views, Procedures int64
	Chosen                    bool
}

// Relation is one table, view, procedure or function of the list.
type Relation struct {
	Schema, Name, URL, Kind string
	Columns, Rows           int64
	DistStyle, SortKey      string
	Comment                 string
	Writer                  *Writer
}

// Writer is the last statement that wrote a table.
type Writer struct {
	Kind, URL string
	Rows      int64 // -1: it counts nothing
	At        time.Time
	From      []Link
}

// TableDetail is everything about one table or view.
type TableDetail struct {
	Relation
	// Columns are the first ones, and MoreColumns counts the others.
	Columns     []ColumnRow
	MoreColumns int
	Constraints []string
	Definition  SQL
	Size        int64 // -1: nobody knows
	Up, Down    []Edge
	// Sample has the first rows; SampleNote says why there are none.
	Sample     *Grid
	SampleNote string
	// QueryURL opens the editor, StatementsURL lists what wrote the table, LineageURL draws where its data comes from.
	QueryURL, StatementsURL, LineageURL string
}

// Template names the page's file.
func (TableDetail) Template() string { return "table_detail" }

// ColumnCount is how many columns there are.
func (d TableDetail) ColumnCount() int { return len(d.Columns) + d.MoreColumns }

// ColumnRow is one column of a table.
type ColumnRow struct {
	Name, Type        string
	NotNull           bool
	Default, Encoding string
	// Keys are its parts in keys, in words.
	Keys    []string
	Comment string
}

// Edge is a way that data took.
type Edge struct {
	Source, Target Link
	// URL is of the statement that took it last.
	URL  string
	Rows int64
	At   time.Time
	From []Link
}

// Routine is one procedure or function.
type Routine struct {
	Name, Kind string
	SQL        SQL
	// CallsURL lists the statements that name it.
	CallsURL string
}

// Template names the page's file.
func (Routine) Template() string { return "routine" }
