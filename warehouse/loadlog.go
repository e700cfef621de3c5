package warehouse

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

//go:embed catalog_load.sql
var catalogOfLoads string

// The rows of the load tables. The tags name their columns.
type (
	loadErrorRow struct {
		Table    int64  `json:"tbl"`
		Start    string `json:"starttime"`
		Session  int64  `json:"session"`
		Query    int64  `json:"query"`
		File     string `json:"filename"`
		Line     int64  `json:"line_number"`
		Column   string `json:"colname"`
		Type     string `json:"type"`
		Length   string `json:"col_length"`
		Position int64  `json:"position"`
		RawLine  string `json:"raw_line"`
		RawValue string `json:"raw_field_value"`
		Code     int64  `json:"err_code"`
		Reason   string `json:"err_reason"`
		CopyJob  int64  `json:"copy_job_id"`
		User     int64  `json:"userid"`
		Slice    int64  `json:"slice"`
		Partial  int64  `json:"is_partial"`
		StartAt  int64  `json:"start_offset"`
	}
	errorFieldRow struct {
		User    int64  `json:"userid"`
		Slice   int64  `json:"slice"`
		Session int64  `json:"session"`
		Query   int64  `json:"query"`
		File    string `json:"filename"`
		Line    int64  `json:"line_number"`
		Field   int64  `json:"field"`
		Column  string `json:"colname"`
		Value   string `json:"value"`
		Null    int64  `json:"is_null"`
		Type    string `json:"type"`
		Length  string `json:"col_length"`
	}
	replacementRow struct {
		User    int64  `json:"userid"`
		Query   int64  `json:"query"`
		Slice   int64  `json:"slice"`
		Table   int64  `json:"tbl"`
		Start   string `json:"starttime"`
		Session int64  `json:"session"`
		File    string `json:"filename"`
		Line    int64  `json:"line_number"`
		Column  string `json:"colname"`
		RawLine string `json:"raw_line"`
	}
	loadCommitRow struct {
		User    int64  `json:"userid"`
		Query   int64  `json:"query"`
		Slice   int64  `json:"slice"`
		Name    string `json:"name"`
		File    string `json:"filename"`
		Offset  int64  `json:"byte_offset"`
		Lines   int64  `json:"lines_scanned"`
		Errors  int64  `json:"errors"`
		Time    string `json:"curtime"`
		Status  int64  `json:"status"`
		Format  string `json:"file_format"`
		Partial int64  `json:"is_partial"`
		StartAt int64  `json:"start_offset"`
		CopyJob int64  `json:"copy_job_id"`
	}
	loadFileRow struct {
		Query    int64  `json:"query"`
		File     string `json:"file_name"`
		Bytes    int64  `json:"bytes_scanned"`
		Lines    int64  `json:"lines_scanned"`
		Start    string `json:"start_time"`
		End      string `json:"end_time"`
		ETag     string `json:"file_etag"`
		Modified string `json:"file_last_modified"`
	}
	loadRow struct {
		Query     int64  `json:"query"`
		Session   int64  `json:"session"`
		Status    string `json:"status"`
		Table     string `json:"table_name"`
		Start     string `json:"start_time"`
		End       string `json:"end_time"`
		Source    string `json:"data_source"`
		Format    string `json:"file_format"`
		Rows      int64  `json:"loaded_rows"`
		Bytes     int64  `json:"loaded_bytes"`
		Files     int64  `json:"source_file_count"`
		FileBytes int64  `json:"source_file_bytes"`
		Scanned   int64  `json:"file_count_scanned"`
		ScanBytes int64  `json:"file_bytes_scanned"`
		Errors    int64  `json:"error_count"`
		CopyJob   int64  `json:"copy_job_id"`
	}
)

// awsUser is the number of the one user.
const awsUser = 100

// recordLoad writes down what a load did.
func (s *Session) recordLoad(ctx context.Context, c Conn, l *loading, status string) error {
	table, err := tableNumber(ctx, c, l)
	if err != nil {
		return err
	}
	if err := recordErrors(ctx, c, l, table); err != nil {
		return err
	}
	if err := recordReplacements(ctx, c, l, table); err != nil {
		return err
	}
	if status == "completed" {
		if err := recordFiles(ctx, c, l); err != nil {
			return err
		}
	}
	return recordHistory(ctx, c, l, status)
}

// tableNumber finds the number of the table, 0 for a temporary one seen from another connection.
func tableNumber(ctx context.Context, c Conn, l *loading) (int64, error) {
	if len(l.outcome.Rejections) == 0 && len(l.outcome.Replacements) == 0 {
		return 0, nil
	}
	row, err := one(ctx, c, `SELECT table_oid::BIGINT FROM duckdb_tables()
		WHERE database_name = system.main.current_database() AND schema_name = $1 AND table_name = $2`, l.schema, l.table.Name)
	if row == nil {
		return 0, err
	}
	return row[0].(int64), nil
}

