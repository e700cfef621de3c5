// Package regex are regular expressions in the syntax and meaning of ECMAScript, as JSONata has them: with look-around, references back
// and lazy repetition. It matches by going back, and counts what that costs instead of looking at a clock, so that the same match
// ends in the same way everywhere. A text is a row of code points, not of UTF-16 units.
//
//	r, err := regex.Compile(`(\w+)@(?!example)`, regex.IgnoreCase)
//	groups, err := r.Match([]rune(text), 0, spend)
package regex

// Flags change what an expression matches.
type Flags uint8

const (
	// IgnoreCase is the flag i.
	IgnoreCase Flags = 1 << iota
	// Multiline is the flag m: ^ and $ also match at the ends of lines.
	Multiline
)

// Regexp is a compiled expression. Several goroutines may use it.
type Regexp struct {
	program []instruction
	groups  int // with the whole match, which is group 0
	slots   int // the groups' two ends, then the places where iterations began
	fold    bool
}

// Groups returns how many groups there are, the whole match not counted.
func (r *Regexp) Groups() int { return r.groups - 1 }

// Match looks for the first match that begins at from or later. It returns where the match and its groups begin and end, -1 for a
// group that took no part; nil when there is none. spend is told how many steps were made since it was last called; its error
// ends the search.
func (r *Regexp) Match(text []rune, from int, spend func(steps int) error) ([]int, error) {
	m := &matcher{Regexp: r, text: text, slots: make([]int, r.slots), spend: spend}
	first := r.first()
	for at := from; at <= len(text); at++ {
		if first != nil && (at == len(text) || !first.has(text[at])) {
			if err := m.step(); err != nil {
				return nil, err
			}
			continue
		}
		for i := range m.slots {
			m.slots[i] = -1
		}
		m.steps += len(m.slots) / 8
		m.stack = m.stack[:0]
		end, err := m.run(0, at)
		if err != nil {
			return nil, err
		}
		if end >= 0 {
			m.slots[0], m.slots[1] = at, end
			return m.slots[:2*r.groups], spend(m.steps)
		}
	}
	return nil, spend(m.steps)
}

// first returns the set that every match begins with a character of, nil when that is not so simple.
func (r *Regexp) first() *set {
	if i := &r.program[0]; i.op == opSet || i.op == opRun && i.x > 0 {
		return i.set
	}
	return nil
}
