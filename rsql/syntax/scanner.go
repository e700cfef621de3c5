package syntax

import (
	"fmt"
	"strings"
)

// Found is what a Scanner stopped at.
type Found uint8

const (
	// LineEnd is the end of the line; the statement may go on.
	LineEnd Found = iota
	// Semicolon is the end of a statement.
	Semicolon
	// Command is a backslash; Name and Argument read what follows.
	Command
)

// Open is the construct that the end of a line leaves unclosed.
type Open string

// The constructs that run over lines.
const (
	Nothing      Open = ""
	SingleQuote  Open = "quoted string"
	EscapeQuote  Open = "escaped string"
	DoubleQuote  Open = "quoted identifier"
	DollarQuote  Open = "dollar-quoted string"
	BlockComment Open = "/* comment"
	Parenthesis  Open = "parenthesis"
)

// Variables may stand in variables so deep, and one line may put in so many.
const (
	maxDepth      = 100
	maxExpansions = 10_000
)

// Scanner cuts lines into statements and commands. The zero value is ready.
type Scanner struct {
	// Lookup finds variables; nil leaves every reference as it is written.
	Lookup Lookup
	// Escapes says that a backslash escapes in '…', as Redshift has it.
	Escapes bool
	// StripQuotes takes double quotes around a command's argument away, as RSQL's own commands do.
	StripQuotes bool
	// DropSemicolons takes semicolons at the end of an argument away.
	DropSemicolons bool
	// Shell runs the command of an argument in backquotes; nil leaves the argument empty.
	Shell func(command string) string
	// Warn is told about a variable that refers to itself.
	Warn func(message string)

	sources  []source
	open     Open
	tag      string
	comments int
	parens   int
	line     int
	openedAt int
	// expansions counts the variables that the line has put in.
	expansions int
}

// source is a text that is being read: the line, or a variable's value within it.
type source struct {
	text     string
	at       int
	variable string
}

// Feed gives the scanner its next line, without the newline.
func (s *Scanner) Feed(line string) {
	s.line++
	s.expansions = 0
	s.sources = append(s.sources[:0], source{text: line})
}

// Column returns where in the line, counted in characters from 1, the scanner stands.
func (s *Scanner) Column() int {
	base := s.sources[0]
	return len([]rune(base.text[:min(base.at, len(base.text))])) + 1
}

// Unclosed returns what is open and the number of the line where it was opened.
func (s *Scanner) Unclosed() (Open, int) {
	if s.open == Nothing && s.parens > 0 {
		return Parenthesis, s.openedAt
	}
	return s.open, s.openedAt
}

// Reset forgets what is open.
func (s *Scanner) Reset() { s.open, s.comments, s.parens = Nothing, 0, 0 }

// Depth returns how many parentheses are open; SetDepth puts it back after a branch was dropped.
func (s *Scanner) Depth() int { return s.parens }

// SetDepth says how many parentheses are open.
func (s *Scanner) SetDepth(n int) { s.parens = n }

// Next reads on and adds what belongs to the statement to query.
func (s *Scanner) Next(query *strings.Builder) Found {
	for {
		top := &s.sources[len(s.sources)-1]
		if top.at >= len(top.text) {
			if len(s.sources) == 1 {
				return LineEnd
			}
			s.sources = s.sources[:len(s.sources)-1]
			continue
		}
		if s.open != Nothing {
			s.inside(top, query)
			continue
		}
		if found := s.outside(top, query); found != LineEnd {
			return found
		}
	}
}

// take adds n bytes to the statement.
func (top *source) take(n int, query *strings.Builder) {
	query.WriteString(top.text[top.at : top.at+n])
	top.at += n
}

// outside reads one element outside of quotes and comments.
func (s *Scanner) outside(top *source, query *strings.Builder) Found {
	text := top.text[top.at:]
	switch c := text[0]; {
	case isSpace(c) || strings.HasPrefix(text, "--"):
		n := spaceLength(text)
		if query.Len() == 0 {
			top.at += n
			return LineEnd
		}
		top.take(n, query)
	case c == '\\':
		top.at++
		if len(text) > 1 && (text[1] == ';' || text[1] == ':') {
			top.take(1, query)
			return LineEnd
		}
		return Command
	case c == ';':
		top.take(1, query)
		if s.parens == 0 {
			return Semicolon
		}
	case c == ':':
		s.colon(top, query)
	case c == '(' || c == ')':
		s.parenthesis(c)
		top.take(1, query)
	default:
		top.take(s.element(text), query)
	}
	return LineEnd
}

func (s *Scanner) parenthesis(c byte) {
	if c == '(' {
		s.parens++
		if s.parens == 1 {
			s.openedAt = s.line
		}
	} else if s.parens > 0 {
		s.parens--
	}
}

