package inventory

import (
	"context"
	"strconv"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// Kind is what something in a schema is.
type Kind string

// The kinds.
const (
	Table        Kind = "table"
	View         Kind = "view"
	Materialized Kind = "materialized view"
	Procedure    Kind = "procedure"
	Function     Kind = "function"
)

// Relation is one table, view, procedure or function. The name of the last two has the types of their inputs in brackets.
type Relation struct {
	Schema, Name string
	Kind         Kind
	// Columns counts the columns of a table or view, Rows about the rows of a table.
	Columns, Rows int64
	// DistStyle and SortKey are those of a table; SortKey is its first column.
	DistStyle, SortKey string
	Comment            string
}

// Filter chooses relations; an empty field chooses all.
type Filter struct {
	Schema string
	// Contains is a part of the name, in any letters.
	Contains string
	Kind     Kind
}

// Page chooses a part of a list that is ordered by schema and name.
type Page struct {
	// AfterSchema and AfterName are where the page before ended.
	AfterSchema, AfterName string
	Limit                  int
}

// relations are the tables and views in schemas of users, routines their procedures and functions.
const (
	relations = `SELECT t.table_schema AS s, t.table_name AS n,
			CASE WHEN t.table_type <> 'VIEW' THEN 'table' WHEN c.relkind = 'r' THEN 'materialized view' ELSE 'view' END AS kind,
			c.relnatts AS columns, c.reltuples AS tuples, t.remarks AS comment, c.oid
		FROM svv_tables t JOIN pg_namespace p ON p.nspname = t.table_schema
			JOIN pg_class c ON c.relnamespace = p.oid AND c.relname = t.table_name AND c.relkind IN ('r', 'v')`
	routines = `SELECT p.nspname AS s, r.proname || '(' || coalesce(r.inputs, '') || ')' AS n,
			CASE r.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, 0 AS columns, 0 AS tuples, NULL AS comment, r.oid
		FROM pg_proc r JOIN pg_namespace p ON p.oid = r.pronamespace
		WHERE p.nspname NOT IN ('pg_catalog', 'information_schema')`
	everything = `(` + relations + ` UNION ALL ` + routines + `)`
)

// Relations lists what is in the schemas.
func Relations(ctx context.Context, s *warehouse.Session, f Filter, page Page) ([]Relation, error) {
	rows, err := ask(ctx, s, `SELECT e.s, e.n, e.kind, e.columns, e.tuples, i.diststyle, i.sortkey1, e.comment
		FROM (SELECT * FROM `+everything+` e
			WHERE (:schema = '' OR s = :schema) AND (:kind = '' OR kind = :kind) AND (:part = '' OR position(lower(:part) IN lower(n)) > 0)
				AND (s > :after_schema OR s = :after_schema AND n > :after_name)
			ORDER BY s, n LIMIT `+strconv.Itoa(page.Limit)+`) e
		LEFT JOIN svv_table_info i ON i.schema = e.s AND i."table" = e.n
		ORDER BY 1, 2`, map[string]string{
		"schema": f.Schema, "kind": string(f.Kind), "part": f.Contains, "after_schema": page.AfterSchema, "after_name": page.AfterName,
	})
	if err != nil {
		return nil, err
	}
	list := make([]Relation, len(rows))
	for i, r := range rows {
		list[i] = relationOf(r)
	}
	return list, nil
}

func relationOf(r row) Relation {
	return Relation{Schema: r.text(0), Name: r.text(1), Kind: Kind(r.text(2)), Columns: r.number(3), Rows: r.number(4), DistStyle: r.text(5),
		SortKey: r.text(6), Comment: r.text(7)}
}

// Schema is a schema with how much is in it.
type Schema struct {
	Name                      string
	Tables, Views, Procedures int64
}

// Schemas lists the schemas of users, also the empty ones.
func Schemas(ctx context.Context, s *warehouse.Session) ([]Schema, error) {
	rows, err := ask(ctx, s, `SELECT p.nspname, sum(CASE WHEN e.kind = 'table' THEN 1 ELSE 0 END), sum(CASE WHEN e.kind IN ('view', 'materialized view') THEN 1 ELSE 0 END),
			sum(CASE WHEN e.kind IN ('procedure', 'function') THEN 1 ELSE 0 END)
		FROM pg_namespace p LEFT JOIN `+everything+` e ON e.s = p.nspname
		WHERE p.nspname NOT IN ('pg_catalog', 'information_schema') GROUP BY 1 ORDER BY 1`, nil)
	if err != nil {
		return nil, err
	}
	list := make([]Schema, len(rows))
	for i, r := range rows {
		list[i] = Schema{r.text(0), r.number(1), r.number(2), r.number(3)}
	}
	return list, nil
}

// Column is one column of a table or view.
type Column struct {
	Name, Type        string
	NotNull           bool
	Default, Encoding string
	// DistKey says that rows are distributed by it; SortKey is its place in the sort key from 1, negative in an interleaved one, or 0.
	DistKey bool
	SortKey int64
	Comment string
}

// Constraint is a key as it was declared; nothing enforces it.
type Constraint struct{ Name, Definition string }

// Description is all that is known about one table or view.
type Description struct {
	Relation
	Columns     []Column
	Constraints []Constraint
	// Query is the statement that made a view.
	Query string
	// Size is about the bytes on disk; -1: the backend does not know.
	Size int64
}

// Describe tells all about a table or view. Error: NotFound.
func Describe(ctx context.Context, s *warehouse.Session, schema, name string) (Description, error) {
	names := map[string]string{"schema": schema, "name": name}
	rows, err := ask(ctx, s, `SELECT e.s, e.n, e.kind, e.columns, e.tuples, i.diststyle, i.sortkey1, e.comment, e.oid
		FROM (`+relations+` WHERE t.table_schema = :schema AND t.table_name = :name) e LEFT JOIN svv_table_info i ON i.schema = e.s AND i."table" = e.n`, names)
	if err != nil {
		return Description{}, err
	}
	if len(rows) == 0 {
		return Description{}, fault.New(fault.NotFound, "there is no table or view %s.%s", schema, name)
	}
	d := Description{Relation: relationOf(rows[0])}
	if d.Columns, err = columnsOf(ctx, s, names); err != nil {
		return d, err
	}
	if d.Constraints, err = constraintsOf(ctx, s, rows[0].number(8)); err != nil {
		return d, err
	}
	if d.Kind != Table {
		d.Size = -1
		d.Query, err = queryOf(ctx, s, names)
		return d, err
	}
	d.Size, err = s.Size(ctx, schema, name)
	return d, err
}

func columnsOf(ctx context.Context, s *warehouse.Session, names map[string]string) ([]Column, error) {
	rows, err := ask(ctx, s, `SELECT c.column_name, coalesce(d.type, c.data_type || CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')'
			WHEN c.data_type = 'numeric' THEN '(' || c.numeric_precision || ',' || c.numeric_scale || ')' ELSE '' END), c.is_nullable = 'NO', c.column_default, d.encoding,
			coalesce(d.distkey, false), coalesce(d.sortkey, 0), c.remarks
		FROM svv_columns c LEFT JOIN pg_table_def d ON d.schemaname = c.table_schema AND d.tablename = c.table_name AND d."column" = c.column_name
		WHERE c.table_schema = :schema AND c.table_name = :name ORDER BY c.ordinal_position`, names)
	if err != nil {
		return nil, err
	}
	list := make([]Column, len(rows))
	for i, r := range rows {
		list[i] = Column{Name: r.text(0), Type: r.text(1), NotNull: r.truth(2), Default: r.text(3), Encoding: r.text(4), DistKey: r.truth(5), SortKey: r.number(6),
			Comment: r.text(7)}
	}
	return list, nil
}

func constraintsOf(ctx context.Context, s *warehouse.Session, relation int64) ([]Constraint, error) {
	rows, err := ask(ctx, s, `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = `+strconv.FormatInt(relation, 10)+` ORDER BY contype DESC, 2`, nil)
	if err != nil {
		return nil, err
	}
	list := make([]Constraint, len(rows))
	for i, r := range rows {
		list[i] = Constraint{r.text(0), r.text(1)}
	}
	return list, nil
}

func queryOf(ctx context.Context, s *warehouse.Session, names map[string]string) (string, error) {
	rows, err := ask(ctx, s, `SELECT view_definition FROM information_schema.views WHERE table_schema = :schema AND table_name = :name`, names)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].text(0), nil
}

// Source returns the statement that made a procedure or function; its name has the types of the inputs in brackets, as in Relations.
// Error: NotFound.
func Source(ctx context.Context, s *warehouse.Session, schema, name string) (string, Kind, error) {
	rows, err := ask(ctx, s, `SELECT r.prosrc, r.prokind FROM pg_proc r JOIN pg_namespace n ON n.oid = r.pronamespace
		WHERE n.nspname = :schema AND r.proname || '(' || coalesce(r.inputs, '') || ')' = :name`, map[string]string{"schema": schema, "name": name})
	if err != nil {
		return "", "", err
	}
	if len(rows) == 0 {
		return "", "", fault.New(fault.NotFound, "there is no procedure or function %s.%s", schema, name)
	}
	kind := Function
	if rows[0].text(1) == "p" {
		kind = Procedure
	}
	return rows[0].text(0), kind, nil
}
