package regex

// node is a part of an expression.
type node interface{ emit(c *compiler) }

type (
	// empty matches where it stands.
	empty struct{}
	// sequence are parts one behind the other.
	sequence []node
	// choice are parts of which the first that fits is taken.
	choice []node
	// group is a part whose match is kept.
	group struct {
		index int
		body  node
	}
	// repeat is a part that comes several times. Its groups are those from first up to, but not including, end.
	repeat struct {
		body       node
		min, max   int // max -1: without end
		lazy       bool
		first, end int
	}
	// look is a part that must match, or not, ahead or behind, without taking anything.
	look struct {
		body             node
		behind, negative bool
	}
	// reference matches what a group has matched; a name is replaced by its group when all groups are known.
	reference struct {
		index int
		name  string
	}
)

// operation is what an instruction does.
type operation uint8

const (
	opMatch  operation = iota // the end
	opSet                     // take a character of a set
	opRun                     // take as many characters of a set as x to y, or as few
	opSplit                   // go on at x, later at y
	opJump                    // go on at x
	opSave                    // keep the place in slot x
	opClear                   // forget the groups x to y
	opMoved                   // go on if the place is not that in slot x
	opAssert                  // go on if the assertion holds
	opLook                    // go on at x if what stands between matches
	opBehind                  // go on if the place is the one that a look behind began at, in slot x
	opRefer                   // take what group x has matched
)

type instruction struct {
	op       operation
	x, y     int
	set      *set
	assert   assertion
	lazy     bool
	negative bool
	back     bool // what is taken stands before the place, as in a look behind
}

// maxProgram bounds the instructions of an expression; counted repetitions are written out.
const maxProgram = 50_000

type compiler struct {
	program []instruction
	slots   int
	back    bool // inside of a look behind
	full    bool
}

func (c *compiler) add(i instruction) (at int) {
	if len(c.program) >= maxProgram {
		c.full = true
		return 0
	}
	c.program = append(c.program, i)
	return len(c.program) - 1
}

func (c *compiler) slot() int {
	c.slots++
	return c.slots - 1
}

// here makes an instruction that was added go on at the next one.
func (c *compiler) here(at int, first bool) {
	if first {
		c.program[at].x = len(c.program)
	} else {
		c.program[at].y = len(c.program)
	}
}

func (empty) emit(*compiler) {}

func (s sequence) emit(c *compiler) {
	for i, part := range s {
		if c.back {
			part = s[len(s)-1-i]
		}
		part.emit(c)
	}
}

func (alternatives choice) emit(c *compiler) {
	var ends []int
	for i, part := range alternatives {
		if i == len(alternatives)-1 {
			part.emit(c)
			break
		}
		split := c.add(instruction{op: opSplit})
		c.here(split, true)
		part.emit(c)
		ends = append(ends, c.add(instruction{op: opJump}))
		c.here(split, false)
	}
	for _, end := range ends {
		c.here(end, true)
	}
}

func (g group) emit(c *compiler) {
	first, last := 2*g.index, 2*g.index+1
	if c.back {
		first, last = last, first
	}
	c.add(instruction{op: opSave, x: first})
	g.body.emit(c)
	c.add(instruction{op: opSave, x: last})
}

func (s *set) emit(c *compiler)       { c.add(instruction{op: opSet, set: s, back: c.back}) }
func (a assertion) emit(c *compiler)  { c.add(instruction{op: opAssert, assert: a}) }
func (r *reference) emit(c *compiler) { c.add(instruction{op: opRefer, x: r.index, back: c.back}) }

func (l look) emit(c *compiler) {
	outside := c.back
	at := c.add(instruction{op: opLook, negative: l.negative})
	c.back = l.behind
	l.body.emit(c)
	c.back = outside
	c.add(instruction{op: opMatch})
	c.here(at, true)
}

func (r repeat) emit(c *compiler) {
	if s, ok := single(r.body); ok {
		c.add(instruction{op: opRun, set: s, x: r.min, y: r.max, lazy: r.lazy, back: c.back})
		return
	}
	for i := 0; i < r.min && !c.full; i++ {
		r.iteration(c)
	}
	if r.max < 0 {
		r.loop(c)
		return
	}
	var splits []int
	for i := r.min; i < r.max && !c.full; i++ {
		splits = append(splits, c.add(instruction{op: opSplit}))
		c.here(splits[len(splits)-1], !r.lazy)
		r.moving(c)
	}
	for _, at := range splits {
		c.here(at, r.lazy)
	}
}

// loop is a repetition without end.
func (r repeat) loop(c *compiler) {
	split := c.add(instruction{op: opSplit})
	c.here(split, !r.lazy)
	r.moving(c)
	c.add(instruction{op: opJump, x: split})
	c.here(split, r.lazy)
}

// moving is an iteration that need not be; as ECMAScript wants, it counts only if it takes something.
func (r repeat) moving(c *compiler) {
	place := c.slot()
	c.add(instruction{op: opSave, x: place})
	r.iteration(c)
	c.add(instruction{op: opMoved, x: place})
}

// iteration is the body once, in which its groups begin without a match.
func (r repeat) iteration(c *compiler) {
	if r.end > r.first {
		c.add(instruction{op: opClear, x: r.first, y: r.end})
	}
	r.body.emit(c)
}

// single returns the set that a body is, maybe within brackets.
func single(body node) (*set, bool) {
	if s, ok := body.(sequence); ok && len(s) == 1 {
		return single(s[0])
	}
	s, ok := body.(*set)
	return s, ok
}
