package duckdb

import (
	"context"
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/warehouse"
)

// spoolTable keeps the answer of a query for UNLOAD: DuckDB can move it to disk, and an answer that is read directly stands in memory.
const spoolTable = "temp.main.stepwell_spool"

// window is how many rows of a spool are read at once.
const window = 1 << 16

// spool reads the kept answer from front to end.
type spool struct {
	ctx     context.Context
	conn    *conn
	columns []warehouse.Column
	current *rows
	trimmed func()
	// next is the first row that is not read yet, end the one behind the last.
	next, end int64
}

// Spool runs a query and keeps its answer in a temporary table: it implements warehouse.Exporter.
func (c *conn) Spool(ctx context.Context, sql string, sortBy []int) (warehouse.Rows, error) {
	described, err := c.query(ctx, "SELECT * FROM ("+sql+"\n) LIMIT 0", nil)
	if err != nil {
		return nil, failure(ctx, err)
	}
	c.describeSums(ctx, sql, described)
	spooled := keep(sql, texts(described), sortBy)
	columns := described.columns
	if err := described.Close(); err != nil {
		return nil, failure(ctx, err)
	}
	s := &spool{ctx: ctx, conn: c, columns: columns, trimmed: c.trimmer.begin()}
	if _, err = c.Exec(ctx, "CREATE OR REPLACE TEMP TABLE "+spoolTable+" AS "+spooled); err == nil {
		err = failure(ctx, s.measure())
	}
	if err != nil {
		s.trimmed()
		return nil, err
	}
	return s, nil
}

// measure finds the numbers of the rows, which begin anywhere and have no gaps.
func (s *spool) measure() error {
	answer, err := s.conn.query(s.ctx, "SELECT coalesce(min(rowid), 0)::BIGINT, count(*) FROM "+spoolTable, nil)
	if err != nil {
		return err
	}
	defer answer.Close()
	row, err := answer.Next()
	if err != nil {
		return err
	}
	s.next = row[0].(int64)
	s.end = s.next + row[1].(int64)
	return nil
}

// keep is the query with columns named c1, c2 …, in its own order or sorted stably.
func keep(sql string, expressions []string, sortBy []int) string {
	named, names := make([]string, len(expressions)), make([]string, len(expressions))
	for i, e := range expressions {
		names[i] = fmt.Sprintf("c%d", i+1)
		named[i] = e + " AS " + names[i]
	}
	query := "SELECT " + strings.Join(named, ", ") + " FROM (" + sql + "\n)"
	if len(sortBy) == 0 {
		return query
	}
	var order strings.Builder
	for _, place := range sortBy {
		order.WriteString(names[place] + ", ")
	}
	return "SELECT " + strings.Join(names, ", ") + " FROM (SELECT *, row_number() OVER () AS place FROM (" + query + ")) ORDER BY " + order.String() + "place"
}

func (s *spool) Columns() []warehouse.Column { return s.columns }

func (s *spool) Next() ([]any, error) {
	for {
		if s.current == nil {
			if s.next >= s.end {
				return nil, nil
			}
			if err := s.read(); err != nil {
				return nil, failure(s.ctx, err)
			}
		}
		row, err := s.current.Next()
		if err != nil || row != nil {
			return row, failure(s.ctx, err)
		}
		err = s.current.Close()
		s.current = nil
		if err != nil {
			return nil, failure(s.ctx, err)
		}
	}
}

// read opens the next window.
func (s *spool) read() (err error) {
	sql := fmt.Sprintf("SELECT * FROM %s WHERE rowid >= %d AND rowid < %d", spoolTable, s.next, s.next+window)
	if s.current, err = s.conn.query(s.ctx, sql, nil); err != nil {
		return err
	}
	s.current.columns = s.columns
	s.next += window
	return nil
}

// Close drops the kept answer.
func (s *spool) Close() error {
	s.trimmed()
	if s.current != nil {
		if err := s.current.Close(); err != nil {
			return failure(s.ctx, err)
		}
	}
	_, err := s.conn.Exec(context.WithoutCancel(s.ctx), "DROP TABLE IF EXISTS "+spoolTable)
	return err
}
