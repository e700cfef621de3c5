package function

import (
	"regexp"
	"time"

	"github.com/dlclark/regexp2/v2"

	"github.com/stepwell/stepwell/fault"
)

// perlLimit bounds one match of an expression that may backtrack; the linear engine needs no bound.
const perlLimit = time.Second

// compilePerl compiles an expression with the parameter p. The engine that backtracks is met only by what needs it.
func compilePerl(expression string) (matcher, error) {
	if r, err := regexp.Compile(expression); err == nil {
		return linear(r), nil
	}
	r, err := regexp2.Compile(expression)
	if err != nil {
		return nil, err
	}
	r.MatchTimeout = perlLimit
	return func(text string, n int) ([][]int, error) { return perlMatches(r, text, n) }, nil
}

func perlMatches(r *regexp2.Regexp, text string, n int) ([][]int, error) {
	var matches [][]int
	match, err := r.FindStringMatch(text)
	for match != nil && err == nil && len(matches) != n {
		matches = append(matches, perlBounds(match))
		match, err = r.FindNextMatch(match)
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "regular expression needs too many steps: %s", r).WithCode("54000").Because(err)
	}
	return matches, nil
}

func perlBounds(match *regexp2.Match) []int {
	var bounds []int
	for _, group := range match.Groups() {
		if len(group.Captures) == 0 {
			bounds = append(bounds, -1, -1)
			continue
		}
		start, length := group.ByteRange()
		bounds = append(bounds, start, start+length)
	}
	return bounds
}
