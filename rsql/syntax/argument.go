package syntax

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Mode says how an argument of a command is read.
type Mode uint8

const (
	// Normal puts variables in and takes quotes away.
	Normal Mode = iota
	// Skipped reads an argument of a command that is not carried out: no variable, no shell command.
	Skipped
	// Pipe is a file's name, or | and a shell command to the end of the line.
	Pipe
	// Name is an SQL identifier: folded to lower case unless it stands in double quotes.
	Name
)

// Name reads the name of a command, which stands right behind its backslash.
func (s *Scanner) Name() string {
	top := s.top()
	start := top.at
	for top.at < len(top.text) && !isSpace(top.text[top.at]) && top.text[top.at] != '\\' {
		top.at++
	}
	return top.text[start:top.at]
}

func (s *Scanner) top() *source { return &s.sources[len(s.sources)-1] }

// Argument reads the next argument of a command. ok is false where there is none. The error is an unclosed quote; the rest
// of the line is then gone.
func (s *Scanner) Argument(mode Mode) (text string, ok bool, err error) {
	a, ok, err := s.argument(mode)
	return a.text.String(), ok, err
}

// Rest returns the text up to the end of the command as it is written, with variables put in.
func (s *Scanner) Rest(mode Mode) string {
	top := s.top()
	text := top.text[top.at:]
	top.at = len(top.text)
	text = strings.TrimLeft(text, " \t")
	if mode == Skipped {
		return text
	}
	return s.expandRest(text)
}

