package warehouse

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// The internal tables hold what Redshift's catalog knows and the backend's does not. They change in the transaction of
// the statement that changes the fact.
//
//go:embed catalog.sql
var catalogTables string

// The views and functions in which clients of PostgreSQL look for tables, columns and types.
//
//go:embed catalog_pg.sql
var catalogOfClients string

// The keys, which the former show, and the information schema, which shows those.
var (
	//go:embed catalog_key.sql
	catalogOfKeys string
	//go:embed catalog_standard.sql
	catalogOfStandard string
)

// CatalogSchema holds the system tables and views that users read without naming a schema: pg_table_def, svv_table_info.
const CatalogSchema = "stepwell_catalog"

// catalog makes the internal tables and views; catalogSum tells whether a database has just these.
var (
	catalog = strings.Join([]string{catalogTables, catalogOfLoads, catalogOfUnloads, catalogOfCopyJobs, catalogOfQueries, catalogOfKeys, catalogOfClients,
		catalogOfStandard}, ";")
	catalogSum = fmt.Sprintf("%x", sha256.Sum256([]byte(catalog)))
)

// ensureCatalog makes the catalog unless the database has it: its many views take most of the time that opening takes.
func ensureCatalog(ctx context.Context, c Conn) error {
	made, err := one(ctx, c, `SELECT count(*) FROM information_schema.tables WHERE table_schema = 'stepwell' AND table_name = 'catalog_sum'`)
	if err != nil {
		return err
	}
	if made != nil && made[0] != int64(0) {
		if sum, err := one(ctx, c, `SELECT sum FROM stepwell.catalog_sum`); err != nil || sum != nil && sum[0] == catalogSum {
			return err
		}
	}
	return makeCatalog(ctx, c)
}

// makeCatalog runs in one transaction, because each one of a file is written to the disk.
func makeCatalog(ctx context.Context, c Conn) error {
	if err := c.Begin(ctx); err != nil {
		return err
	}
	marked := catalog + `; CREATE TABLE IF NOT EXISTS stepwell.catalog_sum (sum VARCHAR); DELETE FROM stepwell.catalog_sum;
		INSERT INTO stepwell.catalog_sum VALUES ('` + catalogSum + `')`
	for statement := range strings.SplitSeq(marked, ";") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := c.Exec(ctx, statement); err != nil {
			return errors.Join(err, c.Rollback(ctx))
		}
	}
	return c.Commit(ctx)
}

// recordTable keeps the facts about a new table.
func (s *Session) recordTable(ctx context.Context, c *syntax.CreateTable) error {
	if err := s.recordStyle(ctx, c.Name, c.Attributes); err != nil {
		return err
	}
	for i, column := range c.Columns {
		if err := s.recordColumn(ctx, c.Name, i+1, keyed(column, c.Attributes), sortPosition(column, c.Attributes)); err != nil {
			return err
		}
		for _, constraint := range column.Constraints {
			constraint.Columns = []string{column.Name}
			if err := s.recordConstraint(ctx, c.Name, constraint); err != nil {
				return err
			}
		}
	}
	for _, constraint := range c.Constraints {
		if err := s.recordConstraint(ctx, c.Name, constraint); err != nil {
			return err
		}
	}
	return nil
}

// recordAttributes keeps the facts about a table made from a query; its columns are read back from the backend.
func (s *Session) recordAttributes(ctx context.Context, n syntax.Name, a syntax.Attributes) error {
	columns, err := s.backendColumns(ctx, n)
	if err != nil {
		return err
	}
	return s.recordTable(ctx, &syntax.CreateTable{Name: n, Columns: columns, Attributes: a})
}

// keyed moves a key that stands in the table's attributes to the column.
func keyed(c syntax.Column, a syntax.Attributes) syntax.Column {
	c.DistKey = c.DistKey || a.DistKey == c.Name
	return c
}

// sortPosition is the column's place in the sort key, from 1; 0 is none.
func sortPosition(c syntax.Column, a syntax.Attributes) int {
	for i, name := range a.SortKey {
		if name == c.Name {
			return i + 1
		}
	}
	if c.SortKey {
		return 1
	}
	return 0
}

func (s *Session) recordStyle(ctx context.Context, n syntax.Name, a syntax.Attributes) error {
	style := a.DistStyle
	switch {
	case style != "":
	case a.DistKey != "":
		style = "KEY"
	default:
		style = "AUTO"
	}
	_, err := s.conn.Exec(ctx, `INSERT INTO stepwell.table_fact VALUES ($1, $2, $3, $4, $5)`,
		s.schemaOf(n), n.Name, style, a.SortStyle, !a.NoBackup)
	return err
}

func (s *Session) recordColumn(ctx context.Context, n syntax.Name, ordinal int, c syntax.Column, sortKey int) error {
	var seed, step, byDefault, fallback any
	if c.Identity != nil {
		seed, step, byDefault = c.Identity.Seed, c.Identity.Step, c.Identity.ByDefault
	}
	if c.Default != nil {
		fallback = syntax.Spell(c.Default)
	}
	_, err := s.conn.Exec(ctx, `INSERT INTO stepwell.column_fact VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		s.schemaOf(n), n.Name, c.Name, ordinal, c.Type.String(), c.NotNull, fallback, seed, step, byDefault,
		c.Encode, c.DistKey, sortKey)
	return err
}

func (s *Session) recordConstraint(ctx context.Context, n syntax.Name, c syntax.Constraint) error {
	if c.Kind == syntax.Check {
		return nil
	}
	name := c.Name
	if name == "" {
		name = n.Name + suffixes[c.Kind]
	}
	referenced := c.References.Name
	if c.References.Schema != "" {
		referenced = c.References.Schema + "." + referenced
	}
	_, err := s.conn.Exec(ctx, `INSERT INTO stepwell.constraint_fact VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.schemaOf(n), n.Name, name, string(c.Kind), strings.Join(c.Columns, ", "), referenced, strings.Join(c.ReferencedColumns, ", "))
	return err
}

