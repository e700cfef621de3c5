package value

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may nest in a text.
const MaxDepth = 1000

// SyntaxError says where a text stops being JSON. Line and Column count from 1, Column in characters.
type SyntaxError struct {
	Offset, Line, Column int
	Reason               string
}

// Error returns line:column and the reason.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Reason) }

// Parse checks that text is one JSON value (RFC 8259) and returns it. The error is a *SyntaxError.
func Parse(text string) (Value, error) {
	s := scanner{text: text}
	start := s.space(0)
	end, err := s.value(start, 0)
	if err == nil {
		if rest := s.space(end); rest < len(text) {
			err = s.fail(rest, "unexpected %s after the value", s.here(rest))
		}
	}
	if err != nil {
		return Value{}, err
	}
	n := &node{kind: kindOf(text[start]), text: text[start:end], verbatim: true}
	return Value{n}, nil
}

// MustParse is Parse for texts that are part of the program.
func MustParse(text string) Value {
	v, err := Parse(text)
	if err != nil {
		panic("value: " + err.Error() + " in " + text)
	}
	return v
}

func kindOf(first byte) Kind {
	switch first {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	}
	return Number
}

// scanner walks a text by offsets; every method takes a place and returns the place behind what it read.
type scanner struct{ text string }

func (s scanner) fail(at int, format string, args ...any) error {
	at = min(at, len(s.text))
	line := 1 + strings.Count(s.text[:at], "\n")
	column := 1 + utf8.RuneCountInString(s.text[strings.LastIndexByte(s.text[:at], '\n')+1:at])
	return &SyntaxError{Offset: at, Line: line, Column: column, Reason: fmt.Sprintf(format, args...)}
}

func (s scanner) here(at int) string {
	if at >= len(s.text) {
		return "end of input"
	}
	r, _ := utf8.DecodeRuneInString(s.text[at:])
	return fmt.Sprintf("%q", r)
}

func (s scanner) space(at int) int {
	for at < len(s.text) {
		switch s.text[at] {
		case ' ', '\t', '\n', '\r':
			at++
		default:
			return at
		}
	}
	return at
}

func (s scanner) value(at, depth int) (int, error) {
	if at >= len(s.text) {
		return at, s.fail(at, "unexpected end of input, expected a value")
	}
	if depth > MaxDepth {
		return at, s.fail(at, "nested deeper than %d levels", MaxDepth)
	}
	switch c := s.text[at]; {
	case c == '{':
		return s.object(at, depth)
	case c == '[':
		return s.array(at, depth)
	case c == '"':
		return s.str(at)
	case c == '-' || c >= '0' && c <= '9':
		return s.number(at)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(s.text[at:], word) {
			return at + len(word), nil
		}
	}
	return at, s.fail(at, "unexpected %s, expected a value", s.here(at))
}

func (s scanner) object(at, depth int) (int, error) {
	at = s.space(at + 1)
	if at < len(s.text) && s.text[at] == '}' {
		return at + 1, nil
	}
	for {
		if at >= len(s.text) || s.text[at] != '"' {
			return at, s.fail(at, "unexpected %s, expected a key in double quotes", s.here(at))
		}
		end, err := s.str(at)
		if err != nil {
			return end, err
		}
		at = s.space(end)
		if at >= len(s.text) || s.text[at] != ':' {
			return at, s.fail(at, "unexpected %s, expected ':'", s.here(at))
		}
		if at, err = s.value(s.space(at+1), depth+1); err != nil {
			return at, err
		}
		var done bool
		if at, done, err = s.next(at, '}'); err != nil || done {
			return at, err
		}
	}
}

func (s scanner) array(at, depth int) (int, error) {
	at = s.space(at + 1)
	if at < len(s.text) && s.text[at] == ']' {
		return at + 1, nil
	}
	for {
		end, err := s.value(at, depth+1)
		if err != nil {
			return end, err
		}
		var done bool
		if at, done, err = s.next(end, ']'); err != nil || done {
			return at, err
		}
	}
}

func (s scanner) next(at int, closing byte) (int, bool, error) {
	at = s.space(at)
	switch {
	case at < len(s.text) && s.text[at] == closing:
		return at + 1, true, nil
	case at < len(s.text) && s.text[at] == ',':
		return s.space(at + 1), false, nil
	}
	return at, false, s.fail(at, "unexpected %s, expected ',' or '%c'", s.here(at), closing)
}

