// Package plpgsql parses and runs Redshift's stored procedures. It is pure: a Host carries out SQL, keeps transactions
// and receives messages. It does not read CREATE PROCEDURE (redshift/syntax does) and does not know types: casts and
// expressions go to the host, except for the plain ones that a loop counter needs.
//
//	p, err := plpgsql.Parse(header, body, at)
//	result, err := plpgsql.Call(host, "CALL p(1)", at, false)
package plpgsql
