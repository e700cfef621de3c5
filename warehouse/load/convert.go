package load

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/value"
)

// cell is a converted value: a text or a number, by the column's encoding.
type cell struct {
	null     bool
	text     string
	integer  int64
	replaced bool // by ACCEPTINVCHARS
}

// converter makes a cell of the text of a field. It sees no nulls.
type converter func(text []byte) (cell, *problem)

// converterOf returns how fields become values of a type; nil for a type that COPY does not load.
func converterOf(o *options, t syntax.Type) (converter, Encoding) {
	switch t.Name {
	case "smallint":
		return integerConverter(16, "Short", o), Integer
	case "integer":
		return integerConverter(32, "Integer", o), Integer
	case "bigint":
		return integerConverter(64, "Long", o), Integer
	case "numeric":
		return decimalConverter(o, t.Args[0], t.Args[1]), Text
	case "real":
		return floatConverter(32, o), Text
	case "double precision":
		return floatConverter(64, o), Text
	case "boolean":
		return convertBoolean, Text
	case "character":
		return charConverter(o, t.Args[0]), Text
	case "character varying":
		return varcharConverter(o, t.Args[0]), Text
	case "date":
		return dateConverter(o), Days
	case "timestamp without time zone":
		return timestampConverter(o, false), Micros
	case "timestamp with time zone":
		return timestampConverter(o, true), Text
	case "time without time zone", "time with time zone":
		return convertTime, Text
	case "super":
		return convertSuper, Text
	case "varbyte", "binary varying":
		return convertHex, Hex
	}
	return nil, Text
}

func trimmed(text []byte) string { return strings.Trim(string(text), " \t") }

// empty is a field of no characters: no value, for all but the character types.
func empty(o *options, text []byte) bool {
	return len(text) == 0 || o.format == fixedWidth && trimmed(text) == ""
}

func integerConverter(bits int, name string, o *options) converter {
	return func(text []byte) (cell, *problem) {
		if empty(o, text) {
			return cell{null: true}, nil
		}
		digits := trimmed(text)
		n, err := strconv.ParseInt(digits, 10, bits)
		if err == nil {
			return cell{integer: n}, nil
		}
		if at := firstBad(digits, ""); at < len(digits) || strings.Trim(digits, "+-") == "" {
			return cell{}, badDigit(string(text), at+strings.Index(string(text), digits), name)
		}
		return cell{}, problemf(errOverflow, "Overflow for %s", strings.ToUpper(map[int]string{16: "smallint", 32: "integer", 64: "bigint"}[bits]))
	}
}

// firstBad returns the place of the first character that is neither a sign at the start, a digit, nor allowed.
func firstBad(text, allowed string) int {
	for i := range len(text) {
		c := text[i]
		if c >= '0' && c <= '9' || i == 0 && (c == '+' || c == '-') || strings.IndexByte(allowed, c) >= 0 {
			continue
		}
		return i
	}
	return len(text)
}

// decimalConverter cuts digits behind the scale, or rounds them with ROUNDEC.
func decimalConverter(o *options, precision, scale int) converter {
	return func(text []byte) (cell, *problem) {
		if empty(o, text) {
			return cell{null: true}, nil
		}
		number := trimmed(text)
		at := firstBad(number, ".")
		if at == len(number) && strings.Count(number, ".") > 1 {
			at = strings.LastIndexByte(number, '.')
		}
		if at < len(number) || strings.Trim(number, "+-.") == "" {
			return cell{}, badDigit(string(text), at+strings.Index(string(text), number), "Decimal")
		}
		sign := ""
		if number[0] == '-' {
			sign = "-"
		}
		whole, fraction, _ := strings.Cut(strings.TrimLeft(number, "+-"), ".")
		whole, fraction = scaled(whole, fraction, scale, o.round)
		if len(whole) > precision-scale {
			return cell{}, problemf(errRange, "Overflow for NUMERIC(%d,%d)", precision, scale)
		}
		if whole == "" {
			whole = "0"
		}
		return cell{text: strings.TrimSuffix(sign+whole+"."+fraction, ".")}, nil
	}
}

// scaled brings a fraction to a length; whole comes without leading zeros.
func scaled(whole, fraction string, scale int, round bool) (string, string) {
	up := round && len(fraction) > scale && fraction[scale] >= '5'
	if len(fraction) > scale {
		fraction = fraction[:scale]
	}
	fraction += strings.Repeat("0", scale-len(fraction))
	if up {
		digits := []byte("0" + whole + fraction)
		for i := len(digits) - 1; ; i-- {
			if digits[i] < '9' {
				digits[i]++
				break
			}
			digits[i] = '0'
		}
		whole, fraction = string(digits[:len(digits)-scale]), string(digits[len(digits)-scale:])
	}
	return strings.TrimLeft(whole, "0"), fraction
}

