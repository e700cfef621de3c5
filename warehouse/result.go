package warehouse

import "github.com/stepwell/stepwell/fault"

// Column describes one column of an answer, in Redshift's terms.
type Column struct {
	Name string
	// Type is Redshift's internal name of the type: bool int2 int4 int8 float4 float8 numeric varchar bpchar date time
	// timetz timestamp timestamptz interval super varbyte.
	Type string
	// Precision and Scale are those of numeric; Length is that of varchar and bpchar in bytes, 0 when it is unknown.
	Precision, Scale, Length int
	// Schema and Table name the origin where it is known, else they are empty.
	Schema, Table string
}

// Level is the severity of a notice: LOG, INFO, NOTICE or WARNING.
type Level string

// The levels that RAISE and the warehouse itself use.
const (
	Log     Level = "LOG"
	Info    Level = "INFO"
	Remark  Level = "NOTICE"
	Warning Level = "WARNING"
)

// Notice is a message that is no error: RAISE INFO, the count of a COPY, "table does not exist and will be skipped".
type Notice struct {
	Level   Level
	Message string
}

// Result tells how one statement ended well.
type Result struct {
	// SQL is the statement as the user wrote it, without the semicolon; Position is where it begins.
	SQL      string
	Position fault.Position
	// Tag is the command tag: "SELECT", "INSERT 0 5", "CREATE TABLE".
	Tag string
	// Columns is nil for a statement that answers with no rows.
	Columns []Column
	// Rows counts the rows answered, or those changed; -1 where the statement counts nothing.
	Rows int64
	// QueryID is the number of the statement in this warehouse, as in STL_QUERY.
	QueryID int64
}

// Sink receives what statements answer, in order: for each statement its columns (only if it answers with rows), its
// rows, and its end; notices come in between at any time. An error from the sink stops the run and is returned by it.
type Sink interface {
	Columns(columns []Column) error
	// Row receives one row; the slice is valid only during the call. The values are those of Rows.
	Row(values []any) error
	Notice(n Notice)
	Done(r Result) error
}

// Answer is one statement's whole answer.
type Answer struct {
	Result
	Values  [][]any
	Notices []Notice
}

// Collector is a Sink that keeps everything in memory. Unfinished holds the notices, columns and rows of a statement that failed.
type Collector struct {
	Answers    []Answer
	Unfinished Answer
}

// Columns keeps the columns of the running statement.
func (c *Collector) Columns(columns []Column) error {
	c.Unfinished.Columns = columns
	return nil
}

// Row keeps a copy of a row.
func (c *Collector) Row(values []any) error {
	c.Unfinished.Values = append(c.Unfinished.Values, append([]any(nil), values...))
	return nil
}

// Notice keeps a notice.
func (c *Collector) Notice(n Notice) { c.Unfinished.Notices = append(c.Unfinished.Notices, n) }

// Done moves the running statement to the answers.
func (c *Collector) Done(r Result) error {
	c.Unfinished.Result = r
	c.Answers = append(c.Answers, c.Unfinished)
	c.Unfinished = Answer{}
	return nil
}
