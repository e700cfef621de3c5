package load

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/value"
)

// converter adds the value of a field to a vector. It sees no nulls. The problem errReplaced says that the value is added and
// has replaced characters.
type converter func(v *Vector, text []byte) *problem

var errReplaced = &problem{}

// converterOf returns how fields become values of a type; nil for a type that COPY does not load.
func converterOf(o *options, t syntax.Type) (converter, Encoding) {
	switch t.Name {
	case "smallint":
		return integerConverter(o, 16, "Short", "SMALLINT"), Integer
	case "integer":
		return integerConverter(o, 32, "Integer", "INTEGER"), Integer
	case "bigint":
		return integerConverter(o, 64, "Long", "BIGINT"), Integer
	case "numeric":
		return decimalConverterOf(o, t.Args[0], t.Args[1])
	case "real":
		return floatConverter(o, 32), Float
	case "double precision":
		return floatConverter(o, 64), Float
	case "boolean":
		return convertBoolean, Boolean
	case "character":
		return charConverter(o, t.Args[0]), Text
	case "character varying":
		return varcharConverter(o, t.Args[0]), Text
	case "date":
		return dateConverter(o), Days
	case "timestamp without time zone":
		return timestampConverter(o, false), Micros
	case "timestamp with time zone":
		return timestampConverter(o, true), Micros
	case "time without time zone", "time with time zone":
		return convertTime, Text
	case "super":
		return superConverter(o), Text
	case "varbyte", "binary varying":
		return convertHex, Hex
	}
	return nil, Text
}

func trimmed(text []byte) []byte { return bytes.Trim(text, " \t") }

// empty is a field of no characters: no value, for all but the character types.
func empty(o *options, text []byte) bool {
	return len(text) == 0 || o.format == fixedWidth && len(trimmed(text)) == 0
}

func convertBoolean(v *Vector, text []byte) *problem {
	switch strings.ToLower(string(trimmed(text))) {
	case "":
		return v.null()
	case "true", "t", "yes", "y", "1":
		return v.integer(1)
	case "false", "f", "no", "n", "0":
		return v.integer(0)
	}
	return problemf(errBoolean, "Unknown boolean format")
}

// superConverter takes JSON text. What is not JSON is refused.
func superConverter(o *options) converter {
	return func(v *Vector, text []byte) *problem {
		switch {
		case len(text) == 0:
			return v.null()
		case len(text) > maxJSONRecord:
			return problemf(errRange, "The SUPER value is longer than 16 MB")
		}
		if _, err := value.Parse(string(text)); err != nil {
			return problemf(errJSON, "Invalid JSON for SUPER: %s", err.Error())
		}
		if !utf8.Valid(text) {
			return invalidSequence(text)
		}
		return v.text(text)
	}
}

func convertHex(v *Vector, text []byte) *problem {
	if len(text) == 0 {
		return v.null()
	}
	for _, c := range text {
		if !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f') {
			return problemf(errVarbyteDigit, "Invalid hexadecimal digits for VARBYTE")
		}
	}
	if len(text)%2 == 1 {
		return problemf(errVarbyteDigit, "Invalid hexadecimal digits for VARBYTE")
	}
	return v.text(text)
}
