package pgwire

import (
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// appendRow appends a DataRow message.
func (a *answer) appendRow(dst []byte, values []any) ([]byte, error) {
	dst = append(dst, 'D', 0, 0, 0, 0)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(values)))
	for i, v := range values {
		if v == nil {
			dst = binary.BigEndian.AppendUint32(dst, math.MaxUint32)
			continue
		}
		start := len(dst)
		dst = append(dst, 0, 0, 0, 0)
		var err error
		if a.fields[i].Format == pgtype.BinaryFormatCode {
			dst, err = a.connection.appendBinary(dst, a.columns[i], a.fields[i].DataTypeOID, v)
		} else {
			dst = appendText(dst, a.columns[i], v)
		}
		if err != nil {
			return nil, err
		}
		binary.BigEndian.PutUint32(dst[start:], uint32(len(dst)-start-4))
	}
	binary.BigEndian.PutUint32(dst[1:], uint32(len(dst)-1))
	return dst, nil
}

func appendText(dst []byte, c warehouse.Column, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(dst, v...)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	}
	text, _ := warehouse.Text(c, v)
	return append(dst, text...)
}

// appendBinary writes a value in the binary form of the type that the client was told, which may be another than the
// answer's.
func (c *connection) appendBinary(dst []byte, column warehouse.Column, oid uint32, v any) ([]byte, error) {
	switch v := v.(type) {
	case bool:
		if oid == pgtype.BoolOID {
			return append(dst, map[bool]byte{true: 1}[v]), nil
		}
	case int64:
		if size := integerSizes[oid]; size > 0 {
			return appendInteger(dst, v, size)
		}
	case float64:
		switch oid {
		case pgtype.Float4OID:
			return binary.BigEndian.AppendUint32(dst, math.Float32bits(float32(v))), nil
		case pgtype.Float8OID:
			return binary.BigEndian.AppendUint64(dst, math.Float64bits(v)), nil
		}
	case []byte:
		if oid == varbyteOID {
			return append(dst, v...), nil
		}
	case time.Time:
		if column.Type != "" && wires[column.Type].oid == oid {
			return appendTime(dst, v, oid), nil
		}
	}
	return c.convert(dst, column, oid, v)
}

var integerSizes = map[uint32]int{pgtype.Int2OID: 2, pgtype.Int4OID: 4, pgtype.Int8OID: 8}

func appendInteger(dst []byte, v int64, size int) ([]byte, error) {
	if v != v<<(64-8*size)>>(64-8*size) {
		return nil, fault.Invalidf("the value %d is out of the range of its described type", v).WithCode("22003")
	}
	whole := binary.BigEndian.AppendUint64(nil, uint64(v))
	return append(dst, whole[8-size:]...), nil
}

// epoch is the zero of PostgreSQL's times.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func appendTime(dst []byte, t time.Time, oid uint32) []byte {
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	switch oid {
	case pgtype.DateOID:
		days := (time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() - epoch.Unix()) / (24 * 60 * 60)
		return binary.BigEndian.AppendUint32(dst, uint32(days))
	case pgtype.TimeOID, pgtype.TimetzOID:
		dst = binary.BigEndian.AppendUint64(dst, uint64(t.Sub(midnight).Microseconds()))
		if oid == pgtype.TimetzOID {
			_, east := t.Zone()
			dst = binary.BigEndian.AppendUint32(dst, uint32(-east))
		}
		return dst
	}
	return binary.BigEndian.AppendUint64(dst, uint64(t.UnixMicro()-epoch.UnixMicro()))
}

// convert goes through the text form: for numeric and interval, and where the answer's type is not the described one.
func (c *connection) convert(dst []byte, column warehouse.Column, oid uint32, v any) ([]byte, error) {
	text := appendText(nil, column, v)
	if oid == pgtype.NumericOID && isDecimal(text) {
		return appendNumeric(dst, text), nil
	}
	t, known := c.types.TypeForOID(oid)
	if !known || isText(oid) {
		return append(dst, text...), nil
	}
	value, err := t.Codec.DecodeValue(c.types, oid, pgtype.TextFormatCode, text)
	if err == nil {
		var out []byte
		if out, err = c.types.Encode(oid, pgtype.BinaryFormatCode, value, dst); err == nil && out != nil {
			return out, nil
		}
	}
	return nil, fault.Invalidf("the value %q has no binary form as %s", text, t.Name).WithCode("22P03").Because(err)
}

func isText(oid uint32) bool {
	switch oid {
	case 0, pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID, pgtype.UnknownOID, superOID:
		return true
	}
	return false
}
