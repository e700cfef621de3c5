package plpgsql

import (
	"github.com/stepwell/stepwell/fault"
)

// Limits of Redshift.
const (
	maxSource    = 2 << 20 // bytes
	maxVariables = 1024
	maxInputs    = 32
	maxOutputs   = 32
	maxDepth     = 16
)

// Mode tells which way an argument goes.
type Mode uint8

const (
	// In arguments are passed by the caller; what the body assigns to them stays inside.
	In Mode = iota
	// Out arguments start as null and are answered by CALL.
	Out
	// InOut arguments are passed and answered.
	InOut
)

// String returns the mode as SQL writes it.
func (m Mode) String() string { return [...]string{"IN", "OUT", "INOUT"}[m] }

// Argument is one argument of a procedure. Name is empty for one that the body reaches as $n only.
type Argument struct {
	Name string
	Mode Mode
	Type string
}

// Setting is a SET clause: the parameter has the value while the procedure runs.
type Setting struct{ Parameter, Value string }

// Header is what CREATE PROCEDURE says besides the body. Names are folded as identifiers are.
type Header struct {
	Schema    string
	Name      string
	Arguments []Argument
	NonAtomic bool
	Settings  []Setting
}

// Inputs returns the types of the arguments that a caller passes: with schema and name they identify the procedure.
func (h Header) Inputs() []string {
	var types []string
	for _, a := range h.Arguments {
		if a.Mode != Out {
			types = append(types, a.Type)
		}
	}
	return types
}

// Procedure is a parsed procedure. It is immutable: sessions may run one at the same time.
type Procedure struct {
	Header
	body *block
	// variables holds every variable as it is before its declaration is run; arguments come first, then FOUND.
	variables []variable
}

// found is the slot of FOUND.
func (p *Procedure) found() int { return len(p.Arguments) }

// Parse reads the body of a procedure: the text between its quotes, whose first character stands at a place of the user's
// file. Errors are faults with a SQLSTATE at the place of the mistake. SQL inside the body is not checked: the tables may
// come later.
func Parse(h Header, body string, at fault.Position) (*Procedure, error) {
	if err := check(h, body, at); err != nil {
		return nil, err
	}
	p, err := newParser(body, at)
	if err != nil {
		return nil, err
	}
	p.nonAtomic = h.NonAtomic
	p.declareArguments(h)
	b := p.outerBlock()
	if p.err == nil && len(p.variables)-len(h.Arguments)-1 > maxVariables {
		p.fail(at, codeTooManyVariables, "a procedure may have at most %d variables", maxVariables)
	}
	if p.err != nil {
		return nil, p.err
	}
	return &Procedure{Header: h, body: b, variables: p.variables}, nil
}

func check(h Header, body string, at fault.Position) error {
	inputs := len(h.Inputs())
	outputs := 0
	for _, a := range h.Arguments {
		if a.Mode == Out {
			outputs++
		}
	}
	switch {
	case len(body) > maxSource:
		return fault.Invalidf("the source of procedure %q is longer than %d bytes", h.Name, maxSource).WithCode(codeTooLarge).At(at)
	case inputs > maxInputs:
		return fault.Invalidf("procedures cannot have more than %d input arguments", maxInputs).WithCode(codeTooManyArguments).At(at)
	case outputs > maxOutputs:
		return fault.Invalidf("procedures cannot have more than %d output arguments", maxOutputs).WithCode(codeTooManyArguments).At(at)
	case h.NonAtomic && len(h.Settings) > 0:
		return fault.Invalidf("a NONATOMIC procedure cannot have SET options").WithCode(codeBadDefinition).At(at)
	}
	return nil
}
