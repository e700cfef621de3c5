package warehouse

import (
	"math"
	"testing"
	"time"

	"github.com/stepwell/stepwell/redshift/plpgsql"
)

func TestText(t *testing.T) {
	at := time.Date(2024, 2, 29, 10, 11, 12, 340000000, time.UTC)
	for _, c := range []struct {
		kind  string
		value any
		want  string
	}{
		{"bool", true, "t"}, {"bool", false, "f"},
		{"int8", int64(-7), "-7"},
		{"numeric", "12.30", "12.30"},
		{"float8", 0.1, "0.1"}, {"float8", 1e15, "1e+15"}, {"float8", 123456789012345.0, "123456789012345"},
		{"float8", 0.0001, "0.0001"}, {"float8", 0.00001, "1e-05"}, {"float8", 0.0, "0"}, {"float8", -2.5, "-2.5"},
		{"float4", float64(float32(0.1)), "0.1"}, {"float4", 1e6, "1e+06"},
		{"float8", math.Inf(1), "Infinity"}, {"float8", math.Inf(-1), "-Infinity"}, {"float8", math.NaN(), "NaN"},
		{"date", at, "2024-02-29"}, {"time", at, "10:11:12.34"}, {"timestamp", at, "2024-02-29 10:11:12.34"},
		{"timestamptz", at, "2024-02-29 10:11:12.34+00"}, {"timestamp", at.Truncate(time.Second), "2024-02-29 10:11:12"},
		{"varbyte", []byte{0xab, 1}, "ab01"},
		{"varchar", "", ""},
	} {
		got, ok := Text(Column{Type: c.kind}, c.value)
		if got != c.want || !ok {
			t.Errorf("Text(%s, %v) = %q, %t; want %q", c.kind, c.value, got, ok, c.want)
		}
	}
	if _, ok := Text(Column{Type: "varchar"}, nil); ok {
		t.Error("null has a text")
	}
}

// TestValueOf reads back what Text wrote.
func TestValueOf(t *testing.T) {
	for kind, v := range map[string]any{"bool": true, "int4": int64(5), "float8": 2.5, "numeric": "1.50", "varchar": "a",
		"date": time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)} {
		c := Column{Type: kind}
		text, _ := Text(c, v)
		if got := valueOf(c, plpgsql.Value{Text: text}); got != v {
			t.Errorf("%s: %v came back as %v", kind, v, got)
		}
	}
	if got := valueOf(Column{Type: "int4"}, plpgsql.Value{Null: true}); got != nil {
		t.Errorf("null came back as %v", got)
	}
}

func TestDeclared(t *testing.T) {
	for _, c := range []struct {
		column Column
		want   string
	}{
		{Column{Type: "int4"}, "integer"}, {Column{Type: "numeric", Precision: 8, Scale: 2}, "numeric(8,2)"},
		{Column{Type: "varchar", Length: 20}, "character varying(20)"}, {Column{Type: "varchar"}, "character varying(65535)"},
		{Column{Type: "bpchar", Length: 3}, "character(3)"}, {Column{Type: "timestamptz"}, "timestamp with time zone"},
		{Column{Type: "super"}, "super"},
	} {
		declared := c.column.declared().String()
		if declared != c.want {
			t.Errorf("%v is declared %s, want %s", c.column, declared, c.want)
		}
		back, err := columnOfType(c.column.Name, declared)
		if err != nil || back.Type != c.column.Type || back.Precision != c.column.Precision {
			t.Errorf("%s reads as %v, %v", declared, back, err)
		}
	}
	if _, err := columnOfType("a", "nonsense"); err == nil {
		t.Error("the type nonsense was accepted")
	}
}
