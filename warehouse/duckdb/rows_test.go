package duckdb

import (
	"math/big"
	"testing"

	"github.com/duckdb/duckdb-go/v2"
)

func TestDecimalText(t *testing.T) {
	for _, c := range []struct {
		value int64
		scale uint8
		want  string
	}{{0, 0, "0"}, {0, 2, "0.00"}, {5, 2, "0.05"}, {-5, 2, "-0.05"}, {123456, 3, "123.456"}, {-120, 1, "-12.0"}, {42, 0, "42"}} {
		if got := convert(duckdb.Decimal{Width: 18, Scale: c.scale, Value: big.NewInt(c.value)}); got != c.want {
			t.Errorf("%d with scale %d is %v, want %s", c.value, c.scale, got, c.want)
		}
	}
}

func TestIntervalText(t *testing.T) {
	for want, i := range map[string]duckdb.Interval{
		"00:00:00":                  {},
		"1 year 2 mons":             {Months: 14},
		"3 days 04:05:06.5":         {Days: 3, Micros: (4*3600+5*60+6)*1e6 + 500000},
		"-1 mons -2 days -00:00:01": {Months: -1, Days: -2, Micros: -1e6},
	} {
		if got := convert(i); got != want {
			t.Errorf("%v is %v, want %s", i, got, want)
		}
	}
}

func TestConvertKeepsTheClosedSet(t *testing.T) {
	for _, c := range []struct{ in, want any }{
		{int8(1), int64(1)}, {int16(1), int64(1)}, {int32(-1), int64(-1)}, {uint8(1), int64(1)}, {uint16(1), int64(1)},
		{uint32(1), int64(1)}, {uint64(1 << 63), "9223372036854775808"}, {float32(0.5), 0.5}, {big.NewInt(7), int64(7)}, {new(big.Int).Lsh(big.NewInt(1), 64), "18446744073709551616"}, {nil, nil}, {"a", "a"},
	} {
		if got := convert(c.in); got != c.want {
			t.Errorf("%T %v became %T %v", c.in, c.in, got, got)
		}
	}
}
