package duckdb

import (
	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/warehouse"
)

// redshiftTypes maps DuckDB's types; those that Redshift has not go to the next wider one.
var redshiftTypes = map[duckdb.Type]warehouse.Column{
	duckdb.TYPE_BOOLEAN:      {Type: "bool"},
	duckdb.TYPE_TINYINT:      {Type: "int2"},
	duckdb.TYPE_SMALLINT:     {Type: "int2"},
	duckdb.TYPE_INTEGER:      {Type: "int4"},
	duckdb.TYPE_BIGINT:       {Type: "int8"},
	duckdb.TYPE_UTINYINT:     {Type: "int2"},
	duckdb.TYPE_USMALLINT:    {Type: "int4"},
	duckdb.TYPE_UINTEGER:     {Type: "int8"},
	duckdb.TYPE_UBIGINT:      {Type: "numeric", Precision: 38},
	duckdb.TYPE_HUGEINT:      {Type: "int8"}, // what sum() of integers answers with
	duckdb.TYPE_UHUGEINT:     {Type: "numeric", Precision: 38},
	duckdb.TYPE_BIGNUM:       {Type: "numeric", Precision: 38},
	duckdb.TYPE_FLOAT:        {Type: "float4"},
	duckdb.TYPE_DOUBLE:       {Type: "float8"},
	duckdb.TYPE_DATE:         {Type: "date"},
	duckdb.TYPE_TIME:         {Type: "time"},
	duckdb.TYPE_TIME_TZ:      {Type: "timetz"},
	duckdb.TYPE_TIMESTAMP:    {Type: "timestamp"},
	duckdb.TYPE_TIMESTAMP_S:  {Type: "timestamp"},
	duckdb.TYPE_TIMESTAMP_MS: {Type: "timestamp"},
	duckdb.TYPE_TIMESTAMP_NS: {Type: "timestamp"},
	duckdb.TYPE_TIMESTAMP_TZ: {Type: "timestamptz"},
	duckdb.TYPE_INTERVAL:     {Type: "interval"},
	duckdb.TYPE_BLOB:         {Type: "varbyte"},
	duckdb.TYPE_LIST:         {Type: "super"},
	duckdb.TYPE_STRUCT:       {Type: "super"},
	duckdb.TYPE_MAP:          {Type: "super"},
	duckdb.TYPE_ARRAY:        {Type: "super"},
	duckdb.TYPE_UNION:        {Type: "super"},
}

// describe fills in the columns of a query that has been run.
func (r *rows) describe() error {
	r.columns = make([]warehouse.Column, len(r.raw))
	for i := range r.columns {
		c, err := describeColumn(r.stmt, i)
		if err != nil {
			return err
		}
		if r.isJSON(i) {
			c.Type = "super"
		}
		r.columns[i] = c
	}
	return nil
}

func describeColumn(stmt *duckdb.Stmt, i int) (warehouse.Column, error) {
	name, err := stmt.ColumnName(i)
	if err != nil {
		return warehouse.Column{}, err
	}
	info, err := stmt.ColumnTypeInfo(i)
	if err != nil {
		return warehouse.Column{}, err
	}
	c, known := redshiftTypes[info.InternalType()]
	if !known {
		c.Type = "varchar"
	}
	if d, ok := info.Details().(*duckdb.DecimalDetails); ok {
		c.Type, c.Precision, c.Scale = "numeric", int(d.Width), int(d.Scale)
	}
	c.Name = name
	return c, nil
}
