package warehouse

import "context"

// Backend is a database that stores the tables and runs what the dialect's translation gives it. A driver package
// (warehouse/duckdb) implements it; the warehouse owns everything else: Redshift's statements, locks, procedures, facts.
type Backend interface {
	// Connect opens a connection that only one session uses.
	Connect(ctx context.Context) (Conn, error)
	// Close closes the database. No connection may be used afterwards.
	Close() error
}

// Conn is one connection to a backend. Its errors are *fault.Fault: Code is the SQLSTATE, Message is Redshift's wording,
// without a position in the text. A fault of kind Conflict and code 40001 tells that the whole transaction may be tried
// again. A done ctx interrupts the statement, with code 57014.
//
// The backend need not survive an error inside a transaction: the warehouse rolls back after every error.
type Conn interface {
	// Begin starts a transaction; its snapshot is taken then or later, never earlier.
	Begin(ctx context.Context) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
	// Exec runs one statement in the backend's own dialect and returns how many rows it changed. Arguments stand for
	// $1, $2 … and are of the values that rows have.
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
	// Query runs one statement that answers with rows.
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	// Set gives a value to the connection's search_path (names separated by commas, to which CatalogSchema is added), its
	// timezone, or to what functions tell about the session: user, pid, query, copy, copy_count, unload and unload_count.
	Set(ctx context.Context, parameter, value string) error
	Close() error
}

// Rows is the answer to a query, read from front to end.
type Rows interface {
	// Columns describes the answer; it is known before the first row.
	Columns() []Column
	// Next returns the next row, nil after the last one. The slice is valid until the following call. A value is nil,
	// bool, int64, float64, string, []byte or time.Time; decimals and every type not named here are strings.
	Next() ([]any, error)
	Close() error
}
