package regex

import "errors"

// matcher is one search.
type matcher struct {
	*Regexp
	text  []rune
	slots []int
	stack []frame
	steps int // since spend was last called
	spend func(int) error
}

// frame is a place to go back to: kept decisions, and what slots had before.
type frame struct {
	kind frameKind
	pc   int
	at   int // in the text; of a slot, its value
	stop int // of a run, how far it may give back or take; of a slot, which
}

type frameKind uint8

const (
	goBack frameKind = iota
	restore
	giveBack // a greedy run gives back a character
	takeMore // a lazy run takes one more
)

// maxStack bounds the places to go back to.
const maxStack = 1 << 20

var errStack = errors.New("too many places to go back to")

// spending is after how many steps they are told.
const spending = 1 << 12

func (m *matcher) push(f frame) { m.stack = append(m.stack, f) }

func (m *matcher) set(slot, at int) {
	m.push(frame{kind: restore, at: m.slots[slot], stop: slot})
	m.slots[slot] = at
}

// run matches from an instruction on and returns where the match ends, -1 for none. Without a match the slots are as they were.
func (m *matcher) run(pc, at int) (int, error) {
	base := len(m.stack)
	for {
		if err := m.step(); err != nil {
			return -1, err
		}
		i := &m.program[pc]
		if i.op == opMatch {
			return at, nil
		}
		next, to, err := m.do(i, pc, at)
		if err != nil {
			return -1, err
		}
		if next < 0 {
			if next, to = m.back(base); next < 0 {
				return -1, nil
			}
		}
		pc, at = next, to
	}
}

func (m *matcher) step() error {
	if m.steps++; m.steps < spending {
		return nil
	}
	if len(m.stack) > maxStack {
		return errStack
	}
	steps := m.steps
	m.steps = 0
	return m.spend(steps)
}

// do carries an instruction out and returns where to go on; next is -1 when it did not fit.
func (m *matcher) do(i *instruction, pc, at int) (next, to int, err error) {
	fits := true
	switch i.op {
	case opSet:
		at, fits = m.take(i, at)
	case opRun:
		return m.takeRun(i, pc, at)
	case opSplit:
		m.push(frame{kind: goBack, pc: i.y, at: at})
		return i.x, at, nil
	case opJump:
		return i.x, at, nil
	case opSave:
		m.set(i.x, at)
	case opClear:
		for slot := 2 * i.x; slot < 2*i.y; slot++ {
			m.set(slot, -1)
		}
		m.steps += 2 * (i.y - i.x)
	case opMoved:
		fits = m.slots[i.x] != at
	case opAssert:
		fits = i.assert.holds(m.text, at)
	case opLook:
		fits, err = m.look(i, pc, at)
		pc = i.x - 1
	case opRefer:
		at, fits = m.refer(i, at)
	}
	if !fits {
		return -1, 0, err
	}
	return pc + 1, at, err
}

// back goes to the last decision that may still be made otherwise.
func (m *matcher) back(base int) (pc, at int) {
	for len(m.stack) > base {
		f := &m.stack[len(m.stack)-1]
		switch f.kind {
		case goBack:
			m.stack = m.stack[:len(m.stack)-1]
			return f.pc, f.at
		case restore:
			m.slots[f.stop] = f.at
		case giveBack:
			if f.at != f.stop {
				f.at -= direction(&m.program[f.pc-1])
				return f.pc, f.at
			}
		case takeMore:
			if at, ok := m.take(&m.program[f.pc-1], f.at); ok && f.at != f.stop {
				f.at = at
				return f.pc, f.at
			}
		}
		m.stack = m.stack[:len(m.stack)-1]
	}
	return -1, 0
}

func direction(i *instruction) int {
	if i.back {
		return -1
	}
	return 1
}

// take takes one character of the instruction's set and returns the place behind it.
func (m *matcher) take(i *instruction, at int) (to int, ok bool) {
	if i.back {
		return at - 1, at > 0 && i.set.has(m.text[at-1])
	}
	return at + 1, at < len(m.text) && i.set.has(m.text[at])
}

// takeRun takes characters of one set, of which only the last decision is kept.
func (m *matcher) takeRun(i *instruction, pc, at int) (next, to int, err error) {
	step, most := direction(i), len(m.text)-at
	if i.back {
		most = at
	}
	if i.y >= 0 {
		most = min(most, i.y)
	}
	want, taken, end := most, 0, at
	if i.lazy {
		want = min(most, i.x)
	}
	for taken < want {
		behind, ok := m.take(i, end)
		if !ok {
			break
		}
		taken, end = taken+1, behind
	}
	m.steps += taken / 4
	switch {
	case taken < i.x:
		return -1, 0, nil
	case i.lazy:
		m.push(frame{kind: takeMore, pc: pc + 1, at: end, stop: at + step*most})
	case taken > i.x:
		m.push(frame{kind: giveBack, pc: pc + 1, at: end, stop: at + step*i.x})
	}
	return pc + 1, end, nil
}

// look tries what stands ahead or behind. What its groups matched stays only of a match that is wanted.
func (m *matcher) look(i *instruction, pc, at int) (bool, error) {
	before, base := append([]int(nil), m.slots...), len(m.stack)
	m.steps += len(m.slots) / 8
	end, err := m.run(pc+1, at)
	m.stack = m.stack[:base]
	if i.negative || end < 0 {
		copy(m.slots, before)
		return (end < 0) == i.negative, err
	}
	for slot, was := range before {
		if m.slots[slot] != was {
			m.push(frame{kind: restore, at: was, stop: slot})
		}
	}
	return true, err
}

// refer takes what a group has matched; one that has not matches nothing.
func (m *matcher) refer(i *instruction, at int) (int, bool) {
	from, to := m.slots[2*i.x], m.slots[2*i.x+1]
	if from < 0 || to < 0 {
		return at, true
	}
	size := to - from
	start, end := at, at+size
	if i.back {
		start, end = at-size, at-size
	}
	if start < 0 || start+size > len(m.text) {
		return at, false
	}
	m.steps += size / 4
	for k, r := range m.text[from:to] {
		if other := m.text[start+k]; other != r && !(m.fold && canonical(other) == canonical(r)) {
			return at, false
		}
	}
	return end, true
}
