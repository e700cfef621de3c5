package syntax

import (
	"strconv"
	"strings"
)

// Text returns the literal of a parameter of COPY or UNLOAD as these read it: they know the escapes \t, \n, \r, \b, \f, \\ and
// octal digits, and any other backslash stands for itself, so that NULL AS '\N' means what it says. f is the statement.
func (o Option) Text(f *Fragment) string {
	raw := o.literal(f)
	var out strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out.WriteByte(raw[i])
			continue
		}
		digits := 0
		for digits < 3 && i+1+digits < len(raw) && isDigit(raw[i+1+digits], 8) {
			digits++
		}
		letter := strings.IndexByte(`tnrbf\`, raw[i+1])
		switch {
		case digits > 0:
			code, _ := strconv.ParseUint(raw[i+1:i+1+digits], 8, 16)
			out.WriteByte(byte(code))
			i += digits
		case letter >= 0:
			out.WriteByte("\t\n\r\b\f\\"[letter])
			i++
		default:
			out.WriteByte('\\')
		}
	}
	return out.String()
}

// literal is what stands between the quotes behind the parameter's name, with doubled quotes resolved.
func (o Option) literal(f *Fragment) string {
	for i, t := range f.Tokens {
		if t.Position() != o.Position {
			continue
		}
		for _, value := range f.Tokens[i:min(i+4, len(f.Tokens))] {
			if value.Kind == String {
				_, text, _ := strings.Cut(value.Text, "'")
				return strings.ReplaceAll(strings.TrimSuffix(text, "'"), "''", "'")
			}
		}
	}
	return ""
}
