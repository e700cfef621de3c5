package duckdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/unload"
)

// WriteParquet lets DuckDB write the files: it implements warehouse.Exporter.
func (c *conn) WriteParquet(ctx context.Context, sql string, columns []warehouse.Column, p unload.Parquet, store func([]unload.ParquetFile) error) error {
	folder, err := c.scratch.make()
	if err != nil {
		return err
	}
	defer c.trimmer.begin()()
	files, err := c.writeParquet(ctx, folder, sql, columns, p)
	if err = failure(ctx, err); err == nil {
		err = store(files)
	}
	return errors.Join(err, os.RemoveAll(folder))
}

func (c *conn) writeParquet(ctx context.Context, folder, sql string, columns []warehouse.Column, p unload.Parquet) ([]unload.ParquetFile, error) {
	described, err := c.query(ctx, "SELECT * FROM ("+sql+"\n) LIMIT 0", nil)
	if err != nil {
		return nil, err
	}
	expressions := texts(described)
	if err := described.Close(); err != nil {
		return nil, err
	}
	answer, err := c.query(ctx, parquetStatement(folder, sql, expressions, columns, p), nil)
	if err != nil {
		return nil, err
	}
	files, err := parquetFiles(answer, p)
	if closing := answer.Close(); err == nil {
		err = closing
	}
	return files, err
}

func parquetStatement(target, sql string, expressions []string, columns []warehouse.Column, p unload.Parquet) string {
	var chosen []string
	for _, place := range p.Columns {
		chosen = append(chosen, parquetValue(expressions[place], columns[place])+` AS "`+strings.ReplaceAll(columns[place].Name, `"`, `""`)+`"`)
	}
	options := []string{"FORMAT parquet", "COMPRESSION snappy", "RETURN_STATS"}
	if p.RowGroup > 0 {
		options = append(options, fmt.Sprintf("ROW_GROUP_SIZE %d", p.RowGroup))
	}
	if len(p.Partitions) > 0 {
		var names []string
		for i, place := range p.Partitions {
			names = append(names, fmt.Sprintf("stepwell_p%d", i))
			chosen = append(chosen, partitionValue(expressions[place], columns[place])+" AS "+names[i])
		}
		options = append(options, "PARTITION_BY ("+strings.Join(names, ", ")+")")
	}
	if p.FileSize > 0 {
		options = append(options, fmt.Sprintf("FILE_SIZE_BYTES %d", p.FileSize))
	}
	switch {
	case p.Parallel && len(p.Partitions) == 0:
		options = append(options, "PER_THREAD_OUTPUT")
	case len(options) == 3:
		target = filepath.Join(target, "data.parquet")
	}
	return "COPY (SELECT " + strings.Join(chosen, ", ") + " FROM (" + sql + "\n)) TO " + quoted(target) + " (" + strings.Join(options, ", ") + ", OVERWRITE_OR_IGNORE)"
}

// parquetValue brings a column into a type that Redshift writes and reads.
func parquetValue(expression string, c warehouse.Column) string {
	switch c.Type {
	case "int8":
		return "CAST(" + expression + " AS BIGINT)"
	case "numeric":
		return fmt.Sprintf("CAST(%s AS DECIMAL(%d, %d))", expression, c.Precision, c.Scale)
	case "timestamptz":
		return "(" + expression + " AT TIME ZONE 'UTC')"
	case "timetz", "interval":
		return "CAST(" + expression + " AS VARCHAR)"
	}
	return expression
}

// partitionValue is a value's text in Redshift.
func partitionValue(expression string, c warehouse.Column) string {
	if c.Type == "bool" {
		return "CASE " + expression + " WHEN true THEN 't' WHEN false THEN 'f' END"
	}
	return "CAST(" + parquetValue(expression, c) + " AS VARCHAR)"
}

// parquetFiles reads what COPY tells about the files: their names and how many rows they have.
func parquetFiles(answer *rows, p unload.Parquet) ([]unload.ParquetFile, error) {
	var files []unload.ParquetFile
	for {
		row, err := answer.Next()
		if err != nil {
			return nil, err
		}
		if row == nil {
			break
		}
		f := unload.ParquetFile{Path: row[0].(string)}
		if f.Rows, err = strconv.ParseInt(row[1].(string), 10, 64); err != nil {
			return nil, err
		}
		if f.Rows == 0 {
			continue
		}
		if f.Partition, err = partition(f.Path, len(p.Partitions)); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b unload.ParquetFile) int {
		return cmp.Or(strings.Compare(filepath.Dir(a.Path), filepath.Dir(b.Path)), cmp.Compare(len(a.Path), len(b.Path)), strings.Compare(a.Path, b.Path))
	})
	return files, nil
}

// partition reads the values in the last n folders of a path.
func partition(path string, n int) ([]any, error) {
	values := make([]any, n)
	for i := n - 1; i >= 0; i-- {
		path = filepath.Dir(path)
		_, text, _ := strings.Cut(filepath.Base(path), "=")
		if text == "__HIVE_DEFAULT_PARTITION__" {
			continue
		}
		value, err := url.PathUnescape(text)
		if err != nil {
			return nil, err
		}
		values[i] = value
	}
	return values, nil
}
