package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/load"
	"github.com/stepwell/stepwell/warehouse/unload"
)

// Exporter is what a connection may be able to do besides: hand out answers that are larger than memory.
type Exporter interface {
	// Spool runs a query to its end and then hands out its rows, in the order of the query or, stably, by the columns at the
	// places sortBy.
	Spool(ctx context.Context, sql string, sortBy []int) (Rows, error)
	// WriteParquet writes the answer of a query into Parquet files, gives store those that have rows, and deletes them. It
	// returns the error of store as it is.
	WriteParquet(ctx context.Context, sql string, columns []Column, p unload.Parquet, store func([]unload.ParquetFile) error) error
}

// unload runs UNLOAD: the backend answers the query, package unload makes files of the rows.
func (s *Session) unload(ctx context.Context, j *job, u *syntax.Unload) error {
	j.result.SQL = load.Masked(u.Fragment)
	exporter, ok := s.conn.(Exporter)
	if !ok || s.warehouse.options.Buckets == nil {
		return fault.New(fault.Unavailable, "UNLOAD has no buckets to write to here")
	}
	plan, err := unload.NewPlan(u)
	if err != nil {
		return err
	}
	j.query.Target = plan.Location()
	started := time.Now().UTC()
	run := &unloading{query: j.id, session: s.pid, plan: plan, exporter: exporter, started: started}
	end := s.warehouse.unloads.begin(run)
	outcome, err := s.export(ctx, j, u, run)
	end()
	if err != nil && ctx.Err() != nil {
		err = cancelled(err)
	}
	if err != nil {
		return errors.Join(err, s.keepFailedUnload(context.WithoutCancel(ctx), j, plan, started, err))
	}
	// The files are there and no rollback takes them away.
	s.irrevocable, j.wrote = true, true
	j.notice(Info, fmt.Sprintf("UNLOAD completed, %d record(s) unloaded successfully.", outcome.Rows))
	j.result.Tag, j.result.Rows = "UNLOAD", outcome.Rows
	j.query.Files, j.query.Bytes = int64(len(outcome.Files)), outcome.Size
	if err := s.recordUnload(ctx, s.conn, j, plan, started, outcome, nil); err != nil {
		return err
	}
	if err := s.conn.Set(ctx, "unload", strconv.FormatInt(j.id, 10)); err != nil {
		return err
	}
	return s.conn.Set(ctx, "unload_count", strconv.FormatInt(outcome.Rows, 10))
}

func (s *Session) export(ctx context.Context, j *job, u *syntax.Unload, run *unloading) (outcome unload.Outcome, err error) {
	sql, columns, err := s.unloadQuery(ctx, j, u)
	if err != nil {
		return outcome, err
	}
	described := unloadColumns(columns)
	parquet, is, err := run.plan.Parquet(described)
	if err != nil {
		return outcome, err
	}
	if is {
		err := run.exporter.WriteParquet(ctx, sql, columns, parquet, func(files []unload.ParquetFile) (err error) {
			outcome, err = s.storeFiles(ctx, run, described, files)
			return err
		})
		return outcome, err
	}
	return s.writeRows(ctx, run, sql, described)
}

// unloadQuery takes the locks of the query in the quotes and returns it in the backend's dialect, with its columns.
func (s *Session) unloadQuery(ctx context.Context, j *job, u *syntax.Unload) (sql string, columns []Column, err error) {
	var query syntax.Statement
	defer func() {
		if err != nil {
			err = insideQuotes(err, query, u, j.id)
		}
	}()
	script, err := parse(u.Query, Run{})
	if err != nil {
		return "", nil, err
	}
	if len(script) != 1 {
		return "", nil, fault.Invalidf("UNLOAD needs one query").WithCode("42601")
	}
	query = script[0]
	if err := unloadable(query); err != nil {
		return "", nil, err
	}
	j.statement = query
	err = s.lock(ctx, j)
	j.statement = u
	if err != nil {
		return "", nil, err
	}
	if sql, err = s.translated(ctx, query); err != nil {
		return "", nil, err
	}
	columns, err = s.unloadedColumns(ctx, sql)
	return sql, columns, err
}

