package pgwire

import (
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/stepwell/stepwell/warehouse"
)

// The numbers of types that PostgreSQL does not have.
const (
	superOID   = 4000
	varbyteOID = 6551
)

// wire is how a type is numbered and how long its binary form is; -1 is a varying length.
type wire struct {
	oid  uint32
	size int16
}

// wires are the types of answers by Redshift's internal names.
var wires = map[string]wire{
	"bool":        {pgtype.BoolOID, 1},
	"int2":        {pgtype.Int2OID, 2},
	"int4":        {pgtype.Int4OID, 4},
	"int8":        {pgtype.Int8OID, 8},
	"float4":      {pgtype.Float4OID, 4},
	"float8":      {pgtype.Float8OID, 8},
	"numeric":     {pgtype.NumericOID, -1},
	"varchar":     {pgtype.VarcharOID, -1},
	"bpchar":      {pgtype.BPCharOID, -1},
	"date":        {pgtype.DateOID, 4},
	"time":        {pgtype.TimeOID, 8},
	"timetz":      {pgtype.TimetzOID, 12},
	"timestamp":   {pgtype.TimestampOID, 8},
	"timestamptz": {pgtype.TimestamptzOID, 8},
	"interval":    {pgtype.IntervalOID, 16},
	"super":       {superOID, -1},
	"varbyte":     {varbyteOID, -1},
}

func wireOf(c warehouse.Column) wire {
	if w, ok := wires[c.Type]; ok {
		return w
	}
	return wires["varchar"]
}

// modifier is the length of a text, or precision and scale of a number, as PostgreSQL packs them.
func modifier(c warehouse.Column) int32 {
	const header = 4
	switch {
	case c.Type == "numeric" && c.Precision > 0:
		return int32(c.Precision<<16|c.Scale) + header
	case (c.Type == "varchar" || c.Type == "bpchar") && c.Length > 0:
		return int32(c.Length) + header
	}
	return -1
}

// describeFields describes columns with the formats that Bind asked for: none means text, one stands for all columns.
func describeFields(columns []warehouse.Column, formats []int16) ([]pgproto3.FieldDescription, error) {
	if n := len(formats); n > 1 && n != len(columns) {
		return nil, protocolError("bind message has %d result formats but query has %d columns", n, len(columns))
	}
	fields := make([]pgproto3.FieldDescription, len(columns))
	for i, c := range columns {
		w := wireOf(c)
		fields[i] = pgproto3.FieldDescription{Name: []byte(c.Name), DataTypeOID: w.oid, DataTypeSize: w.size, TypeModifier: modifier(c),
			Format: formatOf(formats, i)}
	}
	return fields, nil
}

// formatOf is the format of value i in a list of Bind.
func formatOf(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return pgtype.TextFormatCode
	case 1:
		return formats[0]
	}
	return formats[i]
}
