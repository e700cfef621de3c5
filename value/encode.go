package value

import (
	"bytes"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// Text returns the JSON text: the very bytes for a value that came whole from Parse, compact JSON for any other. The
// zero Value has none.
func (v Value) Text() string {
	if v.n == nil {
		return ""
	}
	if v.n.verbatim {
		return v.n.text
	}
	return v.Compact()
}

// Compact returns the JSON text without space between tokens; numbers keep their spelling, strings only the escapes they need.
func (v Value) Compact() string {
	if v.n == nil {
		return ""
	}
	if text := v.n.encoded.Load(); text != nil {
		return *text
	}
	text := string(v.appendTo(nil))
	v.n.encoded.Store(&text)
	return text
}

// String is Text, for printing.
func (v Value) String() string { return v.Text() }

// MarshalJSON returns the compact text, null for the zero Value.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.n == nil {
		return []byte("null"), nil
	}
	return []byte(v.Compact()), nil
}

// UnmarshalJSON reads a value and keeps its bytes.
func (v *Value) UnmarshalJSON(text []byte) error {
	w, err := Parse(string(bytes.TrimSpace(text)))
	if err != nil {
		return err
	}
	*v = w
	return nil
}

func (v Value) appendTo(out []byte) []byte {
	switch v.Kind() {
	case None, Null:
		return append(out, "null"...)
	case Bool:
		if v.Truth() {
			return append(out, "true"...)
		}
		return append(out, "false"...)
	case Number:
		return append(out, v.Spelling()...)
	case String:
		return AppendQuoted(out, v.Str())
	case Array:
		out = append(out, '[')
		for i, item := range v.Items() {
			if i > 0 {
				out = append(out, ',')
			}
			out = item.appendTo(out)
		}
		return append(out, ']')
	}
	out = append(out, '{')
	for i, m := range v.Members() {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(AppendQuoted(out, m.Key), ':')
		out = m.Value.appendTo(out)
	}
	return append(out, '}')
}

// AppendQuoted appends s as a JSON string. Bytes that are not UTF-8 become U+FFFD.
func AppendQuoted(out []byte, s string) []byte {
	out = append(out, '"')
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && stands(s[end]) {
			end++
		}
		if end > i {
			out = append(out, s[i:end]...)
			i = end
			continue
		}
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			out = utf8.AppendRune(out, r)
			i += size
			continue
		}
		out = appendEscape(out, c)
		i++
	}
	return append(out, '"')
}

// stands says that a byte needs no escape.
func stands(c byte) bool { return c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' }

func appendEscape(out []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(out, '\\', c)
	case '\n':
		return append(out, '\\', 'n')
	case '\r':
		return append(out, '\\', 'r')
	case '\t':
		return append(out, '\\', 't')
	case '\b':
		return append(out, '\\', 'b')
	case '\f':
		return append(out, '\\', 'f')
	}
	return append(out, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
