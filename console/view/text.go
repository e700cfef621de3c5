package view

import (
	"strings"
	"unicode/utf8"
)

// maxText is how many bytes of a text a page shows; the rest is behind a link.
const maxText = 8 << 10

// Text is a text of any size, of which a page shows the beginning.
type Text struct {
	Full string
	// URL leads to the whole; empty: there is no way to it.
	URL string
}

// Shown is what the page shows. Marks that turn the direction of writing become visible, so that no text can look like another.
func (t Text) Shown() string { return visible(t.cut()) }

func (t Text) cut() string { return cutAt(t.Full, maxText) }

// cutAt is the beginning of a text of at most so many bytes, whole characters.
func cutAt(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// Rest says how much is not shown; empty: nothing.
func (t Text) Rest() string {
	if hidden := len(t.Full) - len(t.cut()); hidden > 0 {
		return byteSize(int64(hidden)) + " more."
	}
	return ""
}

var bidi = strings.NewReplacer("\u202a", "\ufffd", "\u202b", "\ufffd", "\u202c", "\ufffd", "\u202d", "\ufffd", "\u202e", "\ufffd",
	"\u2066", "\ufffd", "\u2067", "\ufffd", "\u2068", "\ufffd", "\u2069", "\ufffd", "\u200e", "\ufffd", "\u200f", "\ufffd", "\x00", "\ufffd")

func visible(text string) string { return bidi.Replace(strings.ToValidUTF8(text, "\ufffd")) }

// Pager are the ways to other pages of a list; what is empty is not there.
type Pager struct{ First, Next string }
