package pgwire

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// TestBinaryNumeric lets pgx read what we write.
func TestBinaryNumeric(t *testing.T) {
	m := pgtype.NewMap()
	for _, text := range []string{"0", "0.00", "1", "-1", "9999", "10000", "12345678", "0.0001", "0.00012", "-12.30", "100000000.5",
		"99999999999999999999999999999999999999", "-0.00000000000000000000000000000000000001", "1200000000", ".5"} {
		var n pgtype.Numeric
		if err := m.Scan(pgtype.NumericOID, pgtype.BinaryFormatCode, appendNumeric(nil, []byte(text)), &n); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var want pgtype.Numeric
		if err := want.Scan(text); err != nil {
			t.Fatal(err)
		}
		got, _ := n.Float64Value()
		expected, _ := want.Float64Value()
		if got != expected {
			t.Errorf("%s became %v", text, got)
		}
	}
	for _, text := range []string{"", "-", ".", "1e5", "NaN", "1.2.3", "+1", "--1"} {
		if isDecimal([]byte(text)) {
			t.Errorf("%q is a decimal", text)
		}
	}
}

// A value keeps the type that the client was told, also when the answer came out with another one.
func TestBinaryOfTheDescribedType(t *testing.T) {
	c := newConnection(&server{}, nil)
	noon := time.Date(1999, 12, 31, 12, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		from string
		oid  uint32
		v    any
		want string
		code string
	}{
		{"int8", pgtype.Int4OID, int64(7), "\x00\x00\x00\x07", ""},
		{"int8", pgtype.Int4OID, int64(-1), "\xff\xff\xff\xff", ""},
		{"int8", pgtype.Int2OID, int64(40000), "", "22003"},
		{"int4", pgtype.NumericOID, int64(7), "\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07", ""},
		{"int4", pgtype.Float8OID, int64(1), "\x3f\xf0\x00\x00\x00\x00\x00\x00", ""},
		{"int4", pgtype.VarcharOID, int64(12), "12", ""},
		{"varchar", pgtype.Int4OID, "12", "\x00\x00\x00\x0c", ""},
		{"varchar", pgtype.Int4OID, "x", "", "22P03"},
		{"timestamp", pgtype.DateOID, noon, "", "22P03"},
		{"date", pgtype.DateOID, noon, "\xff\xff\xff\xff", ""},
		{"timetz", pgtype.TimetzOID, time.Date(1, 1, 1, 0, 0, 1, 0, time.FixedZone("", 3600)), "\x00\x00\x00\x00\x00\x0f\x42\x40\xff\xff\xf1\xf0", ""},
		{"bool", pgtype.BoolOID, true, "\x01", ""},
		{"varbyte", varbyteOID, []byte{0, 255}, "\x00\xff", ""},
	} {
		got, err := c.appendBinary(nil, warehouse.Column{Type: x.from}, x.oid, x.v)
		if string(got) != x.want || fault.CodeOf(err) != x.code {
			t.Errorf("%s as %d: %q, %v", x.from, x.oid, got, err)
		}
	}
}
