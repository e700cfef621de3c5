package view

import (
	"bytes"
	"regexp"
)

// sentBack is what forms send as it is: what stands in their fields.
var sentBack = regexp.MustCompile(`<textarea[^>]*>[^<]*|value="[^"]*"`)

// clean makes visible what deceives the eye in a finished page, wherever it came from: marks that turn the direction of writing,
// control characters, bytes that are no characters. What forms send back stays as it is.
func clean(page []byte) []byte {
	page = bytes.ToValidUTF8(page, []byte("\ufffd"))
	if !bytes.ContainsFunc(page, deceptive) {
		return page
	}
	out := make([]byte, 0, len(page))
	at := 0
	for _, field := range sentBack.FindAllIndex(page, -1) {
		out = append(out, bytes.Map(shown, page[at:field[0]])...)
		out = append(out, page[field[0]:field[1]]...)
		at = field[1]
	}
	return append(out, bytes.Map(shown, page[at:])...)
}

func shown(r rune) rune {
	if deceptive(r) {
		return '\ufffd'
	}
	return r
}

// deceptive reports whether a character is a control character, other than those of lines, or turns the direction of writing.
func deceptive(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return false
	case r < ' ' || 0x7f <= r && r < 0xa0:
		return true
	}
	return r == 0x061c || r == 0x200e || r == 0x200f || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
}
