package plpgsql

import (
	"errors"

	"github.com/stepwell/stepwell/fault"
)

// Call runs the statement CALL name(expression, …) that stands at a place of the user's file: it looks the procedure up,
// picks the overload, evaluates the arguments and runs the body with its transactions. block says that the caller has an
// open BEGIN; then Call leaves a transaction open, also after an error, for the host to abort. Otherwise none is open
// when it begins and none when it ends: all is committed, or on an error rolled back.
//
// The result has one row with the OUT and INOUT arguments, or no columns when there are none. An error is a *Failure, or
// a fault where no procedure was reached.
func Call(host Host, statement string, at fault.Position, block bool) (Result, error) {
	s, err := parseCall(statement, at)
	if err != nil {
		return Result{}, err
	}
	caller := &frame{procedure: &Procedure{}, host: host}
	procedure, arguments, err := s.prepare(caller)
	if err != nil {
		return Result{}, unplaced(err)
	}
	caller.transaction = &transaction{host: host, nonAtomic: procedure.NonAtomic, block: block}
	if err := caller.transaction.start(); err != nil {
		return Result{}, err
	}
	callee, err := caller.invoke(procedure, arguments)
	if err = caller.transaction.finish(err); err != nil {
		return Result{}, err
	}
	return callee.answer(), nil
}

// parseCall reads a CALL that stands outside of any procedure: no name in it is a variable.
func parseCall(statement string, at fault.Position) (*callStatement, error) {
	p, err := newParser(statement, at)
	if err != nil {
		return nil, err
	}
	p.enter("")
	p.expect("CALL")
	s := p.call(p.place())
	p.accept(";")
	if p.err == nil && p.next < len(p.tokens) {
		p.refuse()
	}
	return s, p.err
}

// unplaced takes the CONTEXT off an error in the arguments of an outer CALL.
func unplaced(err error) error {
	var failure *Failure
	if errors.As(err, &failure) {
		return failure.Err
	}
	return err
}

// Failure is an error that ended a procedure. Context holds Redshift's CONTEXT lines, innermost first; Position is the
// failing statement's place in the text of CREATE PROCEDURE.
type Failure struct {
	Err      error
	Context  []string
	Position fault.Position

	owner   *frame   // whose CONTEXT line was added last
	handler *handler // that has handled the error already
}

// Error returns the message of the cause.
func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// prepare evaluates the arguments and finds the procedure.
func (s *callStatement) prepare(f *frame) (*Procedure, []argument, error) {
	arguments := make([]argument, len(s.arguments))
	for i, g := range s.arguments {
		t, v, err := f.evaluateAny(g)
		if err != nil {
			return nil, nil, err
		}
		arguments[i] = argument{typ: t, value: v}
	}
	candidates, err := f.host.Procedures(s.schema, s.name)
	if err != nil {
		return nil, nil, err
	}
	procedure, err := choose(candidates, s.spelled(), arguments)
	return procedure, arguments, err
}

func (s *callStatement) spelled() string {
	if s.schema != "" {
		return s.schema + "." + s.name
	}
	return s.name
}

// run is CALL inside of a body: variables given for INOUT arguments receive the values.
func (s *callStatement) run(f *frame) (signal, error) {
	procedure, arguments, err := s.prepare(f)
	if err != nil {
		return signal{}, err
	}
	if procedure.NonAtomic != f.procedure.NonAtomic {
		return signal{}, fault.Invalidf("procedure %q cannot be called from %q: both must be atomic, or both NONATOMIC",
			procedure.Name, f.procedure.Name).WithCode(codeNotSupported)
	}
	callee, err := f.invoke(procedure, arguments)
	if err != nil {
		return signal{}, f.calledFrom(s, err)
	}
	return signal{}, s.handBack(f, callee)
}

func (f *frame) calledFrom(s *callStatement, err error) error {
	var failure *Failure
	if !errors.As(err, &failure) {
		return err
	}
	outer := *failure
	outer.owner, outer.handler = nil, nil
	outer.Context = append(outer.Context[:len(outer.Context):len(outer.Context)], `SQL statement "`+s.text+`"`)
	return &outer
}

// handBack stores what INOUT arguments hold at the end of a nested call.
func (s *callStatement) handBack(f *frame, callee *frame) error {
	input := 0
	for i, a := range callee.procedure.Arguments {
		if a.Mode == Out {
			continue
		}
		variable := s.arguments[input].variable()
		input++
		if a.Mode != InOut {
			continue
		}
		if variable == nil {
			return fault.Invalidf("the argument for INOUT parameter %d of procedure %q must be a variable", i+1, callee.procedure.Name).WithCode(codeMismatch)
		}
		from := callee.slots[i]
		if err := f.assign([]target{{slot: variable.slot, field: variable.field}}, []Column{{Type: from.typ.literalType()}}, []Value{from.value}); err != nil {
			return err
		}
	}
	return nil
}

// invoke runs a procedure in a frame of its own and returns the frame, whose first slots are the arguments.
func (f *frame) invoke(p *Procedure, inputs []argument) (*frame, error) {
	if f.depth == maxDepth {
		return nil, fault.Invalidf("stored procedure calls are nested deeper than %d levels", maxDepth).WithCode(codeTooDeep)
	}
	callee := &frame{procedure: p, host: f.host, transaction: f.transaction, depth: f.depth + 1}
	callee.slots = append(callee.slots, p.variables...)
	next := 0
	for i, a := range p.Arguments {
		if a.Mode == Out {
			continue
		}
		v, err := callee.convert(inputs[next].value, inputs[next].typ, callee.slots[i].typ)
		if err != nil {
			return nil, err
		}
		callee.slots[i].value = v
		next++
	}
	return callee, callee.settled()
}

// settled runs the body while the parameters of the SET clauses have their values.
func (f *frame) settled() (err error) {
	settings := f.procedure.Settings
	if len(settings) > 0 {
		f.transaction.pinned++
		defer func() { f.transaction.pinned-- }()
	}
	for _, s := range settings {
		previous, e := f.host.Set(s.Parameter, s.Value)
		if e != nil {
			return e
		}
		defer func() {
			if _, e := f.host.Set(s.Parameter, previous); err == nil {
				err = e
			}
		}()
	}
	_, err = f.procedure.body.run(f)
	return err
}

// answer is the row of CALL.
func (f *frame) answer() Result {
	var result Result
	var row []Value
	for i, a := range f.procedure.Arguments {
		if a.Mode == In {
			continue
		}
		name := a.Name
		if name == "" {
			name = "column" + integer(int64(len(row)+1)).Text
		}
		result.Columns = append(result.Columns, Column{Name: name, Type: a.Type})
		row = append(row, f.slots[i].value)
	}
	if row != nil {
		result.Rows = [][]Value{row}
	}
	return result
}
