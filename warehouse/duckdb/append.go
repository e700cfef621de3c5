package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/translate"
	"github.com/stepwell/stepwell/warehouse/load"
)

// batchFunction is the table function that hands batches to an INSERT; its argument is a number of sources.
const batchFunction = "stepwell_batches"

// sources are the loads that run now, by the number that their INSERT names.
type sources struct {
	last atomic.Int64
	open sync.Map
}

func (s *sources) add(b *batches) int64 {
	n := s.last.Add(1)
	s.open.Store(n, b)
	return n
}

func (s *sources) install(c *sql.Conn) error {
	number, err := duckdb.NewTypeInfo(duckdb.TYPE_BIGINT)
	if err != nil {
		return err
	}
	return duckdb.RegisterTableUDF(c, batchFunction, duckdb.ParallelChunkTableFunction{
		Config: duckdb.TableFunctionConfig{Arguments: []duckdb.TypeInfo{number}},
		BindArguments: func(_ map[string]any, args ...any) (duckdb.ParallelChunkTableSource, error) {
			b, ok := s.open.Load(args[0])
			if !ok {
				return nil, fault.New(fault.Internal, "there is no load with the number %v", args[0])
			}
			return b.(*batches), nil
		},
	})
}

// Append inserts batches of rows: it implements load.Sink.
func (c *conn) Append(ctx context.Context, target load.Target, next func() (*load.Batch, error)) (int64, error) {
	b, err := newBatches(target, next)
	if err != nil {
		return 0, err
	}
	number := c.sources.add(b)
	defer c.sources.open.Delete(number)
	n, err := c.Exec(ctx, b.insert(number))
	if failed := b.failed.Load(); failed != nil {
		return 0, *failed
	}
	return n, err
}

// batches is the source of one load: DuckDB's threads ask it for rows until next has no more.
type batches struct {
	target load.Target
	infos  []duckdb.ColumnInfo
	next   func() (*load.Batch, error)
	failed atomic.Pointer[error]
}

// encodings are the type in which a value travels and the expression that makes the column's value of it.
var encodings = map[load.Encoding]struct {
	carrier    duckdb.Type
	expression string
}{
	load.Text:    {duckdb.TYPE_VARCHAR, "%s"},
	load.Integer: {duckdb.TYPE_BIGINT, "%s"},
	load.Days:    {duckdb.TYPE_BIGINT, "DATE '1970-01-01' + %s::INTEGER"},
	load.Micros:  {duckdb.TYPE_BIGINT, "make_timestamp(%s)"},
	load.Hex:     {duckdb.TYPE_VARCHAR, "unhex(%s)"},
}

func newBatches(target load.Target, next func() (*load.Batch, error)) (*batches, error) {
	b := &batches{target: target, next: next}
	for i, c := range target.Columns {
		info, err := duckdb.NewTypeInfo(encodings[c.Encoding].carrier)
		if err != nil {
			return nil, err
		}
		b.infos = append(b.infos, duckdb.ColumnInfo{Name: fmt.Sprintf("c%d", i), T: info})
	}
	return b, nil
}

func (b *batches) insert(number int64) string {
	names := make([]string, len(b.infos))
	values := make([]string, len(b.infos))
	for i, c := range b.target.Columns {
		names[i] = translate.Identifier(c.Name)
		values[i] = fmt.Sprintf(encodings[c.Encoding].expression, b.infos[i].Name)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s(%d)", translate.Name(b.target.Table),
		strings.Join(names, ", "), strings.Join(values, ", "), batchFunction, number)
}

// The methods of duckdb.ParallelChunkTableSource.

func (b *batches) ColumnInfos() []duckdb.ColumnInfo { return b.infos }

func (b *batches) Cardinality() *duckdb.CardinalityInfo { return nil }

func (b *batches) Init() duckdb.ParallelTableSourceInfo { return duckdb.ParallelTableSourceInfo{} }

func (b *batches) NewLocalState() any { return new(struct{}) }

func (b *batches) FillChunk(_ any, chunk duckdb.DataChunk) error {
	err := b.fill(chunk)
	if err != nil {
		b.failed.CompareAndSwap(nil, &err)
	}
	return err
}

func (b *batches) fill(chunk duckdb.DataChunk) error {
	batch, err := b.next()
	if err != nil {
		return err
	}
	if batch == nil {
		return chunk.SetSize(0)
	}
	for i, v := range batch.Columns {
		if err := fillColumn(chunk, i, batch.Rows, v); err != nil {
			return err
		}
	}
	return chunk.SetSize(batch.Rows)
}

func fillColumn(chunk duckdb.DataChunk, column, rows int, v load.Vector) error {
	for row := range rows {
		var err error
		switch {
		case v.Null != nil && v.Null[row]:
			err = chunk.SetValue(column, row, nil)
		case v.Texts != nil:
			err = duckdb.SetChunkValue(chunk, column, row, v.Texts[row])
		default:
			err = duckdb.SetChunkValue(chunk, column, row, v.Integers[row])
		}
		if err != nil {
			return err
		}
	}
	return nil
}
