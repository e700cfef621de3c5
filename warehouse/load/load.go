// Package load is COPY: it reads files from buckets, converts their fields by Redshift's rules and hands batches of rows to
// a Sink. It owns the options, the formats and the reasons of rejected rows; it opens no transaction, takes no locks and
// writes no system table: warehouse does.
//
//	plan, err := load.NewPlan(statement, columns)
//	files, err := plan.Files(ctx, store)
//	outcome, err := plan.Load(ctx, store, sink, files, &progress)
//	for _, text := range outcome.Notices() { … }
//	for _, r := range outcome.Rejections { … }  // rows of stl_load_errors, also when err is not nil
//
// One goroutine for each open file reads, decompresses and cuts it into blocks of whole records (block.go); as many as there
// are processors turn blocks into batches (row.go); the sink takes the batches.
package load

import (
	"context"
	"fmt"
	"time"

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
	Type     syntax.Type
	Encoding Encoding
	NotNull  bool
}

// Object is one file to load.
type Object struct {
	Bucket, Key string
	Size        int64     // bytes, -1 when it is not known
	ETag        string    // without quotes, empty when it is not known
	Modified    time.Time // zero when it is not known
}

// String returns the address s3://bucket/key.
func (o Object) String() string { return "s3://" + o.Bucket + "/" + o.Key }

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
	Fields     []RejectedField
	fileNumber int
}

// Error says where the row stands and what is wrong with it.
func (r Rejection) Error() string {
	at := fmt.Sprintf("%s, line %d", r.File, r.Line)
	if r.Column != "" {
		at += fmt.Sprintf(", column %q", r.Column)
	}
	return at + ": " + r.Reason
}

// RejectedField is one field of a rejected row, up to the one at fault, as stl_loaderror_detail shows it.
type RejectedField struct {
	Column, Value, Type, Length string
	Null                        bool
}

// Replacement is a row in which ACCEPTINVCHARS replaced characters, as stl_replacements shows it.
type Replacement struct {
	File    string
	Line    int64
	Column  string
	RawLine string
}

// File tells what was read of one object, as stl_load_commits shows it.
type File struct {
	Object
	Lines, Rows, Errors int64
	Bytes               int64 // read, decompressed
	Started, Ended      time.Time
	// Problem is what is wrong with the file as a whole, nil if nothing is. Kind NotFound: it is not there; Conflict: it was
	// written while it was read; Invalid: its bytes are not what the COPY says.
	Problem error
}

// Outcome is what a COPY did. It is filled as far as it came when the COPY fails.
type Outcome struct {
	Table      string
	Loaded     int64 // rows stored; with NOLOAD the rows that would be
	Rejections []Rejection
	// Rejected counts the rejected rows, also those that Rejections has no room for.
	Rejected int64
	// Files stands in the order of the objects.
	Files []File
	// Replaced counts the rows in which ACCEPTINVCHARS replaced characters; Replacements has the first of them.
	Replaced     int64
	Replacements []Replacement
}
