package translate

import "github.com/stepwell/stepwell/redshift/syntax"

const (
	operatorKind = syntax.Operator
	parameter    = syntax.Parameter
)

var comma = syntax.Token{Kind: syntax.Operator, Text: ","}

// reserved are the words that are never a name where an operand or an alias may stand.
var reserved = wordSet("ALL", "AND", "ANY", "AS", "ASC", "BETWEEN", "BOTH", "CASE", "CAST", "COLLATE", "CROSS", "CURRENT_DATE",
	"CURRENT_TIMESTAMP", "CURRENT_USER", "DEFAULT", "DESC", "DISTINCT", "ELSE", "END", "EXCEPT", "FALSE", "FOR", "FROM", "FULL",
	"GROUP", "HAVING", "ILIKE", "IN", "INNER", "INTERSECT", "INTO", "IS", "ISNULL", "JOIN", "LEFT", "LIKE", "LIMIT", "MINUS",
	"NATURAL", "NOT", "NOTNULL", "NULL", "OFFSET", "ON", "OR", "ORDER", "OUTER", "OVER", "QUALIFY", "RIGHT", "SELECT", "SIMILAR",
	"SOME", "SYSDATE", "THEN", "TO", "TRUE", "UNION", "USER", "USING", "WHEN", "WHERE", "WITH", "ZONE", "NULLS")

func wordSet(words ...string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		set[w] = true
	}
	return set
}

// intervalUnits may follow INTERVAL '…'.
var intervalUnits = wordSet("YEAR", "YEARS", "MONTH", "MONTHS", "WEEK", "WEEKS", "DAY", "DAYS", "HOUR", "HOURS", "MINUTE", "MINUTES",
	"SECOND", "SECONDS", "QUARTER", "QUARTERS")

// constants are words that stand for a value, with the name of their output column.
var constants = map[string]string{"SYSDATE": "timestamp", "CURRENT_DATE": "date", "CURRENT_TIMESTAMP": "timestamptz",
	"CURRENT_USER": "current_user", "USER": "current_user", "SESSION_USER": "session_user", "NULL": unnamed, "TRUE": "bool",
	"FALSE": "bool", "CURRENT_TIME": "timetz"}

// unnamed is the name of an output column that has no better one.
const unnamed = "?column?"

// functionNames are the functions whose output column has another name than the function.
var functionNames = map[string]string{"nvl": "coalesce", "isnull": "coalesce", "decode": "case", "nvl2": "case",
	"dateadd": "date_add", "datediff": "date_diff", "extract": "date_part", "datepart": "date_part", "pgdate_part": "date_part",
	"trim": "btrim", "char_length": "length", "character_length": "length", "nullif": "case"}

// internalNames are the names that output columns of casts take from their types.
var internalNames = map[string]string{"smallint": "int2", "integer": "int4", "bigint": "int8", "real": "float4",
	"double precision": "float8", "boolean": "bool", "character varying": "varchar", "character": "bpchar",
	"timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz", "time without time zone": "time",
	"time with time zone": "timetz"}

// columnName is the name that Redshift gives to an output without an alias: that of its column or function, else of the
// type of its cast, else "case" or "?column?".
func columnName(item []piece) string {
	if name, ok := namedBy(item); ok {
		return name
	}
	if t, ok := castType(item); ok {
		return t
	}
	if len(item) > 0 && item[0].is("CASE") && item[len(item)-1].is("END") {
		return "case"
	}
	return unnamed
}

// namedBy returns the name of the column or function that an output consists of, through parentheses and casts.
func namedBy(item []piece) (string, bool) {
	if n := lastCast(item); n > 0 {
		return namedBy(item[:n])
	}
	for len(item) > 1 && item[len(item)-1].open == "[" {
		item = item[:len(item)-1]
	}
	switch {
	case len(item) == 0:
		return "", false
	case len(item) == 1 && item[0].isGroup() && !item[0].isQuery():
		return namedBy(item[0].group)
	case len(item) == 1 && item[0].isName() && constants[item[0].token.Upper()] != "":
		return constants[item[0].token.Upper()], true
	case isPath(item):
		return item[len(item)-1].token.Value(), true
	case item[0].is("APPROXIMATE"):
		return namedBy(item[1:])
	case item[0].is("CASE") && item[len(item)-1].is("END"):
		return elseName(item)
	}
	return functionName(item)
}

// elseName is PostgreSQL's rule: a CASE takes the name of its ELSE when that is a column or a function.
func elseName(item []piece) (string, bool) {
	i := index(item, 1, "ELSE")
	if i < 0 || index(item, 1, "CASE") >= 0 {
		return "", false
	}
	return namedBy(item[i+1 : len(item)-1])
}

func functionName(item []piece) (string, bool) {
	call := 0
	for at(item, call).isName() && at(item, call+1).is(".") {
		call += 2
	}
	if !at(item, call).isName() || !at(item, call+1).isGroup() {
		return "", false
	}
	name := item[call].token.Value()
	if reserved[item[call].token.Upper()] && !item[call].is("LEFT", "RIGHT", "CAST", "COLLATE", "ISNULL") || !onlyWindow(item[call+2:]) {
		return "", false
	}
	if name == "cast" || name == "convert" {
		return castCallName(name, item[call+1].group)
	}
	if other := functionNames[name]; other != "" {
		name = other
	}
	return name, true
}

// onlyWindow reports whether nothing but OVER, WITHIN GROUP, FILTER and the treatment of nulls follows a call.
func onlyWindow(rest []piece) bool {
	for len(rest) > 0 {
		switch {
		case rest[0].is("OVER", "FILTER") && len(rest) > 1:
			rest = rest[2:]
		case rest[0].is("WITHIN") && len(rest) > 2:
			rest = rest[3:]
		case rest[0].is("IGNORE", "RESPECT") && len(rest) > 1:
			rest = rest[2:]
		default:
			return false
		}
	}
	return true
}

func castCallName(function string, arguments []piece) (string, bool) {
	operand, typed := arguments, arguments
	if function == "cast" {
		i := index(arguments, 0, "AS")
		if i < 0 {
			return "", false
		}
		operand, typed = arguments[:i], arguments[i+1:]
	} else if i := index(arguments, 0, ","); i >= 0 {
		operand = arguments[i+1:]
	}
	if name, ok := namedBy(operand); ok {
		return name, true
	}
	t, _, _, ok := typeAt(typed)
	return internalName(t), ok
}

func lastCast(item []piece) int {
	for i := len(item) - 2; i > 0; i-- {
		if item[i].is("::") {
			if _, n, _, ok := typeAt(item[i+1:]); ok && i+1+n == len(item) && !hasOperator(item[:i]) {
				return i
			}
		}
	}
	return 0
}

// hasOperator reports whether the pieces are more than one operand, so that a cast behind them is only part of an expression.
func hasOperator(item []piece) bool {
	return operandStart(item, len(item)) > 0 && index(item, 0, "::") < 0
}

// castType names an output after the type of its cast or typed literal.
func castType(item []piece) (string, bool) {
	if n := lastCast(item); n > 0 {
		t, _, _, ok := typeAt(item[n+1:])
		return internalName(t), ok
	}
	if t, n, _, ok := typeAt(item); ok && n+1 == len(item) {
		if _, literal := item[n].literal(); literal {
			return internalName(t), true
		}
	}
	return "", false
}

func internalName(t syntax.Type) string {
	if name := internalNames[t.Name]; name != "" {
		return name
	}
	return t.Name
}
