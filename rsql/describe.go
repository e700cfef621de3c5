package rsql

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/syntax"
)

// listing is a command of the \d family that prints one query over the catalog.
type listing struct {
	title string
	// query has %s where the conditions of the pattern go.
	query string
	// schema and name are the columns that a pattern is compared with; schema is empty where objects have none.
	schema, name string
	// system is the condition that leaves out the objects of the system, which the letter S adds.
	system string
	// more is what + adds to the columns.
	more string
}

const userSchemas = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_internal', 'pg_toast')"

// relations lists what pg_class has of some kinds.
func relations(kinds string) listing {
	return listing{
		title: "List of relations",
		query: `SELECT n.nspname AS "schema", c.relname AS "name", CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view'
WHEN 'm' THEN 'materialized view' WHEN 'p' THEN 'partitioned table' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' END AS "type",
pg_get_userbyid(c.relowner) AS "owner"%s
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN (` + kinds + `)%s ORDER BY 1, 2`,
		schema: "n.nspname", name: "c.relname", system: userSchemas,
		more: `, coalesce(obj_description(c.oid, 'pg_class'), '') AS "description"`,
	}
}

var listings = map[string]listing{
	"d":  relations("'r', 'v', 'm', 'p', 'S', 'f'"),
	"dt": relations("'r', 'p'"),
	"dv": relations("'v'"),
	"dm": relations("'m'"),
	"dn": {
		title: "List of schemas", name: "n.nspname", system: userSchemas,
		query: `SELECT n.nspname AS "name", pg_get_userbyid(n.nspowner) AS "owner"%s FROM pg_catalog.pg_namespace n WHERE true%s ORDER BY 1`,
		more:  `, coalesce(obj_description(n.oid, 'pg_namespace'), '') AS "description"`,
	},
	"du": {
		title: "List of users", name: "u.usename",
		query: `SELECT u.usename AS "user name", u.usesuper AS "superuser", u.usecreatedb AS "create db"%s FROM pg_catalog.pg_user u WHERE true%s ORDER BY 1`,
	},
	"df": {
		title: "List of functions", schema: "n.nspname", name: "p.proname", system: userSchemas,
		query: `SELECT n.nspname AS "schema", p.proname AS "name", pg_get_function_result(p.oid) AS "result data type",
pg_get_function_arguments(p.oid) AS "argument data types"%s
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE true%s ORDER BY 1, 2`,
	},
	"dC": {
		title: "List of casts", name: "s.typname",
		query: `SELECT s.typname AS "source type", t.typname AS "target type", coalesce(p.proname, '(binary coercible)') AS "function",
CASE c.castcontext WHEN 'e' THEN 'no' WHEN 'a' THEN 'in assignment' ELSE 'yes' END AS "implicit?"%s
FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type s ON s.oid = c.castsource JOIN pg_catalog.pg_type t ON t.oid = c.casttarget
LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc WHERE true%s ORDER BY 1, 2`,
		more: `, '' AS "description"`,
	},
	"dL": {
		title: "List of languages", name: "l.lanname",
		query: `SELECT l.lanname AS "name", l.lanpltrusted AS "trusted"%s FROM pg_catalog.pg_language l WHERE true%s ORDER BY 1`,
		more: `, NOT l.lanispl AS "internal language", l.lanplcallfoid AS "call handler", l.lanvalidator AS "validator",
l.lanacl AS "access privileges", '' AS "description"`,
	},
	"dd": {
		title: "Object descriptions", schema: "n.nspname", name: "c.relname", system: userSchemas,
		query: `SELECT n.nspname AS "schema", c.relname AS "name", obj_description(c.oid, 'pg_class') AS "description"%s
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE obj_description(c.oid, 'pg_class') IS NOT NULL%s ORDER BY 1, 2`,
	},
	"de": {
		title: "List of external tables", schema: "e.schemaname", name: "e.tablename",
		query: `SELECT e.schemaname AS "schema", e.tablename AS "name", e.location AS "location"%s FROM svv_external_tables e WHERE true%s ORDER BY 1, 2`,
	},
	"dp": {
		title: "Access privileges", schema: "n.nspname", name: "c.relname", system: userSchemas,
		query: `SELECT n.nspname AS "schema", c.relname AS "name", CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS "type",
c.relacl AS "access privileges"%s
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'p')%s ORDER BY 1, 2`,
	},
	"l": {
		title: "List of databases", name: "d.datname",
		query: `SELECT d.datname AS "name", pg_get_userbyid(d.datdba) AS "owner", pg_encoding_to_char(d.encoding) AS "encoding"%s
FROM pg_catalog.pg_database d WHERE true%s ORDER BY 1`,
	},
}

