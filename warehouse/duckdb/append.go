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
	defer c.trimmer.begin()()
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

func newBatches(target load.Target, next func() (*load.Batch, error)) (*batches, error) {
	b := &batches{target: target, next: next}
	for i, c := range target.Columns {
		info, err := carrier(c)
		if err != nil {
			return nil, err
		}
		b.infos = append(b.infos, duckdb.ColumnInfo{Name: fmt.Sprintf("c%d", i), T: info})
	}
	return b, nil
}

// carrier is the type in which the values of a column travel: the column's own, or text that is cast to it.
func carrier(c load.TargetColumn) (duckdb.TypeInfo, error) {
	if c.Encoding == load.Decimal {
		return duckdb.NewDecimalInfo(uint8(c.Type.Args[0]), uint8(c.Type.Args[1]))
	}
	t := duckdb.TYPE_VARCHAR
	switch {
	case c.Encoding == load.Boolean:
		t = duckdb.TYPE_BOOLEAN
	case c.Encoding == load.Days:
		t = duckdb.TYPE_DATE
	case c.Type.Name == "smallint":
		t = duckdb.TYPE_SMALLINT
	case c.Type.Name == "integer":
		t = duckdb.TYPE_INTEGER
	case c.Encoding == load.Integer:
		t = duckdb.TYPE_BIGINT
	case c.Type.Name == "real":
		t = duckdb.TYPE_FLOAT
	case c.Encoding == load.Float:
		t = duckdb.TYPE_DOUBLE
	case c.Type.Name == "timestamp with time zone":
		t = duckdb.TYPE_TIMESTAMP_TZ
	case c.Encoding == load.Micros:
		t = duckdb.TYPE_TIMESTAMP
	}
	return duckdb.NewTypeInfo(t)
}

func (b *batches) insert(number int64) string {
	names := make([]string, len(b.infos))
	values := make([]string, len(b.infos))
	for i, c := range b.target.Columns {
		names[i] = translate.Identifier(c.Name)
		values[i] = b.infos[i].Name
		if c.Encoding == load.Hex {
			values[i] = "unhex(" + values[i] + ")"
		}
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
	defer batch.Release()
	if !direct {
		return setBatch(chunk, b.target, batch)
	}
	memory, err := memoryOf(&chunk, len(b.infos))
	if err != nil {
		return err
	}
	for i, c := range b.target.Columns {
		memory.fill(i, c, &batch.Columns[i])
	}
	return chunk.SetSize(batch.Rows)
}