// element returns the length of a word, a number or an operator; of a quote or a comment only the opening.
func (s *Scanner) element(text string) int {
	switch c := text[0]; {
	case c == '\'':
		s.begin(SingleQuote)
		return 1
	case c == '"':
		s.begin(DoubleQuote)
		return 1
	case (c == 'e' || c == 'E') && strings.HasPrefix(text[1:], "'"):
		s.begin(EscapeQuote)
		return 2
	case strings.HasPrefix(text, "/*"):
		s.begin(BlockComment)
		s.comments = 1
		return 2
	case c == '$':
		return s.dollar(text)
	case isVariablePart(c):
		n := variableLength(text)
		for n < len(text) && (isVariablePart(text[n]) || text[n] == '$') {
			n++
		}
		return n
	}
	return 1
}

func (s *Scanner) begin(open Open) { s.open, s.openedAt = open, s.line }

// dollar opens $tag$; anything else, such as $1, is one character.
func (s *Scanner) dollar(text string) int {
	n := 1
	for n < len(text) && isVariablePart(text[n]) {
		n++
	}
	if n == len(text) || text[n] != '$' || n > 1 && text[1] >= '0' && text[1] <= '9' {
		return 1
	}
	s.begin(DollarQuote)
	s.tag = text[:n+1]
	return n + 1
}

// colon reads a variable or an operator that begins with a colon.
func (s *Scanner) colon(top *source, query *strings.Builder) {
	text := top.text[top.at:]
	if strings.HasPrefix(text, "::") || strings.HasPrefix(text, ":=") {
		top.take(2, query)
		return
	}
	r, ok := referenceAt(text)
	if !ok {
		top.take(1, query)
		return
	}
	value, set := r.value(s.Lookup)
	switch {
	case !set:
		top.take(r.length, query)
	case r.form != 0:
		top.at += r.length
		query.WriteString(value)
	case s.expanding(r.name):
		if s.Warn != nil {
			s.Warn(`skipping recursive expansion of variable "` + r.name + `"`)
		}
		top.take(r.length, query)
	case s.exhausted():
		if s.Warn != nil && s.expansions == maxExpansions+1 {
			s.Warn(fmt.Sprintf("variables hold variables more than %d deep or %d times in one line: the rest stays as it is", maxDepth, maxExpansions))
		}
		top.take(r.length, query)
	default:
		top.at += r.length
		s.sources = append(s.sources, source{text: value, variable: r.name})
	}
}

func (s *Scanner) expanding(name string) bool {
	for _, from := range s.sources[1:] {
		if from.variable == name {
			return true
		}
	}
	return false
}

// exhausted reports whether a line has expanded so many variables that it looks endless.
func (s *Scanner) exhausted() bool {
	s.expansions++
	if len(s.sources) > maxDepth {
		s.expansions = max(s.expansions, maxExpansions+1)
	}
	return s.expansions > maxExpansions
}

// inside reads to the end of the open quote or comment, or to the end of the text.
func (s *Scanner) inside(top *source, query *strings.Builder) {
	text := top.text[top.at:]
	n := len(text)
	switch s.open {
	case SingleQuote, EscapeQuote:
		n = s.quoted(text, '\'', s.Escapes || s.open == EscapeQuote)
	case DoubleQuote:
		n = s.quoted(text, '"', false)
	case DollarQuote:
		if i := strings.Index(text, s.tag); i >= 0 {
			n = i + len(s.tag)
			s.open = Nothing
		}
	case BlockComment:
		n = s.comment(text)
	}
	top.take(n, query)
}

func (s *Scanner) quoted(text string, quote byte, escapes bool) int {
	for i := 0; i < len(text); i++ {
		switch {
		case escapes && text[i] == '\\':
			i++
		case text[i] == quote && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			s.open = Nothing
			return i + 1
		}
	}
	return len(text)
}

func (s *Scanner) comment(text string) int {
	for i := 0; i+1 < len(text); i++ {
		switch text[i : i+2] {
		case "/*":
			s.comments++
			i++
		case "*/":
			s.comments--
			i++
			if s.comments == 0 {
				s.open = Nothing
				return i + 1
			}
		}
	}
	return len(text)
}

func isSpace(c byte) bool { return strings.IndexByte(" \t\r\n\f\v", c) >= 0 }

// spaceLength returns the length of a run of blanks and -- comments.
func spaceLength(text string) int {
	n := 0
	for n < len(text) {
		if strings.HasPrefix(text[n:], "--") {
			end := strings.IndexByte(text[n:], '\n')
			if end < 0 {
				return len(text)
			}
			n += end
		}
		if !isSpace(text[n]) {
			break
		}
		n++
	}
	return n
}
