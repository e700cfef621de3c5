// Package translate turns Redshift SQL into the SQL of the embedded backend, DuckDB. It is not a parser: it rewrites tokens
// where the two languages differ and leaves typing and binding to the backend. It executes nothing.
//
//	s, err := syntax.Parse(fragment)
//	statements, err := translate.Statement(s) // to be run in order
//
// What only the warehouse can do (COPY, CALL, GRANT, COMMENT, cursors, session parameters…) is refused with a fault of kind
// Unsupported that names the statement.
//
// The result leans on the functions and macros that package warehouse/duckdb installs; names that start with rs_ are
// theirs and have no meaning for users.
package translate
