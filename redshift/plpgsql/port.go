package plpgsql

// Host is the session that a procedure runs in. Its errors are faults: Code is the SQLSTATE, Message the text of SQLERRM.
// An error of code 57014 (cancelled, timed out) is never caught by a handler.
//
// The procedure's run decides about transactions: it calls Begin, Commit and Rollback, and Query never ends a transaction
// by itself. Outside Begin and Commit each Query commits alone.
type Host interface {
	// Query runs one statement of Redshift's dialect: SQL of the procedure with its variables put in as typed literals,
	// CAST('…' AS type). Explicit cursors arrive as DECLARE "name" CURSOR FOR …, FETCH NEXT FROM "name" and CLOSE "name".
	// TRUNCATE arrives in a transaction that holds nothing else.
	Query(sql string) (Result, error)
	// Begin starts a transaction; none is open.
	Begin() error
	// Commit ends the open transaction and closes its cursors. After an error nothing of it is kept and none is open.
	Commit() error
	// Rollback ends the open transaction, also one that an error has made unusable.
	Rollback() error
	// Procedures returns the overloads of a procedure, with the schema as the user wrote it ("" is the search path).
	// When there is none it returns an empty slice and no error.
	Procedures(schema, name string) ([]*Procedure, error)
	// Set gives a session parameter a value and returns the value that it had.
	Set(parameter, value string) (previous string, err error)
	// Notice takes a message of RAISE.
	Notice(n Notice)
	// Interrupted returns an error of code 57014 once the call must stop; loops without SQL ask it.
	Interrupted() error
}

// Finisher is a Host that has to do something in the last transaction of a call. Finish takes the place of its Commit.
type Finisher interface {
	Finish() error
}

// Result is what one statement answered. Columns is nil for a statement that answers with no rows.
type Result struct {
	Columns []Column
	Rows    [][]Value
	// Changed counts the rows that INSERT, UPDATE, DELETE, MERGE or COPY changed. It is ignored where Columns is set.
	Changed int64
}

// Column names one column of a result. Type is a name that CAST accepts: integer, numeric(18,2), character varying(20).
type Column struct {
	Name string
	Type string
}

// Value is a value in Redshift's text form: t and f for booleans, shortest round trip for floats, the whole scale for
// decimals. Text is empty when the value is null.
type Value struct {
	Text string
	Null bool
}

// Level is the severity of a message.
type Level string

// The levels of RAISE below EXCEPTION.
const (
	Log     Level = "LOG"
	Info    Level = "INFO"
	Remark  Level = "NOTICE"
	Warning Level = "WARNING"
)

// Notice is one message of RAISE. Line counts in the procedure's body as Redshift counts, for SYS_PROCEDURE_MESSAGES.
type Notice struct {
	Level   Level
	Message string
	Line    int
}
