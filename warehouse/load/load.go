// Package load is COPY: it reads delimited, CSV and fixed-width files from buckets, converts their fields by Redshift's
// rules and hands batches of rows to a Sink. It owns the options and the reasons of rejected rows; it opens no
// transaction, takes no locks and writes no system table: warehouse does.
//
//	plan, err := load.NewPlan(statement, columns)
//	outcome, err := plan.Run(ctx, store, sink)
//	for _, text := range outcome.Notices() { … }
//	for _, r := range outcome.Rejections { … }  // rows of stl_load_errors, also when err is not nil
package load

import (
	"context"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// Sink stores rows of one table in the open transaction. A backend's connection implements it.
type Sink interface {
	// Append inserts the batches that next returns, nil after the last one, and returns the number of rows stored. next
	// may be called from several goroutines. When next fails, Append stops and returns an error; so it does when ctx ends.
	Append(ctx context.Context, target Target, next func() (*Batch, error)) (int64, error)
}

// Target is where rows go. Columns that it leaves out get their defaults.
type Target struct {
	Table   syntax.Name
	Columns []TargetColumn
}

// TargetColumn is a column with the form in which batches hold its values.
type TargetColumn struct {
	Name     string
	Encoding Encoding
}

// Encoding is the form of a column's values in a batch.
type Encoding uint8

const (
	// Text is what a cast from text to the column's type reads.
	Text Encoding = iota
	// Integer is a whole number.
	Integer
	// Days counts days from 1970-01-01.
	Days
	// Micros counts microseconds from 1970-01-01 00:00:00.
	Micros
	// Hex is two hexadecimal digits for each byte.
	Hex
)

// BatchSize is the largest number of rows in a batch.
const BatchSize = 2048

// Batch is some rows, column by column.
type Batch struct {
	Rows    int
	Columns []Vector
}

// Vector holds one column of a batch: Texts for Text and Hex, else Integers. Null[i] says that row i has no value.
type Vector struct {
	Null     []bool
	Texts    []string
	Integers []int64
}

// Rejection is a row that could not be loaded, as stl_load_errors shows it.
type Rejection struct {
	File       string // s3://bucket/key
	Line       int64  // from 1, of the file, headers included
	Column     string // empty when the whole line is at fault
	Type       string
	Length     string // of the column
	Position   int    // of the field in the line, in characters from 0
	RawLine    string
	RawValue   string
	Code       int
	Reason     string
	fileNumber int
}

// File tells what was read of one object, as stl_load_commits shows it.
type File struct {
	Name   string // s3://bucket/key
	Lines  int64
	Errors int64
}

// Outcome is what a COPY did. It is filled as far as it came when the COPY fails.
type Outcome struct {
	Table      string
	Loaded     int64 // rows stored; with NOLOAD the rows that would be
	Rejections []Rejection
	Files      []File
	// Replaced counts the rows in which ACCEPTINVCHARS replaced characters.
	Replaced int64
}