func recordErrors(ctx context.Context, c Conn, l *loading, table int64) error {
	var rows []loadErrorRow
	var fields []errorFieldRow
	for _, r := range l.outcome.Rejections {
		rows = append(rows, loadErrorRow{User: awsUser, Table: table, Start: l.started.Format(timestampForm), Session: l.session, Query: l.query, File: r.File,
			Line: r.Line, Column: r.Column, Type: r.Type, Length: r.Length, Position: int64(r.Position), RawLine: shown(r.RawLine),
			RawValue: shown(r.RawValue), Code: int64(r.Code), Reason: shown(r.Reason), CopyJob: l.copyJob})
		for n, f := range r.Fields {
			row := errorFieldRow{User: awsUser, Session: l.session, Query: l.query, File: r.File, Line: r.Line, Field: int64(n), Column: f.Column,
				Value: shown(f.Value), Type: f.Type, Length: f.Length}
			if f.Null {
				row.Null = 1
			}
			fields = append(fields, row)
		}
	}
	if err := insertRows(ctx, c, CatalogSchema+".stl_load_errors", rows); err != nil {
		return err
	}
	return insertRows(ctx, c, CatalogSchema+".stl_loaderror_detail", fields)
}

func recordReplacements(ctx context.Context, c Conn, l *loading, table int64) error {
	var rows []replacementRow
	for _, r := range l.outcome.Replacements {
		rows = append(rows, replacementRow{User: awsUser, Query: l.query, Table: table, Start: l.started.Format(timestampForm), Session: l.session,
			File: r.File, Line: r.Line, Column: r.Column, RawLine: shown(r.RawLine)})
	}
	return insertRows(ctx, c, CatalogSchema+".stl_replacements", rows)
}

// formats are the names of formats in stl_load_commits.
var formats = map[string]string{"json": "JSON", "avro": "Avro", "parquet": "Parquet"}

func recordFiles(ctx context.Context, c Conn, l *loading) error {
	format := formats[l.format]
	if format == "" {
		format = "Text"
	}
	commits, files := make([]loadCommitRow, len(l.outcome.Files)), make([]loadFileRow, len(l.outcome.Files))
	for i, f := range l.outcome.Files {
		name := f.Object.String()
		commits[i] = loadCommitRow{User: awsUser, Query: l.query, Name: name, File: name, Lines: f.Lines, Errors: f.Errors, Time: f.Ended.Format(timestampForm),
			Status: 1, Format: format, CopyJob: l.copyJob}
		files[i] = loadFileRow{Query: l.query, File: name, Bytes: f.Bytes, Lines: f.Lines, Start: f.Started.Format(timestampForm),
			End: f.Ended.Format(timestampForm), ETag: f.ETag, Modified: f.Modified.UTC().Format(timestampForm)}
	}
	if err := insertRows(ctx, c, CatalogSchema+".stl_load_commits", commits); err != nil {
		return err
	}
	return insertRows(ctx, c, "stepwell.load_file", files)
}

func recordHistory(ctx context.Context, c Conn, l *loading, status string) error {
	done := l.progress.Done()
	row := loadRow{Query: l.query, Session: l.session, Status: status, Table: l.table.Name, Start: l.started.Format(timestampForm),
		End: time.Now().UTC().Format(timestampForm), Source: l.source, Format: l.format, Bytes: done.Plain, Files: done.Files, FileBytes: done.Size,
		Scanned: done.FilesDone, ScanBytes: done.Read, Errors: l.outcome.Rejected, CopyJob: l.copyJob}
	if status == "completed" {
		row.Rows = l.outcome.Loaded
	}
	return insertRows(ctx, c, "stepwell.load", []loadRow{row})
}

// rowsAtOnce bounds the text that one statement takes.
const rowsAtOnce = 5000

// insertRows inserts rows of a struct whose tags name the columns.
func insertRows[R any](ctx context.Context, c Conn, table string, rows []R) error {
	insert := fmt.Sprintf(`INSERT INTO %s BY NAME SELECT unnest(from_json(CAST($1 AS JSON), '%s'), max_depth := 2)`, table, structure[R]())
	for some := range slices.Chunk(rows, rowsAtOnce) {
		text, err := json.Marshal(some)
		if err != nil {
			return err
		}
		if _, err := c.Exec(ctx, insert, string(text)); err != nil {
			return err
		}
	}
	return nil
}

// structure describes a row as from_json wants it.
func structure[R any]() string {
	t := reflect.TypeFor[R]()
	members := make([]string, t.NumField())
	for i := range members {
		kind := "VARCHAR"
		if t.Field(i).Type.Kind() == reflect.Int64 {
			kind = "BIGINT"
		}
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		members[i] = fmt.Sprintf("%q:%q", name, kind)
	}
	return "[{" + strings.Join(members, ",") + "}]"
}

// shown is what a column of text can hold of the bytes of a file.
func shown(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\x00", "?")
}
