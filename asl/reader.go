package asl

import (
	"fmt"

	"github.com/stepwell/stepwell/fault"
)

// place is where a finding stands.
type place struct {
	location string
	state    string
	position fault.Position
}

// reader turns a tree into a StateMachine and collects what is wrong with it.
type reader struct {
	options     Options
	allJSONata  bool // the whole machine's QueryLanguage is JSONata
	levels      []*level
	level       *level // of the workflow that is being read
	names       map[string]bool
	schema      Findings
	flow        Findings
	unsupported Findings
	warnings    Findings
}

// findings returns the problems that keep the definition from running.
func (r *reader) findings() Findings {
	return append(append(r.schema, r.flow...), r.unsupported...)
}

func newFinding(severity Severity, code string, p place, format string, args []any) Finding {
	location := p.location
	if location == "" {
		location = "/"
	}
	return Finding{
		Severity: severity, Code: code, Message: fmt.Sprintf(format, args...),
		Location: location, State: p.state, Position: p.position,
	}
}

// invalid reports what AWS's schema refuses. The hint may be added to the finding that it returns.
func (r *reader) invalid(p place, format string, args ...any) *Finding {
	return r.refuse(SchemaFailed, p, format, args...)
}

func (r *reader) refuse(code string, p place, format string, args ...any) *Finding {
	r.schema = append(r.schema, newFinding(Error, code, p, format, args))
	return &r.schema[len(r.schema)-1]
}

// tightened is refuse for what earlier versions of Stepwell let through: what was accepted once still runs.
func (r *reader) tightened(code string, p place, format string, args ...any) *Finding {
	if r.options.Accepted {
		return &Finding{}
	}
	return r.refuse(code, p, format, args...)
}

func (r *reader) misrouted(code string, p place, format string, args ...any) {
	r.flow = append(r.flow, newFinding(Error, code, p, format, args))
}

func (r *reader) notYet(p place, format string, args ...any) {
	if r.options.Mocked {
		return
	}
	r.unsupported = append(r.unsupported, newFinding(Error, UnsupportedFeature, p, format, args))
}

func (r *reader) warn(code string, p place, format string, args ...any) {
	r.warnings = append(r.warnings, newFinding(Warning, code, p, format, args))
}
