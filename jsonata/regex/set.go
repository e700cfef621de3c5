package regex

import "unicode"

// set is a set of characters.
type set struct {
	parts         []func(rune) bool
	negated, fold bool
	ascii         [2]uint64 // which of the first 128 are in it
}

// freeze is called when the set is whole.
func (s *set) freeze() *set {
	for r := range rune(128) {
		if s.contains(r) {
			s.ascii[r/64] |= 1 << (r % 64)
		}
	}
	return s
}

func (s *set) has(r rune) bool {
	if r < 128 {
		return s.ascii[r/64]>>(r%64)&1 == 1
	}
	return s.contains(r)
}

func (s *set) contains(r rune) bool { return s.matches(r) != s.negated }

func (s *set) matches(r rune) bool {
	if s.any(r) {
		return true
	}
	if s.fold {
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			if canonical(other) == canonical(r) && s.any(other) {
				return true
			}
		}
	}
	return false
}

func (s *set) any(r rune) bool {
	for _, part := range s.parts {
		if part(r) {
			return true
		}
	}
	return false
}

// canonical is what characters of different case have in common: as ECMAScript wants, no other becomes an ASCII character.
func canonical(r rune) rune {
	if upper := unicode.ToUpper(r); r < 128 || upper >= 128 {
		return upper
	}
	return r
}

func span(from, to rune) func(rune) bool { return func(r rune) bool { return r >= from && r <= to } }

func not(part func(rune) bool) func(rune) bool { return func(r rune) bool { return !part(r) } }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isWord(r rune) bool {
	return isDigit(r) || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029 }

func isSpace(r rune) bool {
	return r >= '\t' && r <= '\r' || r == 0xFEFF || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Zs, r)
}

// classes are the sets that a letter behind a backslash stands for.
var classes = map[rune]func(rune) bool{
	'd': isDigit, 'D': not(isDigit), 'w': isWord, 'W': not(isWord), 's': isSpace, 'S': not(isSpace),
}

// assertion is what must hold at a place.
type assertion uint8

const (
	textStart assertion = iota
	textEnd
	lineStart
	lineEnd
	wordEdge
	noWordEdge
)

func (a assertion) holds(text []rune, at int) bool {
	switch a {
	case textStart:
		return at == 0
	case textEnd:
		return at == len(text)
	case lineStart:
		return at == 0 || isLineEnd(text[at-1])
	case lineEnd:
		return at == len(text) || isLineEnd(text[at])
	}
	before := at > 0 && isWord(text[at-1])
	after := at < len(text) && isWord(text[at])
	return (before != after) == (a == wordEdge)
}
