package duckdb

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/fault"
)

// A wording maps the start of one of DuckDB's messages to Redshift's. In message, $1 and so on are the groups of pattern.
type wording struct {
	pattern *regexp.Regexp
	code    string
	message string
	kind    fault.Kind
}

func say(pattern, code, message string) wording {
	return wording{pattern: regexp.MustCompile(`(?s)` + pattern), code: code, message: message, kind: fault.Invalid}
}

func (w wording) of(kind fault.Kind) wording {
	w.kind = kind
	return w
}

const serializable = "1023: Serializable isolation violation on a table that another transaction has changed"

// wordings are tried in order; DuckDB tells the kinds of errors apart by text only.
var wordings = []wording{
	say(`^INTERRUPT Error`, "57014", "Query cancelled on user's request").of(fault.Conflict),
	say(`Current transaction is aborted`, "25P02",
		"current transaction is aborted, commands ignored until end of transaction block").of(fault.Conflict),
	say(`Conflict on (?:update|tuple deletion)|write-write conflict|Transaction conflict|^TransactionContext Error: (?:Failed to commit: )?(?:Conflict|Catalog)|has been altered|altered/dropped by a different transaction`,
		"40001", serializable).of(fault.Conflict),

	say(`Divide by zero`, "22012", "Divide by zero"),
	say(`value too long for type (character\(\d+\))`, "22001", "value too long for type $1"),
	say(`[Vv]alue too long for (?:character )?type ?(.*)$`, "22001", "Value too long for character type"),
	say(`NOT NULL constraint failed: (?:.*\.)?"?([^."\n]+)"?`, "23502", "Cannot insert a NULL value into column $1"),
	say(`^Constraint Error: CHECK constraint failed`, "22001", "Value too long for character type"),

	say(`^Catalog Error: (?:Table|View) with name "?([^"\n]+?)"? does not exist`, "42P01", `relation "$1" does not exist`).of(fault.NotFound),
	say(`^Catalog Error: (?:Table|View) with name "?([^"\n]+?)"? already exists`, "42P07", `Relation "$1" already exists`).of(fault.Conflict),
	say(`^(?:Catalog|Binder) Error: Schema with name "?([^"\n]+?)"? does not exist`, "3F000", `schema "$1" does not exist`).of(fault.NotFound),
	say(`^Catalog Error: Could not rename "[^"]+" to "([^"]+)": another entry`, "42P07", `Relation "$1" already exists`).of(fault.Conflict),
	say(`^Catalog Error: Schema with name "?([^"\n]+?)"? already exists`, "42P06", `schema "$1" already exists`).of(fault.Conflict),
	say(`^(?:Catalog|Dependency) Error: Cannot (?:drop|alter) entry "([^"]+)" because there are entries that depend`, "2BP01",
		`cannot drop $1 because other objects depend on it`).of(fault.Conflict),
	say(`^Catalog Error: (?:Scalar|Aggregate|Table) (?:Macro )?Function with name "?([^"\s]+)"? does not exist`, "42883", `function $1 does not exist`).of(fault.NotFound),
	say(`^Catalog Error: (?:Table Macro|Macro|Type|Sequence|Setting)? ?[Ww]ith name "?([^"\n]+?)"? does not exist`, "42704", `"$1" does not exist`).of(fault.NotFound),
	say(`^Catalog Error: Type with name ([^\s]+) does not exist`, "42704", `type "$1" does not exist`),

	say(`Referenced table "([^"]+)" not found`, "42P01", `relation "$1" does not exist`).of(fault.NotFound),
	say(`Referenced column "([^"]+)" (?:not found|was not found)`, "42703", `column "$1" does not exist`),
	say(`^Catalog Error: (\S+) is not an table`, "42809", `"$1" is not a table`),
	say(`Table "([^"]+)" does not have a column (?:named|with name) "([^"]+)"`, "42703", `column "$2" does not exist in $1`),
	say(`Referenced update column (\S+) not found`, "42703", `column "$1" does not exist`),
	say(`^Catalog Error: Column with name (\S+) already exists`, "42701", `column "$1" specified more than once`),
	say(`Ambiguous reference to column name "([^"]+)"`, "42702", `column reference "$1" is ambiguous`),
	say(`column "([^"]+)" must appear in the GROUP BY clause`, "42803",
		`column "$1" must appear in the GROUP BY clause or be used in an aggregate function`),
	say(`table "?([^"\s]+)"? has (\d+) columns but (\d+) values were supplied`, "42601", `INSERT has a different number of expressions than target columns`),
	say(`table "rs_rows" has (\d+) columns available but (\d+) columns specified`, "42601", `INSERT has a different number of expressions than target columns`),
	say(`^Binder Error: No function matches the given name and argument types '([^']+)'`, "42883", `function $1 does not exist`),
	say(`Set operations can only apply to expressions with the same number of result columns`, "42601", `each query must have the same number of columns`),
	say(`[Mm]ore than one row returned by a subquery`, "21000", `more than one row returned by a subquery used as an expression`),
	say(`^Parser Error: syntax error at or near ""([^"]+)""`, "42601", `syntax error at or near "$1"`),
	say(`^Parser Error: syntax error at or near "([^"]*)"`, "42601", `syntax error at or near "$1"`),
	say(`^Parser Error: syntax error at end of input`, "42601", `syntax error at end of input`),

	say(`(unrecognized configuration parameter "[^"]*")`, "42704", "$1"),
	say(`(set_config is supported only alone[^\n]*)`, "0A000", "$1").of(fault.Unsupported),
	say(`Cannot access (?:file|directory) "([^"]*)"`, "42501", `statements cannot read or write files of the server: "$1"`).of(fault.Denied),

	say(`^Out of Range Error: Overflow in .* of INT16`, "22003", "smallint out of range"),
	say(`^Out of Range Error: Overflow in .* of INT32`, "22003", "integer out of range(int4)"),
	say(`^Out of Range Error: Overflow in .* of (?:INT64|HUGEINT|INT128)`, "22003", "bigint out of range"),
	say(`^Conversion Error: Casting value .* to type DECIMAL.* failed`, "22003", "Numeric data overflow (result precision)"),
	say(`Overflow in .* of DECIMAL|Could not cast value .* to DECIMAL|Could not convert string .* to DECIMAL.*out of range`, "22003", "numeric field overflow"),
	say(`Casting value .* to type DECIMAL`, "22003", "Numeric data overflow (result precision)"),
	say(`Type \w+ with value (\S+) can't be cast because the value is out of range for the destination type INT16`, "22003", "smallint out of range"),
	say(`Type \w+ with value (\S+) can't be cast because the value is out of range for the destination type INT32`, "22003", "integer out of range(int4)"),
	say(`Type \w+ with value (\S+) can't be cast because the value is out of range`, "22003", "value $1 is out of range"),
	say(`Could not convert string '(.*)' to (?:INT16|INT32|INT64|INT8)`, "22P02", `invalid input syntax for integer: "$1"`),
	say(`Could not convert string '(.*)' to (?:DOUBLE|FLOAT|DECIMAL)`, "22P02", `invalid input syntax for type numeric: "$1"`),
	say(`Could not convert string '(.*)' to BOOL`, "22P02", `invalid input syntax for type boolean: "$1"`),
	say(`(invalid input syntax for type (?:date|time|timestamp|timestamptz|timetz|interval): ".*")`, "22007", `$1`),
	say(`invalid (?:date|timestamp|time) field format: "([^"]*)"`, "22007", `invalid input syntax for type date: "$1"`),
	say(`(?:date|timestamp|time) field value out of range: "([^"]*)"`, "22008", `date/time field value out of range: "$1"`),
	say(`^Binder Error: Cannot (?:compare|mix) values of type`, "42883", "operator does not exist for these types"),
	say(`Unimplemented type for cast \((\w+).* -> (\w+).*\)`, "42846", "cannot cast type $1 to $2"),

	say(`^Out of Memory Error`, "53200", "out of memory").of(fault.Unavailable),
	say(`[Nn]o space left|disk quota`, "53100", "disk full").of(fault.Unavailable),
	say(`^IO Error|Read-only file system|read-only mode`, "58030", "the warehouse file cannot be read or written").of(fault.Unavailable),
	say(`^(?:FATAL|INTERNAL) Error`, "XX000", "internal error of the backend").of(fault.Internal),
	say(`^Not implemented Error: ([^\n]*)`, "0A000", "$1").of(fault.Unsupported),
}

