package rsql

import (
	"strings"

	"github.com/stepwell/stepwell/rsql/syntax"
)

// describeTable is \d NAME.
func (r *interpreter) describeTable(pattern string) outcome {
	schema, name, qualified := strings.Cut(pattern, ".")
	if !qualified {
		schema, name = "", pattern
	}
	found, ok := r.ask(`SELECT n.nspname, c.relname, c.relkind, c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'S', 'f')` + like("n.nspname", schema) + like("c.relname", name) + ` ORDER BY n.nspname = 'pg_catalog', 1 LIMIT 1`)
	if !ok {
		return failed
	}
	if len(found.Rows) == 0 {
		r.complain(`Did not find any relation named "%s".`, pattern)
		return failed
	}
	row := found.Rows[0]
	schema, name = row[0].Text, row[1].Text
	kind := "Table"
	if row[2].Text == "v" {
		kind = "View"
	}
	title := kind + ` "` + schema + "." + name + `"`
	if r.session.Peer().Redshift && kind == "Table" {
		return r.describeRedshift(title, schema, name, row[3].Text)
	}
	columns, ok := r.ask(`SELECT a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS "type", '' AS "collation",
CASE WHEN a.attnotnull THEN 'not null' ELSE '' END AS "nullable", coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS "default"
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ` + row[3].Text + ` AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`)
	if !ok {
		return failed
	}
	for i, name := range []string{"Column", "Type", "Collation", "Nullable", "Default"} {
		columns.Columns[i].Name = name
	}
	return r.show(title, columns, []string{})
}

func (r *interpreter) describeRedshift(title, schema, name, oid string) outcome {
	where := " = " + syntax.Literal(name) + " AND "
	columns, ok := r.ask(`SELECT t."column", t.type, '' AS "collation",
CASE WHEN t."notnull" THEN 'NO' ELSE 'YES' END AS "nullable",
coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS "default", t.encoding, t.distkey, t.sortkey
FROM pg_table_def t JOIN pg_catalog.pg_attribute a ON a.attname = t."column" AND a.attrelid = ` + oid + `
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE t.tablename` + where + `t.schemaname = ` + syntax.Literal(schema) + ` ORDER BY a.attnum`)
	if !ok {
		return failed
	}
	facts, ok := r.ask(`SELECT diststyle FROM svv_table_info WHERE "table"` + where + `"schema" = ` + syntax.Literal(schema))
	if !ok {
		return failed
	}
	keys, ok := r.ask(`SELECT c.conname, c.contype, pg_get_constraintdef(c.oid) FROM pg_catalog.pg_constraint c WHERE c.conrelid = ` + oid +
		` AND c.contype IN ('p', 'u', 'f') ORDER BY 1`)
	if !ok {
		return failed
	}
	for i, name := range []string{"Column", "Type", "Collation", "Nullable", "Default Value", "Encoding", "DistKey", "SortKey"} {
		columns.Columns[i].Name = name
	}
	style := "AUTO"
	if len(facts.Rows) > 0 {
		style = facts.Rows[0][0].Text
	}
	footers := []string{"Diststyle: " + style, "Backup: YES", "Created: n/a"}
	footers = append(footers, constraints("Unique Constraints:", keys, "p", "u")...)
	footers = append(footers, constraints("Foreign-key constraints:", keys, "f")...)
	return r.show(title, columns, footers)
}

// constraints lists the constraints of some kinds below a heading.
func constraints(heading string, keys Answer, kinds ...string) []string {
	lines := []string{heading}
	for _, row := range keys.Rows {
		for _, kind := range kinds {
			if row[1].Text == kind {
				lines = append(lines, `    "`+row[0].Text+`" `+row[2].Text)
			}
		}
	}
	if len(lines) == 1 {
		return nil
	}
	return lines
}

// showView is \sv NAME.
func (r *interpreter) showView(in *input) outcome {
	name, ok := r.argument(in, syntax.Name)
	if !ok {
		r.complain(`view name is required`)
		return failed
	}
	schema, bare, qualified := strings.Cut(name, ".")
	if !qualified {
		schema, bare = "", name
	}
	view, ok := r.ask("SELECT schemaname, viewname, definition FROM pg_catalog.pg_views WHERE true" + like("schemaname", schema) + like("viewname", bare))
	if !ok {
		return failed
	}
	if len(view.Rows) == 0 {
		r.complain(`relation "%s" does not exist`, name)
		return failed
	}
	row := view.Rows[0]
	text := strings.TrimRight(row[2].Text, ";\n ")
	if !strings.HasPrefix(strings.ToUpper(text), "CREATE") {
		text = "CREATE OR REPLACE VIEW " + row[0].Text + "." + row[1].Text + " AS\n" + text
	}
	r.print(text, "\n")
	return done
}

// describeExternal is \de NAME.
func (r *interpreter) describeExternal(pattern string) outcome {
	schema, name, qualified := strings.Cut(pattern, ".")
	if !qualified {
		schema, name = "", pattern
	}
	where := " WHERE true" + like("schemaname", schema) + like("tablename", name)
	facts, ok := r.ask("SELECT schemaname, tablename, location, input_format, output_format, serialization_lib, serde_parameters, parameters FROM svv_external_tables" +
		where + " ORDER BY 1, 2 LIMIT 1")
	if !ok {
		return failed
	}
	if len(facts.Rows) == 0 {
		r.complain(`Did not find any external table named "%s".`, pattern)
		return failed
	}
	row := facts.Rows[0]
	columns, ok := r.ask("SELECT columnname, external_type, external_type, columnnum, part_key, is_nullable FROM svv_external_columns WHERE schemaname = " +
		syntax.Literal(row[0].Text) + " AND tablename = " + syntax.Literal(row[1].Text) + " ORDER BY columnnum")
	if !ok {
		return failed
	}
	for i, name := range []string{"Column", "External Type", "Redshift Type", "Position", "Partition Key", "Nullable"} {
		columns.Columns[i].Name = name
	}
	var footers []string
	for i, label := range []string{"Location", "Input_format", "Output_format", "Serialization_lib", "Serde_parameters", "Parameters"} {
		footers = append(footers, label+": "+row[2+i].Text)
	}
	return r.show(`Glue External table "`+row[0].Text+"."+row[1].Text+`"`, columns, footers)
}
