package jsonata

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stepwell/stepwell/jsonata/regex"
	"github.com/stepwell/stepwell/jsonata/syntax"
)

// pattern is a compiled regular expression in ECMAScript's syntax.
type pattern struct {
	engine   *regex.Regexp
	source   string
	position int
}

func (c *compiler) regex(n *syntax.Node) (operation, error) {
	var flags regex.Flags
	for _, flag := range n.Flags {
		switch flag {
		case 'i':
			flags |= regex.IgnoreCase
		case 'm':
			flags |= regex.Multiline
		}
	}
	engine, err := regex.Compile(n.Text, flags)
	if err != nil {
		return nil, &Error{Code: "S0303", Position: n.Position, Token: err.Error()}
	}
	p := &pattern{engine: engine, source: n.Text, position: n.Position}
	return constant{&function{arity: 2, pattern: p, native: p.call}}, nil
}

// call is a regular expression used as a function: of a text it gives the first match, with a function for the next.
func (p *pattern) call(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	search := p.search(s)
	if from, ok := float(c.arg(1)); ok {
		search.at = min(max(0, int(from)), len(search.chars))
	}
	f, err := search.next(c.evaluation)
	if err != nil || f == nil {
		return nil, err
	}
	return f.record(search), nil
}

// found is one match. Start and end count UTF-16 units.
type found struct {
	match      string
	start, end int
	groups     []item
}

func (f *found) record(search *search) item {
	next := *search
	return &record{members: []member{
		{"match", f.match}, {"start", float64(f.start)}, {"end", float64(f.end)}, {"groups", &list{items: f.groups}},
		{"next", &function{native: func(c *call) (item, error) {
			after := next
			f, err := after.next(c.evaluation)
			if err != nil || f == nil {
				return nil, err
			}
			return f.record(&after), nil
		}}},
	}}
}

// search goes through the matches of a pattern in a text.
type search struct {
	pattern *pattern
	chars   []rune
	ascii   bool
	at      int
	unit    int // at in UTF-16 units
	behind  bool
}

func (p *pattern) search(s string) *search {
	return &search{pattern: p, chars: []rune(s), ascii: isASCII(s)}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// next returns the next match, nil when there is none.
func (s *search) next(m *evaluation) (*found, error) {
	if s.behind && s.at >= len(s.chars) {
		return nil, nil
	}
	if err := m.spend(1); err != nil {
		return nil, err
	}
	ends, err := s.pattern.engine.Match(s.chars, s.at, func(steps int) error { return m.spend(steps / matchSteps) })
	if err != nil {
		return nil, timeout(s.pattern.position)
	}
	if ends == nil {
		return nil, nil
	}
	if ends[0] == ends[1] && s.behind {
		return nil, &Error{Code: "D1004", Position: s.pattern.position, Value: describe(s.pattern.source)}
	}
	f := &found{match: string(s.chars[ends[0]:ends[1]]), start: s.units(ends[0]), end: s.units(ends[1])}
	s.at, s.behind = ends[1], true
	for i := 2; i < len(ends); i += 2 {
		var text item
		if ends[i] >= 0 {
			text = string(s.chars[ends[i]:ends[i+1]])
		}
		f.groups = append(f.groups, text)
	}
	return f, m.allocate(len(f.match) + itemSize*len(f.groups))
}

// matchSteps is how many steps of a match count as one of an evaluation; they are that much smaller.
const matchSteps = 8

// units returns how many UTF-16 units stand before a character.
func (s *search) units(at int) int {
	if s.ascii {
		return at
	}
	n := 0
	for _, r := range s.chars[:at] {
		n += utf16.RuneLen(r)
	}
	return n
}

// units returns a text in UTF-16.
func units(s string) []uint16 { return utf16.Encode([]rune(s)) }

// unitText is a text of which parts are taken by UTF-16 units.
type unitText struct {
	text  string
	units []uint16 // nil for ASCII
}

func newUnitText(s string) unitText {
	if isASCII(s) {
		return unitText{text: s}
	}
	return unitText{s, units(s)}
}

func (t unitText) slice(from, to int) string {
	size := len(t.text)
	if t.units != nil {
		size = len(t.units)
	}
	from, to = max(0, min(from, size)), max(0, min(to, size))
	if from >= to {
		return ""
	}
	if t.units == nil {
		return t.text[from:to]
	}
	return string(utf16.Decode(t.units[from:to]))
}

func (t unitText) from(start int) string { return t.slice(start, len(t.text)) }
