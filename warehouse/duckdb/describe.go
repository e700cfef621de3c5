package duckdb

import (
	"context"
	"strconv"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/warehouse"
)

// Describe prepares a statement and tells what it takes and answers with: it implements warehouse.Describer.
func (c *conn) Describe(ctx context.Context, sql string) (d warehouse.Description, err error) {
	stmt, err := c.statement(ctx, sql)
	if err != nil {
		return d, failure(ctx, err)
	}
	defer stmt.Close()
	if d.Parameters, err = describeParameters(stmt); err != nil {
		return d, failure(ctx, err)
	}
	if kind, err := stmt.StatementType(); err != nil || kind != duckdb.STATEMENT_TYPE_SELECT {
		return d, failure(ctx, err)
	}
	n, err := stmt.ColumnCount()
	if err != nil {
		return d, failure(ctx, err)
	}
	answer := &rows{stmt: stmt, columns: make([]warehouse.Column, n)}
	for i := range answer.columns {
		if kind, err := stmt.ColumnType(i); err != nil || kind == duckdb.TYPE_INVALID {
			return d, failure(ctx, err) // it depends on a parameter without a type
		}
		if answer.columns[i], err = describeColumn(stmt, i); err != nil {
			return d, failure(ctx, err)
		}
	}
	c.describeSums(ctx, sql, answer)
	d.Columns = answer.columns
	return d, nil
}

// describeParameters puts the parameters into the order of their numbers; the driver counts them in the order of the text.
func describeParameters(stmt *duckdb.Stmt) ([]warehouse.Column, error) {
	var parameters []warehouse.Column
	for i := 1; i <= stmt.NumInput(); i++ {
		name, err := stmt.ParamName(i)
		if err != nil {
			return nil, err
		}
		if name == "" {
			continue // the text leaves out a number below, and the driver cannot say more
		}
		kind, err := stmt.ParamType(i)
		if err != nil {
			return nil, err
		}
		number, err := strconv.Atoi(name)
		if err != nil {
			return nil, err
		}
		for len(parameters) < number {
			parameters = append(parameters, warehouse.Column{})
		}
		parameters[number-1] = describeParameter(kind)
	}
	return parameters, nil
}

func describeParameter(kind duckdb.Type) warehouse.Column {
	switch kind {
	case duckdb.TYPE_INVALID, duckdb.TYPE_ANY, duckdb.TYPE_SQLNULL:
		return warehouse.Column{}
	case duckdb.TYPE_DECIMAL:
		return warehouse.Column{Type: "numeric"}
	}
	if c, known := redshiftTypes[kind]; known {
		return c
	}
	return warehouse.Column{Type: "varchar"}
}