// suffixes make the names that PostgreSQL gives to constraints without one.
var suffixes = map[syntax.ConstraintKind]string{syntax.PrimaryKey: "_pkey", syntax.Unique: "_key", syntax.ForeignKey: "_fkey"}

// factTables are the internal tables that have rows about a table.
var factTables = []string{"table_fact", "column_fact", "constraint_fact"}

func (s *Session) forgetTable(ctx context.Context, n syntax.Name) error {
	for _, facts := range factTables {
		if _, err := s.conn.Exec(ctx, `DELETE FROM stepwell.`+facts+` WHERE schema_name = $1 AND table_name = $2`, s.schemaOf(n), n.Name); err != nil {
			return err
		}
	}
	_, err := s.conn.Exec(ctx, `DELETE FROM stepwell.comment WHERE schema_name = $1 AND object_name = $2`, s.schemaOf(n), n.Name)
	return err
}

func (s *Session) forgetSchema(ctx context.Context, schema string) error {
	for _, facts := range append([]string{"comment", "procedure", "function", "view_reference", "materialized_view"}, factTables...) {
		if _, err := s.conn.Exec(ctx, `DELETE FROM stepwell.`+facts+` WHERE schema_name = $1`, schema); err != nil {
			return err
		}
	}
	return nil
}

// recordChange keeps the facts in step with one action of ALTER TABLE.
func (s *Session) recordChange(ctx context.Context, n syntax.Name, a syntax.AlterAction) error {
	const column = ` WHERE schema_name = $1 AND table_name = $2 AND column_name = $3`
	run := func(sql string, args ...any) error {
		_, err := s.conn.Exec(ctx, sql, append([]any{s.schemaOf(n), n.Name}, args...)...)
		return err
	}
	switch a.Kind {
	case syntax.AddColumn:
		last, err := one(ctx, s.conn, `SELECT coalesce(max(ordinal), 0)::BIGINT FROM stepwell.column_fact WHERE schema_name = $1 AND table_name = $2`, s.schemaOf(n), n.Name)
		if err != nil {
			return err
		}
		return s.recordColumn(ctx, n, int(last[0].(int64))+1, a.Column, 0)
	case syntax.DropColumn:
		return run(`DELETE FROM stepwell.column_fact`+column, a.Column.Name)
	case syntax.RenameColumn:
		return run(`UPDATE stepwell.column_fact SET column_name = $4`+column, a.Column.Name, a.To)
	case syntax.AlterColumnType:
		return run(`UPDATE stepwell.column_fact SET type = $4`+column, a.Column.Name, a.Column.Type.String())
	case syntax.AlterEncode:
		return run(`UPDATE stepwell.column_fact SET encode = $4`+column, a.Column.Name, a.To)
	case syntax.AlterDistStyle, syntax.AlterDistKey:
		return s.recordDistribution(a.Attributes, run)
	case syntax.AlterSortKey:
		return s.recordSortKey(a.Attributes, run)
	case syntax.AddConstraint:
		return s.recordConstraint(ctx, n, a.Constraint)
	case syntax.DropConstraint:
		return run(`DELETE FROM stepwell.constraint_fact WHERE schema_name = $1 AND table_name = $2 AND constraint_name = $3`, a.To)
	case syntax.RenameTable:
		return s.renameFacts(run, a.To)
	}
	return nil
}

func (s *Session) recordDistribution(a syntax.Attributes, run func(string, ...any) error) error {
	style := a.DistStyle
	if style == "" {
		style = "KEY"
	}
	if err := run(`UPDATE stepwell.table_fact SET dist_style = $3 WHERE schema_name = $1 AND table_name = $2`, style); err != nil {
		return err
	}
	return run(`UPDATE stepwell.column_fact SET dist_key = (column_name = $3) WHERE schema_name = $1 AND table_name = $2`, a.DistKey)
}

func (s *Session) recordSortKey(a syntax.Attributes, run func(string, ...any) error) error {
	if err := run(`UPDATE stepwell.column_fact SET sort_key = 0 WHERE schema_name = $1 AND table_name = $2`); err != nil {
		return err
	}
	for i, name := range a.SortKey {
		if err := run(`UPDATE stepwell.column_fact SET sort_key = $4 WHERE schema_name = $1 AND table_name = $2 AND column_name = $3`, name, i+1); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) renameFacts(run func(string, ...any) error, to string) error {
	for _, facts := range factTables {
		if err := run(`UPDATE stepwell.`+facts+` SET table_name = $3 WHERE schema_name = $1 AND table_name = $2`, to); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) recordComment(ctx context.Context, n syntax.Name, column string, text any) error {
	schema := s.schemaOf(n)
	_, err := s.conn.Exec(ctx, `DELETE FROM stepwell.comment WHERE schema_name = $1 AND object_name = $2 AND column_name = $3`, schema, n.Name, column)
	if err != nil || text == nil {
		return err
	}
	_, err = s.conn.Exec(ctx, `INSERT INTO stepwell.comment VALUES ($1, $2, $3, $4)`, schema, n.Name, column, text)
	return err
}
