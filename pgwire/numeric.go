package pgwire

import (
	"bytes"
	"encoding/binary"
)

// isDecimal reports whether a text is digits with at most one sign and one point: all numerics of Redshift are.
func isDecimal(text []byte) bool {
	digits := bytes.TrimPrefix(text, []byte("-"))
	points := 0
	for _, c := range digits {
		switch {
		case c == '.':
			points++
		case c < '0' || c > '9':
			return false
		}
	}
	return points <= 1 && len(digits) > points
}

// appendNumeric writes a decimal in PostgreSQL's binary form: how many digits to the base 10,000 follow, the power of the
// first one, the sign, the scale, and the digits without zeros at the ends.
func appendNumeric(dst, text []byte) []byte {
	sign := uint16(0)
	if text[0] == '-' {
		sign, text = 0x4000, text[1:]
	}
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	groups := (len(whole) + 3) / 4
	padded := append(bytes.Repeat([]byte("0"), groups*4-len(whole)), whole...)
	padded = append(padded, fraction...)
	padded = append(padded, "000"[:(4-len(padded)%4)%4]...)
	digits := make([]uint16, 0, len(padded)/4)
	for i := 0; i < len(padded); i += 4 {
		var d uint16
		for _, c := range padded[i : i+4] {
			d = d*10 + uint16(c-'0')
		}
		digits = append(digits, d)
	}
	weight := groups - 1
	for len(digits) > 0 && digits[0] == 0 {
		digits, weight = digits[1:], weight-1
	}
	for len(digits) > 0 && digits[len(digits)-1] == 0 {
		digits = digits[:len(digits)-1]
	}
	if len(digits) == 0 {
		sign, weight = 0, 0
	}
	for _, field := range []uint16{uint16(len(digits)), uint16(weight), sign, uint16(len(fraction))} {
		dst = binary.BigEndian.AppendUint16(dst, field)
	}
	for _, d := range digits {
		dst = binary.BigEndian.AppendUint16(dst, d)
	}
	return dst
}
