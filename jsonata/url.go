package jsonata

import (
	"strings"
	"unicode/utf8"
)

const (
	componentChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
	reservedChars  = ";/?:@&=+$,#"
	hexDigits      = "0123456789ABCDEF"
)

func malformed(name, s string) error {
	err := failWith("D3140", s)
	err.Token = name
	return err
}

// encodeURL makes a function that writes everything but the plain characters as percent and hexadecimal digits.
func encodeURL(name, plain string) func(c *call) (item, error) {
	return onText(func(s string) (string, error) {
		if !utf8.ValidString(s) {
			return "", malformed(name, s)
		}
		var out strings.Builder
		for i := range len(s) {
			if b := s[i]; strings.IndexByte(plain, b) >= 0 {
				out.WriteByte(b)
			} else {
				out.Write([]byte{'%', hexDigits[b>>4], hexDigits[b&15]})
			}
		}
		return out.String(), nil
	})
}

// decodeURL makes the opposite; the characters in kept stay encoded.
func decodeURL(name, kept string) func(c *call) (item, error) {
	return onText(func(s string) (string, error) {
		var out strings.Builder
		for i := 0; i < len(s); i++ {
			if s[i] != '%' {
				out.WriteByte(s[i])
				continue
			}
			b, ok := escaped(s[i:])
			switch {
			case !ok:
				return "", malformed(name, s)
			case strings.IndexByte(kept, b) >= 0:
				out.WriteString(s[i : i+3])
			default:
				out.WriteByte(b)
			}
			i += 2
		}
		if !utf8.ValidString(out.String()) {
			return "", malformed(name, s)
		}
		return out.String(), nil
	})
}

func escaped(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	high, low := strings.IndexByte(hexDigits, upperByte(s[1])), strings.IndexByte(hexDigits, upperByte(s[2]))
	return byte(high<<4 | low), high >= 0 && low >= 0
}

func upperByte(c byte) byte {
	if c >= 'a' && c <= 'f' {
		return c - 'a' + 'A'
	}
	return c
}
