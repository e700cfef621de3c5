// Package querylog is the record of the statements that a warehouse ran: who asked for each, how it went, what it read and wrote.
// It keeps those that run in memory and hands the others in batches to a Store; statements never wait for that. It runs no SQL
// and opens no file: warehouse stores the record in tables and shows it as Redshift's views.
//
//	log := querylog.Open(store, next, history, querylog.Options{})
//	log.Begin(q, cancel)
//	log.End(q)
//	log.Committed(q, sources, targets)
//
// What is not stored yet is lost with the process, about the last second. A disk that takes nothing loses statements of the
// record and stops none.
package querylog

import (
	"time"

	"github.com/stepwell/stepwell/origin"
)

// Status is how a statement stands.
type Status string

// The statuses, in the words of SYS_QUERY_HISTORY. A statement is Aborted that the end of the process interrupted.
const (
	Running   Status = "running"
	Succeeded Status = "success"
	Failed    Status = "failed"
	Canceled  Status = "canceled"
	Aborted   Status = "aborted"
)

// Query is one statement.
type Query struct {
	// ID is the number of the statement in its warehouse, Parent that of the CALL whose procedure it belongs to, or 0.
	ID, Parent int64
	// Text has no secrets and at most MaxText bytes; Length is the length of the whole.
	Text   string
	Length int64
	// Kind is what the statement does: "SELECT", "CREATE TABLE"; Tag is its command tag, there when it succeeded.
	Kind, Tag        string
	User, Database   string
	PID, Transaction int64
	// Label is the session's query_group; empty for none.
	Label string
	// Started and Ended are in UTC; Ended is zero while the statement runs. Waited is how long of that it waited for locks.
	Started, Ended time.Time
	Waited         time.Duration
	Status         Status
	// Rows counts what it answered or changed; -1 where it counts nothing.
	Rows int64
	// Error and its SQLSTATE; Line and Column are the place in Text, from 1, or 0.
	Error, Code  string
	Line, Column int64
	// Notices counts the messages; Notice has the first of them, one in a line.
	Notices int64
	Notice  string
	// Reads and Writes are tables and views as schema.name; temporary tables stand in pg_temp.
	Reads, Writes []string
	// Source and Target are the addresses s3://… of COPY and UNLOAD, with the files, their bytes as stored, and the rejected rows.
	Source, Target         string
	Files, Bytes, Rejected int64
	Origin                 origin.Origin
}

// Duration is how long the statement ran, or has run by now.
func (q Query) Duration(now time.Time) time.Duration {
	if q.Ended.IsZero() {
		return now.Sub(q.Started)
	}
	return q.Ended.Sub(q.Started)
}

// Filter chooses statements; an empty field chooses all.
type Filter struct {
	Execution, State        string
	Task                    int64
	Job, Request, Statement string
	// Writes is a table as schema.name.
	Writes string
	User   string
	Status Status
	// Contains is a part of the text, in any letters.
	Contains string
	// Since leaves out what began before.
	Since time.Time
	// Parent chooses the statements of a CALL. Inner says that the statements of all procedures are among the chosen.
	Parent int64
	Inner  bool
}

// Page chooses a part of a list, newest first.
type Page struct {
	// Before is the id behind which the page begins; 0 for the newest.
	Before int64
	// Limit is how many statements are wanted; 0 is 100.
	Limit int
}

// Writer is the last statement that wrote a table and was committed.
type Writer struct {
	Table  string
	Query  int64
	Kind   string
	Rows   int64
	At     time.Time
	Origin origin.Origin
}

// Edge says that data came from a source to a target, and by which committed statement last. Both are tables and views
// as schema.name, or addresses s3://….
type Edge struct {
	Source, Target string
	Query          int64
	Rows           int64
	At             time.Time
	Origin         origin.Origin
}
