package view

import (
	"strings"
	"unicode/utf8"
)

// Source is a text in JSON or YAML with numbered lines, coloured, with remarks under the lines that they are about.
type Source struct {
	Text string
	// URL leads to the whole text; empty: there is no way to it.
	URL     string
	Remarks []Remark
}

// Remark is what is to be said about a place of a text.
type Remark struct {
	Line, Column int
	// Severity is ERROR or WARNING.
	Severity, Text string
}

// SourceLine is a line with what is said about it.
type SourceLine struct {
	Number  int
	Pieces  []Piece
	Remarks []Remark
}

// maxSourceLines is how many lines a page shows.
const maxSourceLines = 3000

// Lines are what is shown, without the space that all lines begin with. Empty lines at the beginning are left out but
// counted: a definition inside a template keeps the numbers that its lines have there.
func (s Source) Lines() []SourceLine {
	all, first := s.split()
	margin := marginOf(all)
	yaml := !strings.HasPrefix(strings.TrimSpace(s.Text), "{")
	lines := make([]SourceLine, min(len(all), maxSourceLines))
	for i := range lines {
		text := strings.TrimRight(all[i], " \r")
		lines[i] = SourceLine{Number: first + i, Pieces: colourLine(visible(text[min(margin, len(text)):]), yaml)}
		for _, r := range s.Remarks {
			if r.Line == first+i {
				lines[i].Remarks = append(lines[i].Remarks, r)
			}
		}
	}
	return lines
}

// split returns the lines from the first to the last with something in them, and the number of the first.
func (s Source) split() (lines []string, first int) {
	lines = strings.Split(strings.TrimRight(s.Text, " \r\n"), "\n")
	for first = 1; len(lines) > 1 && strings.TrimSpace(lines[0]) == ""; first++ {
		lines = lines[1:]
	}
	return lines, first
}

// Rest says how much is not shown; empty: nothing.
func (s Source) Rest() string {
	lines, _ := s.split()
	if hidden := len(lines) - maxSourceLines; hidden > 0 {
		return count(hidden) + " more lines."
	}
	return ""
}

// Elsewhere are the remarks about no line that is shown.
func (s Source) Elsewhere() []Remark {
	lines, first := s.split()
	var rest []Remark
	for _, r := range s.Remarks {
		if r.Line < first || r.Line >= first+min(len(lines), maxSourceLines) {
			rest = append(rest, r)
		}
	}
	return rest
}

// marginOf is how many spaces all lines but the first begin with; that of a definition in a template stands apart.
func marginOf(lines []string) int {
	margin := -1
	for _, line := range lines[min(1, len(lines)-1):] {
		if body := strings.TrimLeft(line, " "); body != "" && (margin < 0 || len(line)-len(body) < margin) {
			margin = len(line) - len(body)
		}
	}
	if first := len(lines[0]) - len(strings.TrimLeft(lines[0], " ")); first < margin || margin < 0 {
		return first
	}
	return margin
}

// colourLine cuts one line of JSON or YAML into pieces: k a key, s a string, n a number or literal, c a comment.
func colourLine(line string, yaml bool) []Piece {
	var pieces []Piece
	if yaml {
		pieces, line = leadingKey(line)
	}
	for line != "" {
		class, n := next(line, yaml)
		pieces = add(pieces, Piece{class, line[:n]})
		line = line[n:]
	}
	return pieces
}

// leadingKey takes the space, the dashes and the bare key from the beginning of a line of YAML.
func leadingKey(line string) (pieces []Piece, rest string) {
	start := len(line) - len(strings.TrimLeft(line, " -"))
	body := line[start:]
	end := strings.Index(body+" ", ": ")
	if end <= 0 || strings.ContainsAny(body[:end], "\"'#{[ ") {
		return nil, line
	}
	return []Piece{{"", line[:start]}, {"k", body[:end]}}, body[end:]
}

// next tells the class and the length of what a line begins with.
func next(line string, yaml bool) (class string, length int) {
	switch c := line[0]; {
	case c == '"':
		length = quoted(line)
		if strings.HasPrefix(strings.TrimLeft(line[length:], " "), ":") {
			return "k", length
		}
		return "s", length
	case yaml && c == '\'':
		if end := strings.IndexByte(line[1:], '\''); end >= 0 {
			return "s", end + 2
		}
	case yaml && c == '#':
		return "c", len(line)
	case isWord(rune(c)):
		length = strings.IndexFunc(line, func(r rune) bool { return !isWord(r) })
		if length < 0 {
			length = len(line)
		}
		if isLiteral(line[:length]) {
			return "n", length
		}
		return "", length
	}
	_, length = utf8.DecodeRuneInString(line)
	return "", length
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("+-._", r)
}

func isLiteral(word string) bool {
	return word == "true" || word == "false" || word == "null" || strings.Trim(word, "0123456789+-.eE") == "" && strings.ContainsAny(word, "0123456789")
}

// quoted is the length of the string in quotes that a line begins with, or of the line where it does not end.
func quoted(line string) int {
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(line)
}
