// Package syntax reads Redshift SQL: text into tokens with positions, scripts into statements, and statements into
// trees as far as only Redshift knows them or the warehouse must act on them itself.
//
// It is not a full SQL parser. Expressions and queries stay tokens: package translate rewrites them for a backend, whose
// own parser and binder do the typing. The body of a stored procedure stays text for package plpgsql.
//
//	fragments, err := syntax.Split(script)
//	for _, f := range fragments {
//		statement, err := syntax.Parse(f)
//		switch s := statement.(type) {
//		case *syntax.CreateTable: …
//		}
//	}
//
// Every error is a fault of kind Invalid with Redshift's wording, SQLSTATE 42601 and the line and column of the text
// that was given to Split.
package syntax
