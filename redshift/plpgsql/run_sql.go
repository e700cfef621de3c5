package plpgsql

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

func (s *assignStatement) run(f *frame) (signal, error) {
	want, err := f.typeOf(s.target)
	if err != nil {
		return signal{}, err
	}
	if want.isRecord() {
		return signal{}, fault.Invalidf("record variable %q cannot be assigned an expression", f.slots[s.target.slot].name).WithCode(codeAssignment)
	}
	v, err := f.evaluate(s.value, want)
	if err != nil {
		return signal{}, err
	}
	return signal{}, f.store(s.target, v)
}

func (s *sqlStatement) run(f *frame) (signal, error) {
	if s.targets == nil && !s.perform && (s.verb == "SELECT" || s.verb == "WITH" || s.verb == "(") {
		return signal{}, fault.Invalidf("query has no destination for result data").WithCode(codeSyntax)
	}
	if s.verb == "TRUNCATE" {
		return signal{}, f.truncate(s.sql)
	}
	result, err := f.query(s.sql)
	if err != nil {
		return signal{}, err
	}
	return signal{}, s.finish(f, result)
}

func (f *frame) truncate(g fragment) error {
	err := f.transaction.truncate(func() error {
		_, err := f.query(g)
		return err
	})
	if err != nil {
		return inSQL(g.shown(), err)
	}
	return nil
}

// finish sets what a statement leaves behind: its targets, FOUND, ROW_COUNT.
func (s *sqlStatement) finish(f *frame, result Result) error {
	if s.targets != nil {
		f.rowCount = min(int64(len(result.Rows)), 1)
		return f.assignFirst(s.targets, result)
	}
	f.rowCount = result.count()
	switch s.verb {
	case "INSERT", "UPDATE", "DELETE", "MERGE", "SELECT":
		f.setFound(f.rowCount > 0)
	}
	return nil
}

func (r Result) count() int64 {
	if r.Columns != nil {
		return int64(len(r.Rows))
	}
	return r.Changed
}

// run is EXECUTE: each statement of the text in turn. The last one gives the row for INTO.
func (s *executeStatement) run(f *frame) (signal, error) {
	text, err := f.commandText(s.sql)
	if err != nil {
		return signal{}, err
	}
	parts, err := syntax.Split(text)
	if err != nil {
		return signal{}, inSQL(text, unpositioned(err))
	}
	var result Result
	for _, part := range parts {
		if result, err = f.dynamic(part); err != nil {
			return signal{}, inSQL(text, err)
		}
	}
	f.rowCount = result.count()
	if s.targets == nil {
		return signal{}, nil
	}
	found := f.slots[f.procedure.found()].value
	err = f.assignFirst(s.targets, result)
	f.slots[f.procedure.found()].value = found
	return signal{}, err
}

func (f *frame) commandText(g fragment) (string, error) {
	_, v, err := f.evaluateAny(g)
	if err == nil && v.Null {
		err = fault.Invalidf("cannot EXECUTE a null querystring").WithCode(codeNullValue)
	}
	return v.Text, err
}

// unpositioned takes off a position inside of a text that no file has.
func unpositioned(err error) error {
	if f, ok := err.(*fault.Fault); ok {
		return f.At(fault.Position{})
	}
	return err
}

// dynamic runs one statement of a text that was made at run time. It has no variables.
func (f *frame) dynamic(part *syntax.Fragment) (Result, error) {
	switch verb := part.Tokens[0].Upper(); verb {
	case "COMMIT", "ROLLBACK", "START", "BEGIN", "END", "ABORT":
		return Result{}, fault.Invalidf("%s cannot be run by EXECUTE in a stored procedure", verb).WithCode(codeNotSupported)
	case "TRUNCATE":
		err := f.transaction.truncate(func() error {
			_, err := f.host.Query(part.Text)
			return err
		})
		return Result{}, err
	case "CALL":
		return f.dynamicCall(part.Text)
	case "SELECT", "WITH":
		if intoAt(part.Tokens) >= 0 {
			return Result{}, fault.Invalidf("EXECUTE of SELECT ... INTO is not implemented yet").WithCode(codeNotSupported)
		}
	}
	if reason := barred(part.Tokens); reason != "" {
		return Result{}, fault.Invalidf("%s is not supported inside a stored procedure", reason).WithCode(codeNotSupported)
	}
	return f.host.Query(part.Text)
}

func (f *frame) dynamicCall(text string) (Result, error) {
	s, err := parseCall(text, fault.Position{})
	if err != nil {
		return Result{}, unpositioned(err)
	}
	procedure, arguments, err := s.prepare(f)
	if err != nil {
		return Result{}, err
	}
	callee, err := f.invoke(procedure, arguments)
	if err != nil {
		return Result{}, f.calledFrom(s, err)
	}
	return callee.answer(), nil
}

func (s *diagnosticsStatement) run(f *frame) (signal, error) {
	return signal{}, f.assign([]target{s.target}, []Column{{Type: "bigint"}}, []Value{integer(f.rowCount)})
}

func (s *transactionStatement) run(f *frame) (signal, error) {
	return signal{}, f.transaction.control(s.verb)
}

func (s *raiseStatement) run(f *frame) (signal, error) {
	if s.level == "" {
		return signal{}, f.handled[len(f.handled)-1]
	}
	var text strings.Builder
	text.WriteString(s.format[0])
	for i, g := range s.arguments {
		_, v, err := f.read(*g.parts[0].reference)
		if err != nil {
			return signal{}, err
		}
		if v.Null {
			v.Text = "<NULL>"
		}
		text.WriteString(v.Text + s.format[i+1])
	}
	if s.level == exception {
		return signal{}, fault.Invalidf("%s", text.String()).WithCode(codeRaise)
	}
	f.host.Notice(Notice{Level: s.level, Message: text.String(), Line: s.line})
	return signal{}, nil
}
