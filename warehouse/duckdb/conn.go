package duckdb

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

type conn struct {
	duck    *duckdb.Conn
	sources *sources
	scratch scratch
	trimmer *trimmer
}

func (c *conn) Begin(ctx context.Context) error {
	_, err := c.Exec(ctx, "BEGIN TRANSACTION")
	return err
}

func (c *conn) Commit(ctx context.Context) error {
	_, err := c.Exec(ctx, "COMMIT")
	return err
}

func (c *conn) Rollback(ctx context.Context) error {
	_, err := c.Exec(ctx, "ROLLBACK")
	return err
}

func (c *conn) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	result, err := c.duck.ExecContext(ctx, sql, named(args))
	if err != nil {
		return 0, failure(ctx, err)
	}
	n, err := result.RowsAffected()
	return n, failure(ctx, err)
}

func (c *conn) Query(ctx context.Context, sql string, args ...any) (warehouse.Rows, error) {
	answer, err := c.query(ctx, sql, args)
	if err != nil {
		return nil, failure(ctx, err)
	}
	c.describeSums(ctx, sql, answer)
	plain := asText(sql, answer)
	if plain == "" {
		return answer, nil
	}
	defer answer.Close()
	again, err := c.query(ctx, plain, args)
	if err != nil {
		return nil, failure(ctx, err)
	}
	again.columns = answer.columns
	return again, nil
}

func (c *conn) query(ctx context.Context, sql string, args []any) (*rows, error) {
	stmt, err := c.statement(ctx, sql)
	if err != nil {
		return nil, err
	}
	answer, err := stmt.QueryContext(ctx, named(args))
	if err != nil {
		stmt.Close()
		return nil, err
	}
	r := newRows(stmt, answer)
	if err := r.describe(); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// prepare gives the connection Redshift's settings.
func (c *conn) prepare(ctx context.Context) error {
	if err := c.Set(ctx, "search_path", warehouse.DefaultSchema); err != nil {
		return err
	}
	_, err := c.Exec(ctx, strings.Join(sessionSettings, ";\n"))
	return err
}

func (c *conn) statement(ctx context.Context, sql string) (*duckdb.Stmt, error) {
	stmt, err := c.duck.PrepareContext(ctx, sql)
	if err != nil {
		return nil, err
	}
	return stmt.(*duckdb.Stmt), nil
}

// Check returns the statement's syntax error, if it has one. What it is about need not be there.
func (c *conn) Check(ctx context.Context, sql string) error {
	stmt, err := c.statement(ctx, sql)
	if err == nil {
		return stmt.Close()
	}
	if err := failure(ctx, err); fault.CodeOf(err) == "42601" {
		return err
	}
	return nil
}

func (c *conn) Close() error { return c.duck.Close() }

func named(args []any) []driver.NamedValue {
	values := make([]driver.NamedValue, len(args))
	for i, a := range args {
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return values
}

// asText returns the query with its JSON and nested columns as text, empty if it has none: the driver decodes them, which
// loses key order and the spelling of numbers. Only a query that has been run tells that a column is JSON.
func asText(sql string, answer *rows) string {
	if !slices.ContainsFunc(answer.columns, func(c warehouse.Column) bool { return c.Type == "super" }) {
		return ""
	}
	return "SELECT " + strings.Join(texts(answer), ", ") + " FROM (" + sql + "\n)"
}

// texts are the expressions of a query's columns, those of JSON and nested columns as text.
func texts(answer *rows) []string {
	expressions := make([]string, len(answer.columns))
	for i, c := range answer.columns {
		expressions[i] = fmt.Sprintf("#%d", i+1)
		switch {
		case c.Type != "super":
		case answer.isJSON(i):
			expressions[i] = fmt.Sprintf("CAST(#%d AS VARCHAR)", i+1)
		default:
			expressions[i] = fmt.Sprintf("CAST(to_json(#%d) AS VARCHAR)", i+1)
		}
	}
	return expressions
}

func (c *conn) Set(ctx context.Context, parameter, value string) error {
	statement := "SET VARIABLE rs_" + parameter
	switch parameter {
	case "search_path":
		value += "," + warehouse.CatalogSchema + "," + macroSchema
		statement = "SET search_path"
	case "timezone":
		statement = "SET TimeZone"
	}
	_, err := c.Exec(ctx, statement+" = "+quoted(value))
	return err
}
