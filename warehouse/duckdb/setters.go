package duckdb

import (
	"math"
	"math/big"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/warehouse/load"
)

// setBatch writes a batch through the driver's setters, several times slower than memory does.
func setBatch(chunk duckdb.DataChunk, target load.Target, batch *load.Batch) error {
	for i, c := range target.Columns {
		for row := range batch.Rows {
			if err := chunk.SetValue(i, row, driverValue(c, &batch.Columns[i], row)); err != nil {
				return err
			}
		}
	}
	return chunk.SetSize(batch.Rows)
}

// driverValue is a row's value as the driver takes it, nil for a null.
func driverValue(c load.TargetColumn, v *load.Vector, row int) any {
	switch {
	case v.Null[row]:
		return nil
	case v.Ends != nil:
		return string(v.Text(row))
	}
	n := v.Integers[row]
	switch c.Encoding {
	case load.Boolean:
		return n != 0
	case load.Days:
		return time.Unix(n*86400, 0).UTC()
	case load.Micros:
		return time.UnixMicro(n).UTC()
	case load.Float:
		return math.Float64frombits(uint64(n))
	case load.Decimal:
		return duckdb.Decimal{Width: uint8(c.Type.Args[0]), Scale: uint8(c.Type.Args[1]), Value: big.NewInt(n)}
	}
	return n
}