// typeNames writes the types of a function's arguments as Redshift does.
var typeNames = strings.NewReplacer("STRING_LITERAL", "unknown", "INTEGER_LITERAL", "integer", "VARCHAR", "character varying", "TIMESTAMP WITH TIME ZONE",
	"timestamp with time zone", "TIMESTAMP", "timestamp without time zone", "SMALLINT", "smallint", "HUGEINT", "numeric", "BIGINT", "bigint", "INTEGER", "integer",
	"DOUBLE", "double precision", "FLOAT", "real", "BOOLEAN", "boolean", "DATE", "date", "DECIMAL", "numeric", "BLOB", "binary varying", "JSON", "super")

// failure turns an error of the driver into a fault with Redshift's code and wording. A fault and nil stay as they are.
func failure(ctx context.Context, err error) error {
	var known *fault.Fault
	if err == nil || errors.As(err, &known) {
		return err
	}
	if ctx.Err() != nil {
		return fault.New(fault.Conflict, "Query cancelled on user's request").WithCode("57014").Because(context.Cause(ctx))
	}
	text := err.Error()
	var duck *duckdb.Error
	if errors.As(err, &duck) {
		text = duck.Msg
	}
	for _, w := range wordings {
		at := w.pattern.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		f := fault.New(w.kind, "%s", w.pattern.ExpandString(nil, w.message, text, at)).WithCode(w.code)
		if w.code == "42883" {
			f.Message = typeNames.Replace(f.Message)
		}
		if w.kind == fault.Internal || w.kind == fault.Unavailable {
			f = f.Because(err)
		}
		return f
	}
	return fault.Invalidf("%s", plainText(text)).WithCode("XX000")
}

// plainText takes away DuckDB's own classification, and the lines that give advice or quote the translated statement.
func plainText(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if _, rest, ok := strings.Cut(text, " Error: "); ok {
		text = rest
	}
	if _, rest, ok := strings.Cut(text, "driver: API error: "); ok {
		text = rest
	}
	return strings.TrimSpace(text)
}
