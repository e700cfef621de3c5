package plpgsql

import (
	"errors"
	"fmt"

	"github.com/stepwell/stepwell/fault"
)

// signalKind tells how to go on behind a statement.
type signalKind uint8

const (
	signalNext signalKind = iota
	signalExit
	signalContinue
	signalReturn
)

// String returns the statement that gives the signal.
func (k signalKind) String() string { return [...]string{"NEXT", "EXIT", "CONTINUE", "RETURN"}[k] }

// signal is how to go on; label is the loop or block that EXIT or CONTINUE names.
type signal struct {
	kind  signalKind
	label string
}

// frame is one procedure while it runs.
type frame struct {
	procedure   *Procedure
	host        Host
	transaction *transaction
	depth       int
	slots       []variable
	rowCount    int64
	// handlers are the blocks with a handler around the running statement, innermost last; nil stands for a handler
	// that runs, whose errors are not its own to handle.
	handlers []*block
	handled  []error // what the running handlers handle, innermost last
	portals  int     // counts cursors without a name
}

// statements runs a list. When the block around it goes on after errors, it handles them here, so that the statement
// behind the failing one is next, also inside of a loop.
func (f *frame) statements(list []statement) (signal, error) {
	for _, s := range list {
		if err := f.host.Interrupted(); err != nil {
			return signal{}, err
		}
		next, err := s.run(f)
		if err != nil {
			err = f.locate(s, err)
			around := f.handler()
			if around == nil || !around.handler.resume || !around.handler.catches(err) {
				return signal{}, err
			}
			if next, err = f.handle(around.handler, err); err != nil {
				return signal{}, err
			}
		}
		if next.kind != signalNext {
			return next, nil
		}
	}
	return signal{}, nil
}

// handler returns the block whose handler an error of the running statement goes to first, nil when there is none.
func (f *frame) handler() *block {
	if len(f.handlers) == 0 {
		return nil
	}
	return f.handlers[len(f.handlers)-1]
}

// catches reports whether a handler takes an error. WHEN OTHERS does not take cancellations, nor does a handler take what
// it has let go itself.
func (h *handler) catches(err error) bool {
	var failure *Failure
	return fault.CodeOf(err) != codeCancelled && !(errors.As(err, &failure) && failure.handler == h)
}

// locate adds the CONTEXT line of a statement to an error that comes from it. Compound statements pass on what their
// parts have located already.
func (f *frame) locate(s statement, err error) error {
	failure := &Failure{}
	if errors.As(err, &failure) {
		if failure.owner == f {
			return err
		}
		failure = &Failure{Err: failure.Err, Context: failure.Context, Position: failure.Position}
	} else {
		failure = &Failure{Err: err}
	}
	failure.owner = f
	if !failure.Position.IsValid() {
		failure.Position = s.where().at
	}
	if fault.CodeOf(err) != codeRaise || s.kind() != "raise" {
		failure.Context = append(failure.Context[:len(failure.Context):len(failure.Context)],
			fmt.Sprintf("PL/pgSQL function %q line %d at %s", f.procedure.Name, s.where().line, s.kind()))
	}
	return failure
}

// inSQL adds the CONTEXT line of a SQL text to an error of the host.
func inSQL(sql string, err error) error {
	failure := &Failure{}
	if errors.As(err, &failure) {
		return err
	}
	return &Failure{Err: err, Context: []string{fmt.Sprintf("SQL statement \"%s\"", sql)}}
}

// condition evaluates a fragment as a condition; null counts as false.
func (f *frame) condition(g fragment) (bool, error) {
	v, err := f.evaluate(g, booleanType)
	return v.Text == "t", err
}

func (s *ifStatement) run(f *frame) (signal, error) {
	for _, b := range s.branches {
		holds, err := f.condition(b.condition)
		if err != nil {
			return signal{}, err
		}
		if holds {
			return f.statements(b.body)
		}
	}
	return f.statements(s.otherwise)
}

func (s *caseStatement) run(f *frame) (signal, error) {
	if s.operand != nil {
		t, v, err := f.evaluateAny(*s.operand)
		if err != nil {
			return signal{}, err
		}
		f.slots[s.slot].typ, f.slots[s.slot].value = t, v
	}
	for _, b := range s.branches {
		holds, err := f.condition(b.condition)
		if err != nil {
			return signal{}, err
		}
		if holds {
			return f.statements(b.body)
		}
	}
	if !s.hasOtherwise {
		return signal{}, fault.Invalidf("case not found").WithCode(codeCaseNotFound)
	}
	return f.statements(s.otherwise)
}

// iterate runs the body once and tells whether the loop ends, and with which signal.
func (l *loop) iterate(f *frame) (ended bool, next signal, err error) {
	if err := f.host.Interrupted(); err != nil {
		return true, signal{}, err
	}
	next, err = f.statements(l.body)
	if err != nil {
		return true, signal{}, err
	}
	mine := next.label == "" || next.label == l.label
	switch {
	case next.kind == signalNext, next.kind == signalContinue && mine:
		return false, signal{}, nil
	case next.kind == signalExit && mine:
		return true, signal{}, nil
	}
	return true, next, nil
}

func (s *whileStatement) run(f *frame) (signal, error) {
	for {
		if s.condition != nil {
			holds, err := f.condition(*s.condition)
			if err != nil || !holds {
				return signal{}, err
			}
		}
		if ended, next, err := s.iterate(f); ended {
			return next, err
		}
	}
}

// run counts with a variable of its own: what the body assigns to the loop's variable does not change the number of turns.
func (s *forRangeStatement) run(f *frame) (signal, error) {
	first, err := f.bound(s.first, "lower")
	if err != nil {
		return signal{}, err
	}
	last, err := f.bound(s.last, "upper")
	if err != nil {
		return signal{}, err
	}
	step := int64(1)
	if s.reverse {
		step = -1
	}
	turned, next := false, signal{}
	for i := first; (last-i)*step >= 0; i += step {
		turned = true
		f.slots[s.slot].value = integer(i)
		var ended bool
		if ended, next, err = s.iterate(f); ended {
			break
		}
	}
	f.setFound(turned)
	return next, err
}

func (f *frame) bound(g fragment, which string) (int64, error) {
	v, err := f.evaluate(g, integerType)
	if err != nil {
		return 0, err
	}
	if v.Null {
		return 0, fault.Invalidf("%s bound of FOR loop cannot be NULL", which).WithCode(codeNullValue)
	}
	n, ok := integerType.integer(v)
	if !ok {
		return 0, fault.Invalidf("%s bound of FOR loop is %s, which is no integer", which, v.Text).WithCode(codeMismatch)
	}
	return n, nil
}

func (s *leaveStatement) run(f *frame) (signal, error) {
	if s.when != nil {
		holds, err := f.condition(*s.when)
		if err != nil || !holds {
			return signal{}, err
		}
	}
	return signal{kind: s.keyword, label: s.label}, nil
}

func (s *returnStatement) run(*frame) (signal, error) { return signal{kind: signalReturn}, nil }

func (s *nullStatement) run(*frame) (signal, error) { return signal{}, nil }
