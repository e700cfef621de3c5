package jsonata

import "github.com/stepwell/stepwell/jsonata/syntax"

// Limits bound an evaluation. They are counted, not measured, so that the same evaluation ends in the same way on every machine. A
// zero field stands for its default.
type Limits struct {
	Steps  int // parts of the expression that are evaluated, items that are passed over; 5 million
	Depth  int // how deep evaluations nest; 4,000
	Memory int // bytes of strings and arrays that are made, also of those dropped again; 64 MiB
}

const (
	defaultSteps  = 5_000_000
	defaultDepth  = 4_000
	defaultMemory = 64 << 20

	itemSize  = 24 // of an item in an array
	entrySize = 96 // of one that is found by a key
)

func (l Limits) orDefaults() Limits {
	pick := func(n, standard int) int {
		if n == 0 {
			return standard
		}
		return n
	}
	return Limits{pick(l.Steps, defaultSteps), pick(l.Depth, defaultDepth), pick(l.Memory, defaultMemory)}
}

// spend counts n steps.
func (m *evaluation) spend(n int) error {
	if m.left.Steps -= n; m.left.Steps < 0 {
		return timeout(-1)
	}
	return nil
}

func timeout(position int) error {
	return &Error{Code: LimitReached, Position: position, Message: "Expression evaluation timeout: Check for infinite loop"}
}

// allocate counts n bytes.
func (m *evaluation) allocate(n int) error {
	if m.left.Memory -= n; n < 0 || m.left.Memory < 0 {
		const sentence = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
		return &Error{Code: LimitReached, Position: -1, Message: sentence}
	}
	return nil
}

func stackOverflow() error {
	const sentence = "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive."
	return &Error{Code: LimitReached, Position: -1, Message: sentence}
}

// enter counts one evaluation inside another; the caller takes it off m.depth again.
func (m *evaluation) enter() error {
	if m.depth++; m.depth > m.left.Depth {
		return stackOverflow()
	}
	return m.spend(1)
}

// The codes that are not the reference's.
const (
	// LimitReached is the code of an evaluation that a limit has ended.
	LimitReached = "U1001"
	// NoValue is the code of a result that Step Functions cannot use: it is a function, or has one in it.
	NoValue = "U1002"
)

// Error says why an expression cannot be compiled or evaluated.
type Error = syntax.Error

func fail(code string) *Error { return &Error{Code: code, Position: -1} }

// failWith makes an error about an item.
func failWith(code string, x item) *Error {
	return &Error{Code: code, Position: -1, Value: describe(x)}
}

// describe prints an item for a message.
func describe(x item) string {
	if kindOf(x) == missing {
		return ""
	}
	m := &evaluation{left: Limits{}.orDefaults()}
	p := &printer{m: m, exact: true}
	if p.write(x, 0) != nil {
		return "null"
	}
	return p.out.String()
}
