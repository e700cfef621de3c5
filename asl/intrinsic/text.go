package intrinsic

import (
	"strings"

	"github.com/stepwell/stepwell/value"
)

// formatText puts the arguments in the places of the template. In the template a backslash takes the meaning from a brace.
func formatText(arguments []value.Value, _ *Scope) (value.Value, error) {
	if arguments[0].Kind() != value.String {
		return value.Value{}, errArguments
	}
	template, rest := arguments[0].Str(), arguments[1:]
	var out []byte
	for i := 0; i < len(template); i++ {
		c := template[i]
		switch {
		case c == '\\' && i+1 < len(template) && strings.IndexByte(`'{}\`, template[i+1]) >= 0:
			i++
			out = append(out, template[i])
		case c == '{' && strings.HasPrefix(template[i:], "{}"):
			if len(rest) == 0 {
				return value.Value{}, countError{}
			}
			out = appendText(out, rest[0])
			rest = rest[1:]
			i++
		case c == '{':
			return value.Value{}, templateError("matching '}' not found for '{'.")
		case c == '}':
			return value.Value{}, templateError("matching '{' not found for '}'.")
		default:
			out = append(out, c)
		}
	}
	if len(rest) > 0 {
		return value.Value{}, countError{}
	}
	return value.OfString(string(out)), nil
}

// appendText prints a value as Java prints maps and lists: {a=1, b=[x, y]}.
func appendText(out []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.String:
		return append(out, v.Str()...)
	case value.Array:
		out = append(out, '[')
		for i, item := range v.Items() {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = appendText(out, item)
		}
		return append(out, ']')
	case value.Object:
		out = append(out, '{')
		for i, m := range v.Members() {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = appendText(append(append(out, m.Key...), '='), m.Value)
		}
		return append(out, '}')
	}
	return append(out, v.Compact()...)
}

// stringSplit takes each character of the separator as a separator and drops empty parts.
func stringSplit(arguments []value.Value, _ *Scope) (value.Value, error) {
	if arguments[0].Kind() != value.String || arguments[1].Kind() != value.String {
		return value.Value{}, errArguments
	}
	separators := arguments[1].Str()
	parts := strings.FieldsFunc(arguments[0].Str(), func(r rune) bool { return strings.ContainsRune(separators, r) })
	return value.OfStrings(parts...), nil
}

func jsonToString(arguments []value.Value, _ *Scope) (value.Value, error) {
	return value.OfString(arguments[0].Compact()), nil
}

func stringToJSON(arguments []value.Value, _ *Scope) (value.Value, error) {
	if arguments[0].Kind() != value.String {
		return value.Value{}, errArguments
	}
	text := strings.Trim(arguments[0].Str(), " \t\r\n")
	if text == "" {
		return value.NullValue(), nil
	}
	v, err := value.Parse(text)
	if v.Spelling() == "-0" {
		return value.OfInt(0), nil
	}
	return v, err
}

func jsonMerge(arguments []value.Value, _ *Scope) (value.Value, error) {
	deep := arguments[2]
	if arguments[0].Kind() != value.Object || arguments[1].Kind() != value.Object || deep.Kind() != value.Bool || deep.Truth() {
		return value.Value{}, errArguments
	}
	merged := append([]value.Member{}, arguments[0].Members()...)
	return value.OfMembers(append(merged, arguments[1].Members()...)...), nil
}
