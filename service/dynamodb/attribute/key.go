package attribute

import "strings"

// AppendKey appends a key's value to bytes so that bytes are ordered as the values are. One value is no beginning of another.
func AppendKey(out []byte, v Value) []byte {
	if v.Kind == Number {
		return appendNumber(out, v.Text)
	}
	return append(AppendKeyPrefix(out, v.Text), 0, 0)
}

// AppendKeyPrefix appends what the keys of all strings or binaries that begin with a text begin with.
func AppendKeyPrefix(out []byte, text string) []byte {
	return append(out, strings.ReplaceAll(text, "\x00", "\x00\xff")...)
}

// The first byte of a number's key.
const (
	negativeKey = 0x7f
	zeroKey     = 0x80
	positiveKey = 0x81
)

// appendNumber appends sign, exponent and digits. Those of negative numbers are turned round, so that the larger come first.
func appendNumber(out []byte, text string) []byte {
	d, _ := readDecimal(text)
	if d.digits == "" {
		return append(out, zeroKey)
	}
	start := len(out)
	out = append(out, positiveKey, byte(d.exponent-minExponent))
	out = append(append(out, d.digits...), 0)
	if d.negative {
		for i := start; i < len(out); i++ {
			out[i] = ^out[i]
		}
		out[start] = negativeKey
	}
	return out
}
