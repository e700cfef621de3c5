package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// line is one line of a cell and how many columns of a terminal it takes.
type line struct {
	text  string
	width int
}

// lines cuts a cell at its newlines and makes control characters visible.
func lines(text string) []line {
	if plain(text) {
		return []line{{text, len(text)}}
	}
	var out []line
	for part := range strings.SplitSeq(text, "\n") {
		out = append(out, visible(part))
	}
	return out
}

func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

func visible(text string) line {
	var b strings.Builder
	columns := 0
	for i, r := range text {
		shown := string(r)
		switch {
		case r == '\t':
			shown = strings.Repeat(" ", 8-columns%8)
		case r == '\r':
			shown = `\r`
		case r < ' ' || r == 0x7f:
			shown = fmt.Sprintf(`\x%02X`, r)
		case r == utf8.RuneError:
			shown = `\x` + fmt.Sprintf("%02x", text[i])
		case r >= 0x80 && r < 0xa0:
			shown = fmt.Sprintf(`\u%04X`, r)
		}
		b.WriteString(shown)
		columns += widthOf(shown)
	}
	return line{b.String(), columns}
}

func widthOf(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cut returns the first part of a line that fits into some columns, at least one character.
func (l line) cut(columns int) (first, rest line) {
	if l.width <= columns {
		return l, line{}
	}
	taken := 0
	for i, r := range l.text {
		n := runeWidth(r)
		if i > 0 && taken+n > columns {
			return line{l.text[:i], taken}, line{l.text[i:], l.width - taken}
		}
		taken += n
	}
	return l, line{}
}
