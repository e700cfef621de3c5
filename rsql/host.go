package rsql

import (
	"io"
	"time"

	"github.com/stepwell/stepwell/rsql/report"
)

// Host is what a script reaches outside.
type Host interface {
	// Connect opens a session; the error says in one sentence why it cannot be.
	Connect(t Target) (Session, error)
	// Open opens a script. Its error is a reason without the name.
	Open(name string) (io.ReadCloser, error)
	// Create opens a file for output, or a shell command's input when the name begins with "|".
	Create(name string) (io.WriteCloser, error)
	// Shell runs a shell command with its output to out and returns its exit status.
	Shell(command string, out io.Writer) (int, error)
	// Chdir changes the folder that names of files count from; "" is the home folder.
	Chdir(folder string) error
	// Now is the client's time.
	Now() time.Time
	// Interrupted returns why the run must end, nil while it need not.
	Interrupted() error
}

// Target says where a session connects to. Empty members mean what the connection before had, or the default.
type Target struct {
	Database, User, Host, Port, Password string
	// ConnInfo is a connection string that replaces the members.
	ConnInfo string
}

// Session is a connection to a database. It serves one call at a time.
type Session interface {
	// Execute runs a text of statements and hands on each answer and notice. The first statement that fails ends it with a
	// *Failure. Any other error means that the connection is gone.
	Execute(text string, answers Answers) error
	// InBlock reports whether a transaction block is open, also one that failed.
	InBlock() bool
	// Peer describes the connection.
	Peer() Peer
	Close() error
}

// Answers receives what statements answer.
type Answers interface {
	Answer(a Answer)
	Notice(n Notice)
}

// Answer is how one statement ended well.
type Answer struct {
	// Tag is the command tag: "INSERT 0 3".
	Tag string
	// HasRows says that the statement answers with rows, perhaps none.
	HasRows bool
	Columns []report.Column
	Rows    [][]report.Cell
	// Count is the number of rows answered or changed.
	Count int64
}

// Notice is a message of the server that is no error.
type Notice struct{ Level, Message, Detail, Hint string }

// Failure is a statement's error.
type Failure struct {
	// Severity is ERROR or FATAL, Code the SQLSTATE.
	Severity, Code, Message, Detail, Hint, Context, Location string
	// Position counts the characters of the text up to the mistake from 1; 0 is unknown.
	Position int
}

// Error returns the message.
func (f *Failure) Error() string { return f.Message }

// Peer describes the other end of a connection.
type Peer struct {
	Database, User, Host, Port string
	// Version is what the server calls itself, such as "15.18" or "PostgreSQL 8.0.2 … Redshift 1.0.49".
	Version string
	// Redshift says that the server speaks Redshift's dialect: its catalog has pg_table_def, its strings backslash escapes.
	Redshift bool
}
