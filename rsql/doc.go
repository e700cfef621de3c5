// Package rsql executes RSQL and psql scripts: SQL statements between backslash commands that set variables, branch, jump,
// include files and form reports.
//
// It is pure: a Session executes SQL, a Host opens files, makes connections and knows the time. Package rsql/shell is the
// Host of this machine; rsql/embedded and rsql/postgres have Sessions.
//
//	status, err := rsql.Run(rsql.Options{Dialect: rsql.RSQL, Host: host, Session: session, Out: out, Err: errors,
//		Actions: []rsql.Action{{Kind: rsql.File, Text: "load.sql"}}})
//
// A failed statement is no error of Run: the script goes on, as its settings say, and the status tells. The error is a
// limit that was passed or a run that was interrupted.
package rsql
