package load

import (
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep JSON values stand in one another.
const maxDepth = 1000

// jsonSpace returns the place of the first byte from at on that is no white space.
func jsonSpace(b []byte, at int) int {
	for at < len(b) && (b[at] == ' ' || b[at] == '\n' || b[at] == '\t' || b[at] == '\r') {
		at++
	}
	return at
}

// jsonValue returns the place behind the value that begins at a place, and whether it is JSON.
func jsonValue(b []byte, at, depth int) (end int, ok bool) {
	if at >= len(b) || depth > maxDepth {
		return at, false
	}
	switch c := b[at]; {
	case c == '"':
		return jsonString(b, at)
	case c == '{' || c == '[':
		return jsonGroup(b, at, depth)
	case c == '-' || c >= '0' && c <= '9':
		return jsonNumber(b, at)
	}
	for _, word := range []string{"true", "false", "null"} {
		if len(b)-at >= len(word) && string(b[at:at+len(word)]) == word {
			return at + len(word), true
		}
	}
	return at, false
}

// jsonGroup passes an object or an array.
func jsonGroup(b []byte, at, depth int) (end int, ok bool) {
	object := b[at] == '{'
	closing := b[at] + 2
	if at = jsonSpace(b, at+1); at < len(b) && b[at] == closing {
		return at + 1, true
	}
	for {
		if object {
			if _, at, ok = jsonKey(b, at); !ok {
				return at, false
			}
		}
		if at, ok = jsonValue(b, at, depth+1); !ok {
			return at, false
		}
		more := false
		if at, more, ok = jsonNext(b, at, closing); !ok || !more {
			return at, ok
		}
	}
}

// jsonNext passes the comma behind a member, or the closing bracket.
func jsonNext(b []byte, at int, closing byte) (behind int, more, ok bool) {
	at = jsonSpace(b, at)
	switch {
	case at >= len(b) || b[at] != closing && b[at] != ',':
		return at, false, false
	case b[at] == closing:
		return at + 1, false, true
	}
	return jsonSpace(b, at+1), true, true
}

// jsonKey reads a key, in quotes, and passes the colon behind it.
func jsonKey(b []byte, at int) (key []byte, behind int, ok bool) {
	if at >= len(b) || b[at] != '"' {
		return nil, at, false
	}
	end, ok := jsonString(b, at)
	if !ok {
		return nil, end, false
	}
	colon := jsonSpace(b, end)
	if colon >= len(b) || b[colon] != ':' {
		return nil, colon, false
	}
	return b[at:end], jsonSpace(b, colon+1), true
}

func jsonString(b []byte, at int) (end int, ok bool) {
	for i := at + 1; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1, true
		case '\\':
			i++
		}
	}
	return len(b), false
}

func jsonNumber(b []byte, at int) (end int, ok bool) {
	if b[at] == '-' {
		at++
	}
	whole := jsonDigits(b, at)
	if whole == at || b[at] == '0' && whole > at+1 {
		return whole, false
	}
	at = whole
	if at < len(b) && b[at] == '.' {
		end := jsonDigits(b, at+1)
		if end == at+1 {
			return end, false
		}
		at = end
	}
	if at < len(b) && (b[at] == 'e' || b[at] == 'E') {
		at++
		if at < len(b) && (b[at] == '+' || b[at] == '-') {
			at++
		}
		end := jsonDigits(b, at)
		return end, end > at
	}
	return at, true
}

func jsonDigits(b []byte, at int) int {
	for at < len(b) && b[at] >= '0' && b[at] <= '9' {
		at++
	}
	return at
}

// appendUnquoted adds the characters of a JSON string, which comes with its quotes. It returns false for an escape that
// JSON does not have.
func appendUnquoted(out, quoted []byte) ([]byte, bool) {
	text := quoted[1 : len(quoted)-1]
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != '\\' {
			out = append(out, c)
			continue
		}
		i++
		if i == len(text) {
			return out, false
		}
		switch text[i] {
		case '"', '\\', '/':
			out = append(out, text[i])
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'u':
			r, size := codeUnits(text[i+1:])
			if size == 0 {
				return out, false
			}
			out = utf8.AppendRune(out, r)
			i += size
		default:
			return out, false
		}
	}
	return out, true
}

// codeUnits reads the hexadecimal digits behind \u, and those of a second \u that makes a pair with it. size is 0 when
// there are none.
func codeUnits(text []byte) (r rune, size int) {
	first, ok := hexUnit(text)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(first) && len(text) >= 10 && text[4] == '\\' && text[5] == 'u' {
		if second, ok := hexUnit(text[6:]); ok {
			if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
				return pair, 10
			}
		}
	}
	return first, 4
}

func hexUnit(text []byte) (r rune, ok bool) {
	if len(text) < 4 {
		return 0, false
	}
	for _, c := range text[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
