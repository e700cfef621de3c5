package function

import (
	"regexp"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// matcher finds up to n matches in a text, all if n is negative: the bounds of each and of its subexpressions in bytes, -1 for
// a subexpression that took no part.
type matcher func(text string, n int) ([][]int, error)

var compiledLinear, compiledPerl memo[matcher]

// pattern compiles a regular expression with Redshift's parameters: i ignores case, c does not, p allows Perl's look-around.
func pattern(expression, parameters string) (matcher, error) {
	if strings.Contains(parameters, "i") {
		expression = "(?i)" + expression
	}
	compiled, compile := &compiledLinear, compileLinear
	if strings.Contains(parameters, "p") {
		compiled, compile = &compiledPerl, compilePerl
	}
	m, err := compiled.of(expression, compile)
	if err != nil {
		return nil, fault.New(fault.Invalid, "invalid regular expression: %s", expression).WithCode("2201B").Because(err)
	}
	return m, nil
}

func compileLinear(expression string) (matcher, error) {
	r, err := regexp.Compile(expression)
	if err != nil {
		return nil, err
	}
	return linear(r), nil
}

func linear(r *regexp.Regexp) matcher {
	return func(text string, n int) ([][]int, error) { return r.FindAllStringSubmatchIndex(text, n), nil }
}

// from cuts a text at a position that counts characters from 1 and returns the rest and the number of bytes before it.
func from(text string, position int64) (string, int) {
	offset := 0
	for range position - 1 {
		if offset >= len(text) {
			break
		}
		offset++
		for offset < len(text) && text[offset]&0xC0 == 0x80 {
			offset++
		}
	}
	return text[offset:], offset
}

// occurrence returns the bounds of the nth match, in bytes of the whole text, and of its subexpressions.
func occurrence(text, expression string, position, n int64, parameters string) ([]int, error) {
	find, err := pattern(expression, parameters)
	if err != nil {
		return nil, err
	}
	rest, offset := from(text, position)
	matches, err := find(rest, int(n))
	if err != nil || n < 1 || int64(len(matches)) < n {
		return nil, err
	}
	bounds := matches[n-1]
	for i := range bounds {
		if bounds[i] >= 0 {
			bounds[i] += offset
		}
	}
	return bounds, nil
}

// RegexpSubstr is REGEXP_SUBSTR; with e in the parameters it returns the first subexpression, without a match "".
func RegexpSubstr(text, expression string, position, n int64, parameters string) (string, error) {
	bounds, err := occurrence(text, expression, position, n, parameters)
	if bounds == nil {
		return "", err
	}
	if strings.Contains(parameters, "e") && len(bounds) > 2 {
		bounds = bounds[2:]
	}
	if bounds[0] < 0 {
		return "", nil
	}
	return text[bounds[0]:bounds[1]], nil
}

// RegexpInstr is REGEXP_INSTR: the position of a match in characters, or behind it when option is 1; 0 without a match.
func RegexpInstr(text, expression string, position, n, option int64, parameters string) (int64, error) {
	bounds, err := occurrence(text, expression, position, n, parameters)
	if bounds == nil {
		return 0, err
	}
	if strings.Contains(parameters, "e") && len(bounds) > 2 {
		bounds = bounds[2:]
	}
	end := bounds[0]
	if option == 1 {
		end = bounds[1]
	}
	return int64(len([]rune(text[:end]))) + 1, nil
}

// RegexpCount is REGEXP_COUNT.
func RegexpCount(text, expression string, position int64, parameters string) (int64, error) {
	find, err := pattern(expression, parameters)
	if err != nil {
		return 0, err
	}
	rest, _ := from(text, position)
	matches, err := find(rest, -1)
	return int64(len(matches)), err
}

// RegexpReplace is REGEXP_REPLACE: it replaces every match from a position on. $1 or \1 stands for a subexpression.
func RegexpReplace(text, expression, replacement string, position int64, parameters string) (string, error) {
	find, err := pattern(expression, parameters)
	if err != nil {
		return "", err
	}
	rest, offset := from(text, position)
	matches, err := find(rest, -1)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(text[:offset])
	end := 0
	for _, bounds := range matches {
		b.WriteString(rest[end:bounds[0]])
		writeReplacement(&b, replacement, rest, bounds)
		end = bounds[1]
	}
	b.WriteString(rest[end:])
	return b.String(), nil
}

// writeReplacement writes a replacement, whose references are a sign and a digit; a subexpression that is not there is empty.
func writeReplacement(b *strings.Builder, replacement, text string, bounds []int) {
	for i := 0; i < len(replacement); i++ {
		c := replacement[i]
		if (c != '$' && c != '\\') || i+1 == len(replacement) || replacement[i+1] < '0' || replacement[i+1] > '9' {
			b.WriteByte(c)
			continue
		}
		i++
		if group := 2 * int(replacement[i]-'0'); group < len(bounds) && bounds[group] >= 0 {
			b.WriteString(text[bounds[group]:bounds[group+1]])
		}
	}
}

// SimilarPattern turns a pattern of SIMILAR TO into a regular expression that must match a whole text.
func SimilarPattern(pattern, escape string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case escape != "" && c == escape[0] && i+1 < len(pattern):
			i++
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		case c == '%':
			b.WriteString("(?:.|\n)*")
		case c == '_':
			b.WriteString("(?:.|\n)")
		case strings.IndexByte(".^$", c) >= 0:
			b.WriteString(`\` + string(c))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
