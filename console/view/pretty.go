package view

import (
	"bytes"
	"encoding/json"
)

// maxPretty is the largest JSON text, in bytes, that is laid out.
const maxPretty = 1 << 20

// Pretty is a JSON text laid out, its numbers and its order as they were. Another text stays as it is.
func Pretty(text string) string {
	if len(text) > maxPretty {
		return text
	}
	var out bytes.Buffer
	if json.Indent(&out, []byte(text), "", "  ") != nil {
		return text
	}
	return out.String()
}
