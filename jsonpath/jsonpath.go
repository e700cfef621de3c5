// Package jsonpath reads and evaluates JSONPath as Step Functions does, which means Jayway's dialect: names with hyphens
// ($.detail-type), a dot before a bracket ($.[0]), several names in one bracket that make an object ($['a','b']), filters
// ([?(@.a == 'x')]) and functions ($.items.length()).
//
// It knows nothing of the context object ($$) and of variables: package asl/intrinsic maps them to paths.
//
//	p, err := jsonpath.Parse("$.orders[0].id")
//	id, err := p.Eval(input)          // the value, or a *MissingError
//	out, err := p.Set(input, result)  // for a Reference Path
//
// A Path is immutable and may be used by several goroutines.
package jsonpath

import (
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// Path is a parsed path.
type Path struct {
	text  string
	steps []step
}

// ParseError says where and why a text is no path. Column counts from 1, in characters.
type ParseError struct {
	Path   string
	Column int
	Reason string
}

// Error returns the path, the column and the reason.
func (e *ParseError) Error() string {
	return fmt.Sprintf("path %s, column %d: %s", e.Path, e.Column, e.Reason)
}

// MissingError says that a path selects nothing. Error returns the text that AWS writes behind "Invalid path '$.a' : ",
// such as "No results for path: $['a']".
type MissingError struct {
	Path   string // as it was written
	Step   string // the step that found nothing, without its punctuation
	Reason string
	// PastEnd marks a path that ends in an index beyond the end of an array: a payload template takes null for it.
	PastEnd bool
	// NotArray marks an index into something else than an array.
	NotArray bool
}

// Error returns the reason.
func (e *MissingError) Error() string { return e.Reason }

// ReferenceError says that Set cannot reach the place, which AWS calls States.ReferencePathConflict. Error returns AWS's
// text.
type ReferenceError struct {
	Step  string      // the step that has no place to go to
	Input value.Value // what Set was given
}

// Error returns AWS's text.
func (e *ReferenceError) Error() string {
	return fmt.Sprintf("Unable to apply step %q to input %s", e.Step, e.Input.Text())
}

// Parse reads a path that begins with $. The error is a *ParseError.
func Parse(text string) (*Path, error) {
	p := &parser{text: text}
	path, err := p.path('$')
	if err == nil && p.at < len(text) {
		err = p.fail("unexpected %s", p.here())
	}
	if err != nil {
		return nil, err
	}
	return path, nil
}

// String returns the path as it was written.
func (p *Path) String() string { return p.text }

// Definite reports whether p selects one value at most, so that its value is what it selects and not an array of matches.
func (p *Path) Definite() bool { return allDefinite(p.steps) || p.picks() }

// picks reports whether the path ends in several names behind a definite way: it selects one object.
func (p *Path) picks() bool {
	last := len(p.steps) - 1
	_, ok := p.steps[last].(members)
	return ok && allDefinite(p.steps[:last])
}

func allDefinite(steps []step) bool {
	for i, s := range steps {
		if !s.definite() {
			_, isCall := steps[len(steps)-1].(call)
			return i == 0 && isCall && isScan(s)
		}
	}
	return true
}

// IsReference reports whether p is a Reference Path: it names one place, by member names and non-negative indices only.
func (p *Path) IsReference() bool {
	for _, s := range p.steps {
		if _, _, ok := reference(s); !ok {
			return false
		}
	}
	return true
}

// reference returns the member name (index -1) or the index that a step of a Reference Path stands for.
func reference(s step) (name string, index int, ok bool) {
	switch s := s.(type) {
	case members:
		if len(s) == 1 {
			return s[0], -1, true
		}
	case indices:
		if len(s) == 1 && s[0] >= 0 {
			return "", s[0], true
		}
	}
	return "", 0, false
}

// normal is how Jayway prints a path: $['a'][0].
func normal(steps []step) string {
	var out strings.Builder
	out.WriteByte('$')
	for _, s := range steps {
		out.WriteString(s.String())
	}
	return out.String()
}
