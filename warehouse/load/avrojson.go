package load

import (
	"encoding/hex"
	"errors"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/hamba/avro/v2"

	"github.com/stepwell/stepwell/value"
)

var errAvroDatum = errors.New("the data is not of the schema")

// appendDatum adds a datum as JSON. A mistake stands in the reader's Error.
func appendDatum(out []byte, s avro.Schema, r *avro.Reader, depth int) []byte {
	if r.Error != nil {
		return out
	}
	if depth > maxDepth {
		r.ReportError("avro", "the values are nested too deep")
		return out
	}
	switch s := s.(type) {
	case *avro.RefSchema:
		return appendDatum(out, s.Schema(), r, depth+1)
	case *avro.RecordSchema:
		return appendRecord(out, s, r, depth)
	case *avro.UnionSchema:
		n := r.ReadLong()
		if n < 0 || n >= int64(len(s.Types())) {
			r.ReportError("avro", errAvroDatum.Error())
			return out
		}
		return appendDatum(out, s.Types()[n], r, depth+1)
	case *avro.ArraySchema:
		return appendBlocks(append(out, '['), r, ']', func(out []byte) []byte { return appendDatum(out, s.Items(), r, depth+1) })
	case *avro.MapSchema:
		return appendBlocks(append(out, '{'), r, '}', func(out []byte) []byte {
			out = append(value.AppendQuoted(out, r.ReadString()), ':')
			return appendDatum(out, s.Values(), r, depth+1)
		})
	case *avro.EnumSchema:
		n := r.ReadInt()
		if n < 0 || int(n) >= len(s.Symbols()) {
			r.ReportError("avro", errAvroDatum.Error())
			return out
		}
		return value.AppendQuoted(out, s.Symbols()[n])
	case *avro.FixedSchema:
		if s.Size() > maxAvroBlock {
			r.ReportError("avro", "a fixed value is too long")
			return out
		}
		data := make([]byte, s.Size())
		r.Read(data)
		return appendBytes(out, data, s.Logical())
	case *avro.PrimitiveSchema:
		return appendPrimitive(out, s, r)
	case *avro.NullSchema:
		return append(out, "null"...)
	}
	r.ReportError("avro", errAvroDatum.Error())
	return out
}

func appendRecord(out []byte, s *avro.RecordSchema, r *avro.Reader, depth int) []byte {
	out = append(out, '{')
	for i, f := range s.Fields() {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(value.AppendQuoted(out, f.Name()), ':')
		out = appendDatum(out, f.Type(), r, depth+1)
	}
	return append(out, '}')
}

// appendBlocks adds the items of an array or a map, which stand in counted blocks up to an empty one.
func appendBlocks(out []byte, r *avro.Reader, closing byte, item func(out []byte) []byte) []byte {
	first := true
	for r.Error == nil {
		n, _ := r.ReadBlockHeader()
		if n == 0 {
			break
		}
		for i := int64(0); i < n && r.Error == nil; i++ {
			if len(out) > maxJSONRecord {
				r.ReportError("avro", "the record is longer than 16 MB")
				break
			}
			if !first {
				out = append(out, ',')
			}
			first = false
			out = item(out)
		}
	}
	return append(out, closing)
}

func appendPrimitive(out []byte, s *avro.PrimitiveSchema, r *avro.Reader) []byte {
	switch s.Type() {
	case avro.Boolean:
		return strconv.AppendBool(out, r.ReadBool())
	case avro.Int:
		return appendMoment(out, int64(r.ReadInt()), s.Logical())
	case avro.Long:
		return appendMoment(out, r.ReadLong(), s.Logical())
	case avro.Float:
		return appendFloat(out, float64(r.ReadFloat()), 32)
	case avro.Double:
		return appendFloat(out, r.ReadDouble(), 64)
	case avro.String:
		return value.AppendQuoted(out, r.ReadString())
	case avro.Bytes:
		return appendBytes(out, r.ReadBytes(), s.Logical())
	}
	r.ReportError("avro", errAvroDatum.Error())
	return out
}

// appendMoment adds a number, or the date or time that its logical type makes of it.
func appendMoment(out []byte, n int64, logical avro.LogicalSchema) []byte {
	const stamp = "2006-01-02 15:04:05.999999"
	kind := avro.LogicalType("")
	if logical != nil {
		kind = logical.Type()
	}
	switch kind {
	case avro.Date:
		return value.AppendQuoted(out, time.Unix(n*86400, 0).UTC().Format(time.DateOnly))
	case avro.TimeMillis:
		return value.AppendQuoted(out, time.UnixMilli(n).UTC().Format("15:04:05.999999"))
	case avro.TimeMicros:
		return value.AppendQuoted(out, time.UnixMicro(n).UTC().Format("15:04:05.999999"))
	case avro.TimestampMillis, avro.LocalTimestampMillis:
		return value.AppendQuoted(out, time.UnixMilli(n).UTC().Format(stamp))
	case avro.TimestampMicros, avro.LocalTimestampMicros:
		return value.AppendQuoted(out, time.UnixMicro(n).UTC().Format(stamp))
	}
	return strconv.AppendInt(out, n, 10)
}

// appendFloat adds a number. What JSON has no number for is a string.
func appendFloat(out []byte, f float64, bits int) []byte {
	text := strconv.FormatFloat(f, 'g', -1, bits)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return value.AppendQuoted(out, text)
	}
	return append(out, text...)
}

// appendBytes adds a decimal number, or the bytes: as text where they are, else as hexadecimal digits.
func appendBytes(out, data []byte, logical avro.LogicalSchema) []byte {
	if d, ok := logical.(*avro.DecimalLogicalSchema); ok {
		n := new(big.Int).SetBytes(data)
		if len(data) > 0 && data[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(data))))
		}
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.Scale())), nil)
		return append(out, new(big.Rat).SetFrac(n, scale).FloatString(d.Scale())...)
	}
	for _, c := range data {
		if c >= 0x80 {
			return value.AppendQuoted(out, hex.EncodeToString(data))
		}
	}
	return value.AppendQuoted(out, string(data))
}
