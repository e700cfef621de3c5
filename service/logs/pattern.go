package logs

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// term is one word or quoted phrase of a filter pattern.
type term struct {
	text string
	sign byte // '?': one of these must be there; '-': must not be there; 0: must be there
}

// parsePattern reads a filter pattern of terms: ERROR, "disk full", ?warn ?error, -debug. Patterns for JSON, for columns
// and regular expressions are refused by name. An empty pattern matches everything.
func parsePattern(pattern string) (matches func(message string) bool, err error) {
	pattern = strings.TrimSpace(pattern)
	for begin, kind := range map[string]string{"{": "JSON", "[": "columns"} {
		if strings.HasPrefix(pattern, begin) {
			return nil, unsupported(kind)
		}
	}
	terms, err := parseTerms(pattern)
	if err != nil {
		return nil, err
	}
	return func(message string) bool { return matchTerms(terms, message) }, nil
}

func unsupported(kind string) error {
	return fault.New(fault.Unsupported, "filter patterns for %s are not supported", kind).WithCode(codeInvalidParameter)
}

func parseTerms(pattern string) ([]term, error) {
	var terms []term
	for rest := pattern; rest != ""; rest = strings.TrimSpace(rest) {
		var t term
		if rest[0] == '?' || rest[0] == '-' {
			t.sign, rest = rest[0], rest[1:]
		}
		switch {
		case strings.HasPrefix(rest, "%"):
			return nil, unsupported("regular expressions")
		case strings.HasPrefix(rest, `"`):
			phrase, after, closed := strings.Cut(rest[1:], `"`)
			if !closed {
				return nil, invalid("Invalid filter pattern: a quote is not closed")
			}
			t.text, rest = phrase, after
		default:
			end := strings.IndexAny(rest, " \t\n")
			if end < 0 {
				end = len(rest)
			}
			t.text, rest = rest[:end], rest[end:]
		}
		if t.text == "" {
			return nil, invalid("Invalid filter pattern: a term is empty")
		}
		terms = append(terms, t)
	}
	return terms, nil
}

func matchTerms(terms []term, message string) bool {
	optional, one := false, false
	for _, t := range terms {
		has := strings.Contains(message, t.text)
		switch {
		case t.sign == '?':
			optional, one = true, one || has
		case has == (t.sign == '-'):
			return false
		}
	}
	return !optional || one
}
