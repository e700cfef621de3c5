package pgwire

import (
	"encoding/hex"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// maxParameters is how many parameters a statement can have in Redshift.
const maxParameters = 32767

// casts are the types of parameters that are written as CAST('…' AS type).
var casts = map[uint32]string{
	pgtype.BoolOID: "boolean", pgtype.Int2OID: "smallint", pgtype.Int4OID: "integer", pgtype.Int8OID: "bigint", pgtype.OIDOID: "bigint",
	pgtype.Float4OID: "real", pgtype.Float8OID: "double precision", pgtype.DateOID: "date", pgtype.TimeOID: "time",
	pgtype.TimetzOID: "timetz", pgtype.TimestampOID: "timestamp", pgtype.TimestamptzOID: "timestamptz",
}

// placeholder is one $n in a statement; offsets count from the statement's start.
type placeholder struct{ number, start, end int }

// placeholders finds the parameters of a statement and returns the highest number. Those of PREPARE are its own.
func placeholders(statement syntax.Statement) (list []placeholder, count int, err error) {
	if _, own := statement.(*syntax.Prepare); own {
		return nil, 0, nil
	}
	source := statement.Source()
	for _, t := range source.Tokens {
		if t.Kind != syntax.Parameter || !strings.HasPrefix(t.Text, "$") {
			continue
		}
		n, err := strconv.Atoi(t.Value())
		if err != nil || n < 1 || n > maxParameters {
			return nil, 0, fault.Invalidf("there is no parameter %s", t.Text).WithCode("42P02").At(t.Position())
		}
		list = append(list, placeholder{n, t.Offset - source.Offset, t.End() - source.Offset})
		count = max(count, n)
	}
	return list, count, nil
}

// replace writes something in place of each parameter.
func replace(text string, list []placeholder, with func(number int) string) string {
	var b strings.Builder
	end := 0
	for _, p := range list {
		b.WriteString(text[end:p.start])
		b.WriteString(with(p.number))
		end = p.end
	}
	return b.String() + text[end:]
}

// typed writes a parameter whose type is known as an expression of that type.
func typed(oid uint32, number int) string {
	name := "$" + strconv.Itoa(number)
	cast := casts[oid]
	switch oid {
	case 0, pgtype.UnknownOID:
		return name
	case pgtype.NumericOID:
		cast = "numeric(38,10)"
	case pgtype.ByteaOID, varbyteOID:
		cast = "varbyte"
	case pgtype.IntervalOID:
		cast = "interval"
	}
	if cast == "" {
		cast = "varchar"
	}
	return "CAST(" + name + " AS " + cast + ")"
}

// literal writes the value of a parameter as a literal of its type. A text, or a value without a type, is a plain string
// literal, whose type the statement around decides.
func (c *connection) literal(oid uint32, format int16, data []byte) (string, error) {
	if data == nil {
		if cast := casts[oid]; cast != "" {
			return "CAST(NULL AS " + cast + ")", nil
		}
		return "NULL", nil
	}
	text := string(data)
	if format == pgtype.BinaryFormatCode {
		var err error
		if text, err = c.textOf(oid, data); err != nil {
			return "", err
		}
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", fault.Invalidf(`invalid byte sequence for encoding "UNICODE"`).WithCode("22021")
	}
	return spell(oid, text)
}

func spell(oid uint32, text string) (string, error) {
	trimmed := strings.TrimSpace(text)
	var err error
	switch oid {
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID:
		_, err = strconv.ParseInt(trimmed, 10, 8*integerSizes[oid])
	case pgtype.Float4OID, pgtype.Float8OID:
		_, err = strconv.ParseFloat(trimmed, 64)
	case pgtype.NumericOID:
		return spellNumeric(trimmed)
	case pgtype.ByteaOID, varbyteOID:
		return spellBytes(text)
	case pgtype.IntervalOID:
		return "interval " + quote(text), nil
	}
	if err != nil {
		return "", invalidInput(casts[oid], text)
	}
	if cast := casts[oid]; cast != "" {
		return "CAST(" + quote(trimmed) + " AS " + cast + ")", nil
	}
	return quote(text), nil
}

func invalidInput(kind, text string) error {
	return fault.Invalidf("invalid input syntax for type %s: %q", kind, text).WithCode("22P02")
}

var decimal = regexp.MustCompile(`^[+-]?([0-9]+)?(?:\.([0-9]*))?$`)

// spellNumeric keeps every digit: a cast to plain numeric would round to whole numbers.
func spellNumeric(text string) (string, error) {
	if parts := decimal.FindStringSubmatch(text); parts != nil && len(parts[1])+len(parts[2]) > 0 {
		if len(parts[1])+len(parts[2]) > 38 {
			return "", fault.Invalidf("numeric value %q has more than 38 digits", text).WithCode("22003")
		}
		return "CAST(" + quote(text) + " AS numeric(38," + strconv.Itoa(len(parts[2])) + "))", nil
	}
	if f, err := strconv.ParseFloat(text, 64); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return "", invalidInput("numeric", text)
	}
	return "CAST(" + quote(text) + " AS double precision)", nil
}

// spellBytes reads PostgreSQL's hex form, Redshift's without the prefix, and takes everything else as the bytes themselves.
func spellBytes(text string) (string, error) {
	digits := strings.TrimPrefix(text, `\x`)
	if _, err := hex.DecodeString(digits); err != nil {
		if digits != text {
			return "", invalidInput("varbyte", text)
		}
		digits = hex.EncodeToString([]byte(text))
	}
	return "to_varbyte(" + quote(digits) + ", 'hex')", nil
}

// textOf reads the binary form of a value.
func (c *connection) textOf(oid uint32, data []byte) (string, error) {
	if isText(oid) {
		return string(data), nil
	}
	if oid == pgtype.ByteaOID || oid == varbyteOID {
		return `\x` + hex.EncodeToString(data), nil
	}
	t, known := c.types.TypeForOID(oid)
	if !known {
		return "", fault.New(fault.Unsupported, "binary parameters of the type with OID %d are not supported", oid).WithCode("0A000")
	}
	v, err := t.Codec.DecodeDatabaseSQLValue(c.types, oid, pgtype.BinaryFormatCode, data)
	if err != nil {
		return "", fault.Invalidf("incorrect binary data format for type %s", t.Name).WithCode("22P03").Because(err)
	}
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	case time.Time:
		return v.UTC().Format(moments[oid]), nil
	}
	return "", fault.New(fault.Unsupported, "binary parameters of type %s are not supported", t.Name).WithCode("0A000")
}

var moments = map[uint32]string{pgtype.DateOID: "2006-01-02", pgtype.TimestampOID: "2006-01-02 15:04:05.999999",
	pgtype.TimestamptzOID: "2006-01-02 15:04:05.999999-07"}

// quote writes a string literal of Redshift, in which a backslash escapes.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
}

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
