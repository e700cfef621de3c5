package syntax

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens. White space and comments are not tokens.
const (
	// End stands behind the last token of a text.
	End Kind = iota
	// Word is a keyword or an unquoted identifier.
	Word
	// Quoted is an identifier in double quotes.
	Quoted
	// String is a literal in single quotes, with or without a prefix E, or in dollar quotes.
	String
	// Number is a numeric literal.
	Number
	// Operator is an operator or a mark of punctuation.
	Operator
	// Parameter is :name, :'name' or $1.
	Parameter
)

var kindNames = [...]string{"end", "word", "quoted", "string", "number", "operator", "parameter"}

// String returns the kind in one word.
func (k Kind) String() string { return kindNames[k] }

// Token is one lexical element of a text.
type Token struct {
	Kind Kind
	// Text is the token as it is written.
	Text string
	// Space says that white space or a comment stands before the token.
	Space bool
	// Offset counts bytes from the start of the whole text.
	Offset int
	// Line and Column count from 1, columns in characters.
	Line, Column int
}

// Is reports whether the token is this operator or, ignoring case, this unquoted word.
func (t Token) Is(text string) bool {
	switch t.Kind {
	case Word:
		return len(t.Text) == len(text) && strings.EqualFold(t.Text, text)
	case Operator:
		return t.Text == text
	}
	return false
}

// IsOneOf reports whether Is holds for one of the texts.
func (t Token) IsOneOf(texts ...string) bool {
	for _, text := range texts {
		if t.Is(text) {
			return true
		}
	}
	return false
}

// IsName reports whether the token can be an identifier.
func (t Token) IsName() bool { return t.Kind == Word || t.Kind == Quoted }

// Upper returns the text of a word in capitals, and nothing for other tokens.
func (t Token) Upper() string {
	if t.Kind != Word {
		return ""
	}
	return strings.ToUpper(t.Text)
}

// End returns the offset of the first byte behind the token.
func (t Token) End() int { return t.Offset + len(t.Text) }

// Position returns where the token stands. The file is not known here.
func (t Token) Position() fault.Position { return fault.Position{Line: t.Line, Column: t.Column} }

// Value returns what the token denotes: the folded name of an identifier (Redshift folds quoted names too), the
// characters of a string, the name of a parameter; for the rest the text.
func (t Token) Value() string {
	switch t.Kind {
	case Word:
		return strings.ToLower(t.Text)
	case Quoted:
		return strings.ToLower(strings.ReplaceAll(t.Text[1:len(t.Text)-1], `""`, `"`))
	case String:
		return stringValue(t.Text)
	case Parameter:
		return strings.Trim(t.Text, `:$'"`)
	}
	return t.Text
}

// StartsWith reports whether Is holds for the first tokens and the words, one by one.
func StartsWith(tokens []Token, words ...string) bool {
	if len(tokens) < len(words) {
		return false
	}
	for i, word := range words {
		if !tokens[i].Is(word) {
			return false
		}
	}
	return true
}

// Spell writes tokens with single blanks where there was white space.
func Spell(tokens []Token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.Space {
			b.WriteByte(' ')
		}
		b.WriteString(t.Text)
	}
	return b.String()
}

// SyntaxError returns the error that Redshift gives for a token out of place.
func (t Token) SyntaxError() error {
	if t.Kind == End {
		return syntaxError(t.Position(), "syntax error at end of input")
	}
	return syntaxError(t.Position(), "syntax error at or near "+strconv.Quote(t.Text))
}

func syntaxError(at fault.Position, message string) error {
	return fault.Invalidf("%s", message).WithCode("42601").At(at)
}

func stringValue(text string) string {
	switch text[0] {
	case '$':
		tag := strings.IndexByte(text[1:], '$') + 2
		return text[tag : len(text)-tag]
	case '\'':
		return unescape(text[1 : len(text)-1])
	}
	return unescape(text[2 : len(text)-1])
}

// unescape resolves doubled quotes and the backslash escapes that Redshift knows in every string literal.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\'`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\'':
			i++
			b.WriteByte('\'')
		case s[i] == '\\' && i+1 < len(s):
			i++
			i += writeEscape(&b, s[i:]) - 1
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// writeEscape writes the character that a backslash and the start of s mean and returns how many bytes of s it took.
func writeEscape(b *strings.Builder, s string) int {
	if i := strings.IndexByte("bfnrt", s[0]); i >= 0 {
		b.WriteByte("\b\f\n\r\t"[i])
		return 1
	}
	digits, base, start := 0, 8, 0
	if s[0] == 'x' {
		base, start = 16, 1
	}
	for start+digits < len(s) && digits < 3-start && isDigit(s[start+digits], base) {
		digits++
	}
	if digits == 0 {
		b.WriteByte(s[0])
		return 1
	}
	code, _ := strconv.ParseUint(s[start:start+digits], base, 16)
	b.WriteByte(byte(code))
	return start + digits
}

func isDigit(c byte, base int) bool {
	if base == 8 {
		return c >= '0' && c <= '7'
	}
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