func (s scanner) str(at int) (int, error) {
	for i := at + 1; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			return i + 1, nil
		case c < 0x20:
			return i, s.fail(i, "control character %s in a string", s.here(i))
		case c == '\\':
			size := escapeSize(s.text[i:])
			if size == 0 {
				return i, s.fail(i, "bad escape in a string")
			}
			i += size - 1
		}
	}
	return len(s.text), s.fail(at, "string is not closed")
}

// escapeSize returns the length of the escape that text begins with, 0 when it is none.
func escapeSize(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(text) >= 6 && hex4(text[2:6]) >= 0 {
			return 6
		}
	}
	return 0
}

func hex4(text string) rune {
	var r rune
	for i := range 4 {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

func (s scanner) number(at int) (int, error) {
	start := at
	if s.text[at] == '-' {
		at++
	}
	first := at
	if at = s.digits(at); at == first || at > first+1 && s.text[first] == '0' {
		return start, s.fail(start, "bad number")
	}
	if at < len(s.text) && s.text[at] == '.' {
		begin := at + 1
		if at = s.digits(begin); at == begin {
			return start, s.fail(start, "bad number")
		}
	}
	if at < len(s.text) && (s.text[at] == 'e' || s.text[at] == 'E') {
		at++
		if at < len(s.text) && (s.text[at] == '+' || s.text[at] == '-') {
			at++
		}
		begin := at
		if at = s.digits(begin); at == begin {
			return start, s.fail(start, "bad number")
		}
	}
	return at, nil
}

func (s scanner) digits(at int) int {
	for at < len(s.text) && s.text[at] >= '0' && s.text[at] <= '9' {
		at++
	}
	return at
}

// readLevel reads one level of a checked text; the children keep their part of it.
func readLevel(n *node) *tree {
	s := scanner{text: n.text}
	switch n.kind {
	case Bool:
		return &tree{truth: n.text == "true"}
	case Number:
		return &tree{text: n.text}
	case String:
		return &tree{text: unquote(n.text)}
	case Array:
		return s.readItems()
	case Object:
		return s.readMembers()
	}
	return &tree{}
}

func (s scanner) child(at int) (Value, int) {
	end, err := s.value(at, 0)
	if err != nil {
		panic("value: a checked text does not parse: " + err.Error())
	}
	return Value{&node{kind: kindOf(s.text[at]), text: s.text[at:end]}}, end
}

func (s scanner) readItems() *tree {
	t := &tree{}
	for at := s.space(1); s.text[at] != ']'; {
		item, end := s.child(at)
		t.items = append(t.items, item)
		if at = s.space(end); s.text[at] == ',' {
			at = s.space(at + 1)
		}
	}
	return t
}

func (s scanner) readMembers() *tree {
	var members []Member
	for at := s.space(1); s.text[at] != '}'; {
		end, _ := s.str(at)
		key := unquote(s.text[at:end])
		item, end := s.child(s.space(s.space(end) + 1))
		members = append(members, Member{key, item})
		if at = s.space(end); s.text[at] == ',' {
			at = s.space(at + 1)
		}
	}
	return indexed(members)
}

// unquote decodes a checked JSON string. A lone surrogate and a byte that is not UTF-8 become U+FFFD.
func unquote(quoted string) string {
	body := quoted[1 : len(quoted)-1]
	if !utf8.ValidString(body) {
		body = string([]rune(body))
	}
	if strings.IndexByte(body, '\\') < 0 {
		return body
	}
	var out strings.Builder
	out.Grow(len(body))
	for i := 0; i < len(body); {
		if body[i] != '\\' {
			out.WriteByte(body[i])
			i++
			continue
		}
		if body[i+1] != 'u' {
			out.WriteByte(unescaped(body[i+1]))
			i += 2
			continue
		}
		r := hex4(body[i+2 : i+6])
		i += 6
		if utf16.IsSurrogate(r) && i+6 <= len(body) && body[i] == '\\' && body[i+1] == 'u' {
			if pair := utf16.DecodeRune(r, hex4(body[i+2:i+6])); pair != utf8.RuneError {
				r = pair
				i += 6
			}
		}
		out.WriteRune(r)
	}
	return out.String()
}

func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}
