package redshiftdata

import (
	"context"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/warehouse"
)

type describeTableRequest struct {
	lookup
	ConnectedDatabase string
	Schema            string
	Table             string
}

type describeTableResponse struct {
	ColumnList []columnMetadata
	NextToken  string
	TableName  string
}

const columnsQuery = `select table_schema, table_name, column_name, data_type || case
	when character_maximum_length is not null then '(' || character_maximum_length || ')'
	when data_type = 'numeric' then '(' || numeric_precision || ',' || numeric_scale || ')' else '' end, is_nullable, column_default from svv_columns
where (table_schema = :schema or strpos(:schema, '%') > 0 and table_schema like :schema)
	and (table_name = :table or strpos(:table, '%') > 0 and table_name like :table)
order by table_schema, table_name, ordinal_position`

// describeTable describes the columns of one table or, without a name or with % in it, of all that match.
func (s *Service) describeTable(ctx context.Context, r *describeTableRequest) (*describeTableResponse, error) {
	names := map[string]string{"schema": pattern(r.Schema), "table": pattern(r.Table)}
	rows, next, err := s.look(ctx, &r.lookup, r.ConnectedDatabase, columnsQuery, names)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 && r.Table != "" && r.NextToken == "" {
		return nil, missing(r.Table, "Table %s does not exist.", strings.TrimPrefix(r.Schema+"."+r.Table, "."))
	}
	response := &describeTableResponse{TableName: r.Table, ColumnList: []columnMetadata{}, NextToken: next}
	for _, row := range rows {
		response.ColumnList = append(response.ColumnList, tableColumn(row))
	}
	return response, nil
}

// tableColumn describes one row of columnsQuery.
func tableColumn(row []any) columnMetadata {
	c := columnType(cell(row[3]))
	c.Schema, c.Table, c.Name = cell(row[0]), cell(row[1]), cell(row[2])
	m := metadata([]warehouse.Column{c})[0]
	m.Length, m.ColumnDefault = m.Precision, cell(row[5])
	if cell(row[4]) == "NO" {
		m.Nullable = 0
	}
	return m
}

// columnTypes are the internal names of types that the catalog spells otherwise.
var columnTypes = map[string]string{
	"smallint": "int2", "integer": "int4", "bigint": "int8", "real": "float4", "float": "float4", "double": "float8", "double precision": "float8",
	"decimal": "numeric", "character varying": "varchar", "character": "bpchar", "char": "bpchar", "boolean": "bool",
	"timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
	"time without time zone": "time", "time with time zone": "timetz", "json": "super", "blob": "varbyte", "binary varying": "varbyte",
}

// columnType reads a type as the catalog spells it: character varying(10), numeric(5,2).
func columnType(text string) warehouse.Column {
	name, arguments, _ := strings.Cut(strings.TrimSuffix(text, ")"), "(")
	c := warehouse.Column{Type: name}
	if internal, ok := columnTypes[name]; ok {
		c.Type = internal
	}
	first, second, _ := strings.Cut(arguments, ",")
	size, _ := strconv.Atoi(strings.TrimSpace(first)) // none is 0
	switch c.Type {
	case "numeric":
		c.Precision = size
		c.Scale, _ = strconv.Atoi(strings.TrimSpace(second))
	case "varchar", "bpchar":
		c.Length = size
	}
	return c
}
