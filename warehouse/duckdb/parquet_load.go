package duckdb

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/translate"
	"github.com/stepwell/stepwell/warehouse/load"
)

// AppendParquet inserts the rows of a Parquet file: it implements load.Columnar. DuckDB reads files only, so the bytes go to
// a temporary one first.
func (c *conn) AppendParquet(ctx context.Context, target load.Target, file io.Reader, o load.ParquetOptions) (int64, error) {
	folder, err := c.scratch.make()
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	defer c.trimmer.begin()()
	path := filepath.Join(folder, "file.parquet")
	if err := keepFile(path, file); err != nil {
		return 0, err
	}
	source := "read_parquet(" + quoted(path) + ")"
	columns, err := c.parquetColumns(ctx, source)
	if err != nil {
		return 0, fault.Invalidf("Spectrum Scan Error: the file is not Parquet or is damaged").WithCode("XX000")
	}
	if len(columns) > len(target.Columns) || len(columns) < len(target.Columns) && !o.Fill {
		return 0, fault.Invalidf("Unmatched number of columns between table and file. Table columns: %d, Data columns: %d",
			len(target.Columns), len(columns)).WithCode("XX000")
	}
	names, values := make([]string, len(columns)), make([]string, len(columns))
	for i, parquet := range columns {
		names[i] = translate.Identifier(target.Columns[i].Name)
		if values[i], err = loadedValue(i, parquet, target.Columns[i], o); err != nil {
			return 0, err
		}
	}
	return c.Exec(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s AS file(%s)", translate.Name(target.Table),
		strings.Join(names, ", "), strings.Join(values, ", "), source, strings.Join(places(len(columns)), ", ")))
}

func keepFile(path string, from io.Reader) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fault.New(fault.Unavailable, "keep a Parquet file while it is loaded").Because(err)
	}
	_, err = io.Copy(file, from)
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}

func places(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("c%d", i)
	}
	return list
}

// parquetColumn is a column of a file: its name and DuckDB's type for it.
type parquetColumn struct{ name, typ string }

func (c *conn) parquetColumns(ctx context.Context, source string) (columns []parquetColumn, err error) {
	rows, err := c.Query(ctx, "DESCRIBE SELECT * FROM "+source)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for {
		row, err := rows.Next()
		if row == nil || err != nil {
			return columns, err
		}
		columns = append(columns, parquetColumn{name: row[0].(string), typ: row[1].(string)})
	}
}

// families are the types of Parquet columns that a column of Redshift takes.
var families = map[string][]string{
	"smallint": {"TINYINT", "SMALLINT", "UTINYINT"}, "integer": {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT"},
	"bigint":  {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"},
	"numeric": {"DECIMAL"}, "real": {"FLOAT"}, "double precision": {"FLOAT", "DOUBLE"}, "boolean": {"BOOLEAN"},
	"character": {"VARCHAR", "BLOB"}, "character varying": {"VARCHAR", "BLOB"}, "date": {"DATE"},
	"timestamp without time zone": {"TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP_S", "TIMESTAMP WITH TIME ZONE"},
	"timestamp with time zone":    {"TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP_S", "TIMESTAMP WITH TIME ZONE"},
	"time without time zone":      {"TIME", "TIME_NS"}, "varbyte": {"BLOB"}, "binary varying": {"BLOB"},
}

// loadedValue is the expression that makes a column's value of a file's, or why there is none.
func loadedValue(place int, p parquetColumn, c load.TargetColumn, o load.ParquetOptions) (string, error) {
	value := fmt.Sprintf("c%d", place)
	kind, _, _ := strings.Cut(p.typ, "(")
	nested := strings.HasSuffix(p.typ, "]") || kind == "STRUCT" || kind == "MAP"
	switch {
	case c.Type.Name == "super" && (nested && o.Serialize || !nested):
		return "to_json(" + value + ")", nil
	case c.Type.Name == "super":
		return "", fault.Invalidf("The column %q is nested: it needs SERIALIZETOJSON to become SUPER", p.name).WithCode("XX000")
	case nested || !slices.Contains(families[c.Type.Name], kind):
		return "", fault.Invalidf("Spectrum Scan Error: code 15001: the file has an incompatible Parquet schema for column %q of type %s: it is %s",
			c.Name, c.Type, p.typ).WithCode("XX000")
	case kind == "BLOB" && strings.HasPrefix(c.Type.Name, "character"):
		return "decode(" + value + ")", nil
	}
	return value, nil
}
