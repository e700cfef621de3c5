package duckdb

import _ "embed"

// macros makes the macros, once for all connections of a database.
//
//go:embed macro.sql
var macros string

// sessionSettings give DuckDB Redshift's meaning where a setting can.
var sessionSettings = []string{
	"SET integer_division = true",
	"SET default_null_order = 'nulls_last_on_asc_first_on_desc'",
	"SET preserve_identifier_case = false",
	"SET ieee_floating_point_ops = false",
	"SET TimeZone = 'UTC'",
}