func (s *Scanner) expandRest(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if r, ok := referenceAt(text[i:]); ok {
			if value, set := r.value(s.Lookup); set {
				b.WriteString(value)
				i += r.length
				continue
			}
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// Expression reads the condition of an \if up to the next command of the line, with variables put in and quotes kept.
func (s *Scanner) Expression(mode Mode) string {
	top := s.top()
	start := top.at
	quote := byte(0)
	for ; top.at < len(top.text); top.at++ {
		c := top.text[top.at]
		if quote == 0 && c == '\\' {
			break
		}
		if c == quote {
			quote = 0
		} else if quote == 0 && (c == '\'' || c == '"') {
			quote = c
		}
	}
	text := strings.TrimSpace(top.text[start:top.at])
	if mode == Skipped {
		return text
	}
	return s.expandUnquoted(text)
}

// expandUnquoted leaves what stands in quotes alone.
func (s *Scanner) expandUnquoted(text string) string {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(text); {
		if r, ok := referenceAt(text[i:]); ok && quote == 0 {
			if value, set := r.value(s.Lookup); set {
				b.WriteString(value)
				i += r.length
				continue
			}
		}
		if text[i] == quote {
			quote = 0
		} else if quote == 0 && (text[i] == '\'' || text[i] == '"') {
			quote = text[i]
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// End passes the \\ that ends a command.
func (s *Scanner) End() {
	top := s.top()
	if strings.HasPrefix(top.text[top.at:], `\\`) {
		top.at += 2
	}
}

// Drop throws the rest of the line away.
func (s *Scanner) Drop() {
	top := s.top()
	top.at = len(top.text)
}

// argument is one argument while it is read.
type argument struct {
	text strings.Builder
	mode Mode
	// bare counts the characters at the end that stood outside of quotes; quoted says that a quote came before.
	bare   int
	quoted bool
}

func (s *Scanner) argument(mode Mode) (*argument, bool, error) {
	a := &argument{mode: mode}
	top := s.top()
	for top.at < len(top.text) && isSpace(top.text[top.at]) {
		top.at++
	}
	if top.at == len(top.text) || top.text[top.at] == '\\' {
		return a, false, nil
	}
	if mode == Pipe && top.text[top.at] == '|' {
		a.text.WriteString(s.Rest(mode))
		return a, true, nil
	}
	for top.at < len(top.text) && !isSpace(top.text[top.at]) && top.text[top.at] != '\\' {
		if err := s.piece(a, top); err != nil {
			top.at = len(top.text)
			return &argument{}, false, err
		}
	}
	a.finish(s.DropSemicolons || s.StripQuotes && a.quoted && a.bare == 1)
	return a, true, nil
}

// finish drops the semicolons that people write behind the last argument of a command, and folds an identifier.
func (a *argument) finish(drop bool) {
	text := a.text.String()
	cut := len(text)
	for ; drop && a.bare > 0 && cut > 0 && text[cut-1] == ';'; a.bare-- {
		cut--
	}
	text = text[:cut]
	if a.mode == Name {
		text = folded(text)
	}
	a.text.Reset()
	a.text.WriteString(text)
}

// piece reads one part of an argument: a quote, a variable or a character.
func (s *Scanner) piece(a *argument, top *source) error {
	text := top.text[top.at:]
	switch text[0] {
	case '\'':
		n, err := a.single(text)
		top.at += n
		return err
	case '"':
		n, err := s.double(a, text)
		top.at += n
		return err
	case '`':
		n, err := s.shell(a, text)
		top.at += n
		return err
	case ':':
		r, ok := referenceAt(text)
		if !ok {
			break
		}
		if value, set := r.value(s.Lookup); set && a.mode != Skipped {
			top.at += r.length
			a.bare = 0
			a.text.WriteString(value)
			return nil
		}
		top.at += r.length
		a.bare += r.length
		a.text.WriteString(text[:r.length])
		return nil
	}
	top.at++
	a.bare++
	a.text.WriteByte(text[0])
	return nil
}

func unterminated() error { return fault.Invalidf("unterminated quoted string") }

// single reads '…' with its escapes and returns its length.
func (a *argument) single(text string) (int, error) {
	a.bare, a.quoted = 0, true
	for i := 1; i < len(text); {
		switch {
		case strings.HasPrefix(text[i:], "''"):
			a.text.WriteByte('\'')
			i += 2
		case text[i] == '\'':
			return i + 1, nil
		case text[i] == '\\' && i+1 < len(text):
			i += 1 + writeEscape(&a.text, text[i+1:])
		default:
			a.text.WriteByte(text[i])
			i++
		}
	}
	return len(text), unterminated()
}

// double reads "…", which keeps its quotes unless the scanner strips them.
func (s *Scanner) double(a *argument, text string) (int, error) {
	a.bare, a.quoted = 0, true
	end := strings.IndexByte(text[1:], '"')
	if end < 0 {
		return len(text), unterminated()
	}
	if s.StripQuotes {
		a.text.WriteString(text[1 : end+1])
	} else {
		a.text.WriteString(text[:end+2])
	}
	return end + 2, nil
}

func (s *Scanner) shell(a *argument, text string) (int, error) {
	a.bare = 0
	end := strings.IndexByte(text[1:], '`')
	if end < 0 {
		return len(text), unterminated()
	}
	if a.mode != Skipped && s.Shell != nil {
		a.text.WriteString(strings.TrimSuffix(s.Shell(s.expandRest(text[1:end+1])), "\n"))
	}
	return end + 2, nil
}

// writeEscape writes the character that a backslash and the start of text mean and returns how many bytes of text it took.
func writeEscape(b *strings.Builder, text string) int {
	if i := strings.IndexByte("ntbrf", text[0]); i >= 0 {
		b.WriteByte("\n\t\b\r\f"[i])
		return 1
	}
	start, base, most := 0, 8, 3
	if text[0] == 'x' {
		start, base, most = 1, 16, 2
	}
	digits := 0
	for digits < most && start+digits < len(text) && isDigit(text[start+digits], base) {
		digits++
	}
	if digits == 0 {
		b.WriteByte(text[0])
		return 1
	}
	code, _ := strconv.ParseUint(text[start:start+digits], base, 16)
	b.WriteByte(byte(code))
	return start + digits
}

func isDigit(c byte, base int) bool {
	_, err := strconv.ParseUint(string(rune(c)), base, 8)
	return err == nil
}

// folded writes an identifier in lower case, except what stands in double quotes.
func folded(text string) string {
	var b strings.Builder
	inside := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"' && inside && i+1 < len(text) && text[i+1] == '"':
			b.WriteByte('"')
			i++
		case text[i] == '"':
			inside = !inside
		case inside:
			b.WriteByte(text[i])
		default:
			b.WriteString(strings.ToLower(text[i : i+1]))
		}
	}
	return b.String()
}