// unloadedColumns describes the columns of a query: their types are those that it has when it runs, their names those
// that it gives, also if two are the same.
func (s *Session) unloadedColumns(ctx context.Context, sql string) ([]Column, error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM ("+sql+"\n) LIMIT 0")
	if err != nil {
		return nil, err
	}
	columns := slices.Clone(rows.Columns())
	if err := rows.Close(); err != nil {
		return nil, err
	}
	describer, ok := s.conn.(Describer)
	if !ok {
		return columns, nil
	}
	d, err := describer.Describe(ctx, sql)
	for i := range d.Columns {
		columns[i].Name = d.Columns[i].Name
	}
	return columns, err
}

// unloadable refuses what is no query, and LIMIT in the outermost SELECT as Redshift does.
func unloadable(query syntax.Statement) error {
	source := query.Source()
	if _, ok := query.(*syntax.Query); !ok {
		return fault.Invalidf("UNLOAD needs a SELECT").WithCode("42601").At(source.Tokens[0].Position())
	}
	depth := 0
	for _, t := range source.Tokens {
		switch {
		case t.Is("("):
			depth++
		case t.Is(")"):
			depth--
		case depth == 0 && t.Is("LIMIT"):
			return fault.Invalidf("Limit clause is not supported").WithCode("0A000").At(t.Position())
		}
	}
	return nil
}

// insideQuotes gives an error of the query its place in the text of the UNLOAD.
func insideQuotes(err error, query syntax.Statement, u *syntax.Unload, id int64) error {
	if query != nil {
		err = located(err, query.Source(), "", id)
	}
	var f *fault.Fault
	if !errors.As(err, &f) || !f.Position.IsValid() {
		return err
	}
	at := f.Position
	if at.Line == 1 {
		at.Column += u.QueryPosition.Column - 1
	}
	at.Line += u.QueryPosition.Line - 1
	return f.At(at)
}

func unloadColumns(columns []Column) []unload.Column {
	described := make([]unload.Column, len(columns))
	for i, c := range columns {
		described[i] = unload.Column{Name: c.Name, Type: c.Type, Precision: c.Precision, Scale: c.Scale, Length: c.Length,
			Text: func(v any) (string, bool) { return Text(c, v) }}
	}
	return described
}

func (s *Session) writeRows(ctx context.Context, run *unloading, sql string, columns []unload.Column) (outcome unload.Outcome, err error) {
	partitions, err := run.plan.Partitions(columns)
	if err != nil {
		return outcome, err
	}
	rows, err := run.exporter.Spool(ctx, sql, partitions)
	if err != nil {
		return outcome, err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	writer, err := s.writer(ctx, run, columns)
	if err != nil {
		return outcome, err
	}
	for {
		row, err := rows.Next()
		if err == nil && row == nil {
			return writer.Close()
		}
		if err == nil {
			err = writer.Row(row)
		}
		if err != nil {
			return outcome, writer.Abort(err)
		}
	}
}

// writer opens the destination; from then on others see how far the UNLOAD is.
func (s *Session) writer(ctx context.Context, run *unloading, columns []unload.Column) (*unload.Writer, error) {
	writer, err := run.plan.Open(ctx, s.warehouse.options.Buckets, columns)
	if err == nil {
		run.writer.Store(writer)
	}
	return writer, err
}

// storeFiles puts the files that the backend wrote into the bucket.
func (s *Session) storeFiles(ctx context.Context, run *unloading, columns []unload.Column, files []unload.ParquetFile) (unload.Outcome, error) {
	writer, err := s.writer(ctx, run, columns)
	if err != nil {
		return unload.Outcome{}, err
	}
	for _, f := range files {
		if err := writer.Store(f); err != nil {
			return unload.Outcome{}, writer.Abort(err)
		}
	}
	return writer.Close()
}
