package duckdb

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/warehouse"
)

type rows struct {
	stmt    *duckdb.Stmt
	answer  driver.Rows
	columns []warehouse.Column
	raw     []driver.Value
	values  []any
}

func newRows(stmt *duckdb.Stmt, answer driver.Rows) *rows {
	n := len(answer.Columns())
	return &rows{stmt: stmt, answer: answer, raw: make([]driver.Value, n), values: make([]any, n)}
}

// isJSON tells a JSON column, which the statement describes as text only.
func (r *rows) isJSON(i int) bool {
	return r.answer.(driver.RowsColumnTypeDatabaseTypeName).ColumnTypeDatabaseTypeName(i) == "JSON"
}

func (r *rows) Columns() []warehouse.Column { return r.columns }

func (r *rows) Next() ([]any, error) {
	switch err := r.answer.Next(r.raw); {
	case err == io.EOF:
		return nil, nil
	case err != nil:
		return nil, err
	}
	for i, v := range r.raw {
		r.values[i] = convert(v)
		if n, ok := r.values[i].(int64); ok && r.columns[i].Type == "numeric" {
			r.values[i] = strconv.FormatInt(n, 10)
		}
	}
	return r.values, nil
}

func (r *rows) Close() error { return errors.Join(r.answer.Close(), r.stmt.Close()) }

// convert brings a value of the driver into the closed set of warehouse.Rows.
func convert(v any) any {
	switch v := v.(type) {
	case nil, bool, int64, float64, string, []byte, time.Time:
		return v
	case int8:
		return int64(v)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case uint8:
		return int64(v)
	case uint16:
		return int64(v)
	case uint32:
		return int64(v)
	case uint64:
		return new(big.Int).SetUint64(v).String()
	case float32:
		return float64(v)
	case *big.Int:
		if v.IsInt64() {
			return v.Int64()
		}
		return v.String()
	case duckdb.Decimal:
		return decimalText(v)
	case duckdb.Interval:
		return intervalText(v)
	case duckdb.UUID:
		return v.String()
	}
	return fmt.Sprint(v)
}

// decimalText writes a decimal with its whole scale, as Redshift does.
func decimalText(d duckdb.Decimal) string {
	if d.Scale == 0 {
		return d.Value.String()
	}
	digits := new(big.Int).Abs(d.Value).String()
	if missing := int(d.Scale) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	sign := ""
	if d.Value.Sign() < 0 {
		sign = "-"
	}
	point := len(digits) - int(d.Scale)
	return sign + digits[:point] + "." + digits[point:]
}

// intervalText writes an interval in PostgreSQL's style: 1 year 2 mons 3 days 04:05:06.5.
func intervalText(i duckdb.Interval) string {
	var parts []string
	for _, p := range []struct {
		n    int32
		unit string
	}{{i.Months / 12, "year"}, {i.Months % 12, "mon"}, {i.Days, "day"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.unit)
		case p.n != 0:
			parts = append(parts, fmt.Sprintf("%d %ss", p.n, p.unit))
		}
	}
	if i.Micros != 0 || len(parts) == 0 {
		parts = append(parts, clockText(i.Micros))
	}
	return strings.Join(parts, " ")
}

func clockText(micros int64) string {
	sign := ""
	if micros < 0 {
		sign, micros = "-", -micros
	}
	seconds := micros / 1e6
	text := fmt.Sprintf("%s%02d:%02d:%02d", sign, seconds/3600, seconds/60%60, seconds%60)
	if rest := micros % 1e6; rest != 0 {
		text += "." + strings.TrimRight(fmt.Sprintf("%06d", rest), "0")
	}
	return text
}