// functionKinds are what the letter behind \df leaves in its list.
var functionKinds = map[byte]string{
	'a': "p.prokind = 'a'", 'n': "p.prokind = 'f'", 'p': "p.prokind = 'p'", 'w': "p.prokind = 'w'",
	't': "pg_get_function_result(p.oid) = 'trigger'",
}

// describing returns the command of the \d family that has a name: letters of a listing, then S and +.
func (r *interpreter) describing(name string) (command, bool) {
	letters := strings.TrimRight(name, "S+")
	if letters == "sv" {
		return command{run: (*interpreter).showView, semicolons: true}, true
	}
	kind := ""
	switch letters {
	case "z":
		letters = "dp"
	case "list":
		letters = "l"
	case "dfa", "dfn", "dfp", "dft", "dfw":
		kind, letters = " AND "+functionKinds[letters[2]], "df"
	case "dg":
		letters = "du"
	}
	l, ok := listings[letters]
	if !ok {
		return command{}, false
	}
	l.query = strings.Replace(l.query, "WHERE true%s", "WHERE true"+kind+"%s", 1)
	return command{semicolons: true, run: func(r *interpreter, in *input) outcome {
		pattern, given := r.argument(in, syntax.Name)
		switch single := given && !strings.ContainsAny(pattern, "*?"); {
		case single && letters == "d":
			return r.describeTable(pattern)
		case single && letters == "de":
			return r.describeExternal(pattern)
		}
		return r.list(l, pattern, strings.Contains(name, "S"), strings.Contains(name, "+"))
	}}, true
}

func (r *interpreter) list(l listing, pattern string, system, more bool) outcome {
	conditions, extra := "", ""
	if l.system != "" && !system && pattern == "" {
		conditions = " AND " + l.system
	}
	schema, name, qualified := strings.Cut(pattern, ".")
	if !qualified {
		schema, name = "", pattern
	}
	conditions += like(l.schema, schema) + like(l.name, name)
	if more {
		extra = l.more
	}
	rows, ok := r.ask(fmt.Sprintf(l.query, extra, conditions))
	if !ok {
		return failed
	}
	return r.show(l.title, rows, nil)
}

// like compares a column with a pattern in which * and ? stand for characters.
func like(column, pattern string) string {
	if column == "" || pattern == "" || pattern == "*" {
		return ""
	}
	pattern = strings.NewReplacer(`\`, `\\`, "_", `\_`, "%", `\%`, "*", "%", "?", "_").Replace(pattern)
	return " AND " + column + " LIKE" + syntax.Literal(pattern)
}

func (r *interpreter) show(title string, a Answer, footers []string) outcome {
	columns := a.Columns
	if r.Dialect == PSQL {
		columns = append([]report.Column(nil), columns...)
		for i, c := range columns {
			columns[i].Name = strings.ToUpper(c.Name[:1]) + c.Name[1:]
		}
	}
	r.printTable(r.results(), r.formatNow(), report.Table{Title: title, Columns: columns, Rows: a.Rows, Footers: footers})
	return done
}

// ask runs a query of ours; its failure does not count as one of the script's statements.
func (r *interpreter) ask(query string) (Answer, bool) {
	if r.session == nil {
		r.complain("You are currently not connected to a database.")
		return Answer{}, false
	}
	var kept kept
	err := r.session.Execute(query, &kept)
	var f *Failure
	switch {
	case errors.As(err, &f):
		r.printFailure(f, query)
	case err != nil:
		r.complain("%s", err)
	}
	return kept.last, err == nil
}

// kept keeps the last answer.
type kept struct{ last Answer }

func (k *kept) Answer(a Answer) { k.last = a }
func (k *kept) Notice(Notice)   {}