func floatConverter(bits int, o *options) converter {
	return func(text []byte) (cell, *problem) {
		if empty(o, text) {
			return cell{null: true}, nil
		}
		number := trimmed(text)
		f, err := strconv.ParseFloat(number, bits)
		switch {
		case err == nil && !strings.ContainsAny(number, "xX_"):
			return cell{text: strconv.FormatFloat(f, 'g', -1, bits)}, nil
		case err != nil && err.(*strconv.NumError).Err == strconv.ErrRange:
			return cell{}, problemf(errRange, "Overflow for FLOAT%d", bits/8)
		}
		return cell{}, problemf(errFloat, "Invalid digit, Value '%s', Pos 0, Type: Double", number[:min(1, len(number))])
	}
}

func convertBoolean(text []byte) (cell, *problem) {
	switch strings.ToLower(trimmed(text)) {
	case "":
		return cell{null: true}, nil
	case "true", "t", "yes", "y", "1":
		return cell{text: "true"}, nil
	case "false", "f", "no", "n", "0":
		return cell{text: "false"}, nil
	}
	return cell{}, problemf(errBoolean, "Unknown boolean format")
}

// convertSuper takes JSON text. What is not JSON is refused.
func convertSuper(text []byte) (cell, *problem) {
	if len(text) == 0 {
		return cell{null: true}, nil
	}
	if _, err := value.Parse(string(text)); err != nil {
		return cell{}, problemf(errJSON, "Invalid JSON for SUPER: %s", err.Error())
	}
	return cell{text: string(text)}, nil
}

func convertHex(text []byte) (cell, *problem) {
	if len(text) == 0 {
		return cell{null: true}, nil
	}
	if _, err := hex.DecodeString(string(text)); err != nil {
		return cell{}, problemf(errVarbyteDigit, "Invalid hexadecimal digits for VARBYTE")
	}
	return cell{text: string(text)}, nil
}

// charConverter counts bytes and refuses what is not one byte per character.
func charConverter(o *options, length int) converter {
	return func(text []byte) (cell, *problem) {
		s := string(text)
		for i := range len(s) {
			if s[i] >= utf8.RuneSelf {
				_, size := utf8.DecodeRuneInString(s[i:])
				return cell{}, problemf(errChar, "Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: % x", s[i:i+size])
			}
		}
		if len(s) > length {
			if !o.truncate && strings.TrimRight(s[length:], " ") != "" {
				return cell{}, problemf(errRange, "Char length exceeds DDL length")
			}
			s = s[:length]
		}
		return o.blank(cell{text: s}), nil
	}
}

// varcharConverter counts bytes. With TRUNCATECOLUMNS it cuts between characters.
func varcharConverter(o *options, length int) converter {
	return func(text []byte) (cell, *problem) {
		c, bad := o.validText(text)
		if bad != nil {
			return cell{}, bad
		}
		if o.trimBlanks {
			c.text = strings.TrimRight(c.text, " \t\n\r\f\v")
		}
		if len(c.text) > length {
			if !o.truncate {
				return cell{}, problemf(errRange, "String length exceeds DDL length")
			}
			cut := length
			for cut > 0 && !utf8.RuneStart(c.text[cut]) {
				cut--
			}
			c.text = c.text[:cut]
		}
		return o.blank(c), nil
	}
}

// blank applies EMPTYASNULL and BLANKSASNULL.
func (o *options) blank(c cell) cell {
	c.null = c.text == "" && o.emptyAsNull || o.blanksAsNull && strings.TrimSpace(c.text) == ""
	return c
}

// validText checks UTF-8; ACCEPTINVCHARS puts its character in the place of each byte that is none.
func (o *options) validText(text []byte) (cell, *problem) {
	if utf8.Valid(text) {
		return cell{text: string(text)}, nil
	}
	if o.replacement == 0 {
		return cell{}, invalidSequence(text)
	}
	fixed := append([]byte(nil), text...)
	for i := 0; i < len(fixed); {
		r, size := utf8.DecodeRune(fixed[i:])
		if r == utf8.RuneError && size == 1 {
			fixed[i] = o.replacement
		}
		i += size
	}
	return cell{text: string(fixed), replaced: true}, nil
}

// invalidSequence names the first bad sequence with Redshift's number for what is wrong with it.
func invalidSequence(text []byte) *problem {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			sequence, number := diagnose(text[i:])
			return problemf(errCodePoint, "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: %x (error %d)", sequence, number)
		}
		i += size
	}
	return nil
}

// diagnose returns the bad bytes: 1 a lead byte of more than 4, 2 an incomplete sequence, 3 no lead byte, 4 no continuation
// byte, 5 a surrogate, 8 beyond U+10FFFF.
func diagnose(b []byte) (sequence []byte, number int) {
	lead, length := b[0], 0
	switch {
	case lead >= 0xf8:
		return b[:1], 1
	case lead < 0xc2:
		return b[:1], 3
	case lead < 0xe0:
		length = 2
	case lead < 0xf0:
		length = 3
	default:
		length = 4
	}
	if len(b) < length {
		return b, 2
	}
	for _, c := range b[1:length] {
		if c&0xc0 != 0x80 {
			return b[:length], 4
		}
	}
	if length == 3 && lead == 0xed {
		return b[:3], 5
	}
	return b[:length], 8
}
