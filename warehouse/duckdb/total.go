package duckdb

import (
	"context"
	"regexp"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/warehouse"
)

var sumCall = regexp.MustCompile(`(?i)\bsum\(`)

// describeSums tells the sums of a query that has been run apart: DuckDB answers with HUGEINT for every whole number, Redshift
// with bigint for smallint and integer and with numeric(38,0) for bigint. The same query with any value in place of each
// sum has columns of the summed types; it is prepared and never run.
func (c *conn) describeSums(ctx context.Context, sql string, answer *rows) {
	var sums []int
	for i := range answer.columns {
		if info, err := answer.stmt.ColumnTypeInfo(i); err == nil && info.InternalType() == duckdb.TYPE_HUGEINT {
			sums = append(sums, i)
		}
	}
	if len(sums) == 0 {
		return
	}
	summed, err := c.statement(ctx, sumCall.ReplaceAllString(sql, "any_value("))
	if err != nil {
		return
	}
	defer summed.Close()
	for _, i := range sums {
		if info, err := summed.ColumnTypeInfo(i); err == nil && info.InternalType() == duckdb.TYPE_BIGINT {
			answer.columns[i] = warehouse.Column{Name: answer.columns[i].Name, Type: "numeric", Precision: 38}
		}
	}
}
