package cli

import (
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// prettyWidth is how long a line may get by keeping an array or object on it.
const prettyWidth = 140

// pretty prints JSON for people: what fits on a line stays on it, the rest is indented.
func pretty(v value.Value) string {
	var out strings.Builder
	prettyTo(&out, v, "")
	return safeJSON(out.String())
}

// safeJSON escapes what a terminal could obey. JSON has it in strings only, so that the value stays the same.
func safeJSON(text string) string {
	if !strings.ContainsFunc(text, unprintable) {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if unprintable(r) && r != '\n' {
			fmt.Fprintf(&out, "\\u%04x", r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func prettyTo(out *strings.Builder, v value.Value, indent string) {
	if !nested(v) {
		if line := oneLine(v); v.Len() == 0 || len(indent)+columnsIn(line) <= prettyWidth {
			out.WriteString(line)
			return
		}
	}
	open, closing, inner := "[", "]", indent+"  "
	if v.Kind() == value.Object {
		open, closing = "{", "}"
	}
	out.WriteString(open)
	separator := "\n"
	for _, item := range v.Items() {
		out.WriteString(separator + inner)
		prettyTo(out, item, inner)
		separator = ",\n"
	}
	for _, m := range v.Members() {
		out.WriteString(separator + inner + value.OfString(m.Key).Text() + ": ")
		prettyTo(out, m.Value, inner)
		separator = ",\n"
	}
	out.WriteString("\n" + indent + closing)
}

// nested reports whether v holds an array or object that is not empty.
func nested(v value.Value) bool {
	for _, item := range v.Items() {
		if item.Len() > 0 {
			return true
		}
	}
	for _, m := range v.Members() {
		if m.Value.Len() > 0 {
			return true
		}
	}
	return false
}

func oneLine(v value.Value) string {
	var parts []string
	switch v.Kind() {
	case value.Array:
		for _, item := range v.Items() {
			parts = append(parts, oneLine(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case value.Object:
		for _, m := range v.Members() {
			parts = append(parts, value.OfString(m.Key).Text()+": "+oneLine(m.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return v.Compact()
}
