package syntax

import "strings"

// Signature says which arguments a function takes: <s-nn?:s>. Types are written with one letter each: s n b l a o f, m for a
// missing value.
type Signature struct{ Parameters []Parameter }

// Parameter is one parameter of a signature.
type Parameter struct {
	Types    string // the letters that fit
	Letter   byte   // as written; '(' for a choice
	Subtype  string // of an array's items or a function
	Optional bool
	Many     bool // one or more
	Context  bool // the context stands in for a missing argument
}

const anyType = "asnblfom"

// ParseSignature reads a signature in angle brackets.
func ParseSignature(text string) (*Signature, *Error) {
	s := &Signature{}
	for i := 1; i < len(text) && text[i] != ':'; i++ {
		c := text[i]
		last := len(s.Parameters) - 1
		switch c {
		case 's', 'n', 'b', 'l', 'o':
			s.add(c, string(c)+"m")
		case 'a', 'x':
			s.add(c, anyType)
		case 'j':
			s.add(c, "asnblom")
		case 'f':
			s.add(c, "f")
		case '(':
			end := closing(text, i, '(', ')')
			choice := text[i+1 : end]
			if strings.Contains(choice, "<") {
				return nil, &Error{Code: "S0402", Value: quote(choice)}
			}
			s.add('(', choice+"m")
			i = end
		case '-', '?', '+', '<':
			if last < 0 {
				return nil, &Error{Code: "S0401"}
			}
			if c != '<' {
				s.Parameters[last].modify(c)
				break
			}
			if letter := s.Parameters[last].Letter; letter != 'a' && letter != 'f' {
				return nil, &Error{Code: "S0401", Value: quote(string(letter))}
			}
			end := closing(text, i, '<', '>')
			s.Parameters[last].Subtype = text[i+1 : end]
			i = end
		}
	}
	return s, nil
}

func (s *Signature) add(letter byte, fit string) {
	s.Parameters = append(s.Parameters, Parameter{Letter: letter, Types: fit})
}

func (p *Parameter) modify(c byte) {
	switch c {
	case '-':
		p.Context, p.Optional = true, true
	case '?':
		p.Optional = true
	case '+':
		p.Many = true
	}
}

// closing returns the place of the bracket that closes the one at start, or the last byte.
func closing(text string, start int, open, shut byte) int {
	depth := 1
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case shut:
			if depth--; depth == 0 {
				return i
			}
		case open:
			depth++
		}
	}
	return max(len(text)-1, start+1)
}

// Match deals arguments, of which the types are given, out to the parameters, as many as possible to the first ones. It
// returns how many each takes; ok is false when they do not fit, and bad is then the first argument that does not.
func (s *Signature) Match(types []byte) (counts []int, bad int, ok bool) {
	m := matcher{parameters: s.Parameters, types: types, counts: make([]int, len(s.Parameters))}
	if m.from(0, 0) {
		return m.counts, 0, true
	}
	return nil, m.best, false
}

type matcher struct {
	parameters []Parameter
	types      []byte
	counts     []int
	best       int // how many arguments fitted at most
	failed     map[[2]int]bool
}

func (m *matcher) from(parameter, argument int) bool {
	m.best = max(m.best, argument)
	if parameter == len(m.parameters) {
		return argument == len(m.types)
	}
	key := [2]int{parameter, argument}
	if m.failed[key] {
		return false
	}
	p := &m.parameters[parameter]
	most := 0
	for argument+most < len(m.types) && (most == 0 || p.Many) && strings.IndexByte(p.Types, m.types[argument+most]) >= 0 {
		most++
	}
	least := 1
	if p.Optional {
		least = 0
	}
	for n := most; n >= least; n-- {
		m.counts[parameter] = n
		if m.from(parameter+1, argument+n) {
			return true
		}
	}
	if m.failed == nil {
		m.failed = map[[2]int]bool{}
	}
	m.failed[key] = true
	return false
}
