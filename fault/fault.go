// Package fault holds the closed set of error kinds that every part of Stepwell uses.
//
// A Fault says what kind of mistake happened, under which name AWS knows it (Code), where it stands (Position) and
// a sentence about the user's own input. Doors map the Kind once: HTTP status, SQLSTATE or exit code. A failed task
// of a state machine is not a fault: States Language errors travel as data.
package fault

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kind is the closed set of reasons for an error.
type Kind uint8

const (
	// Internal is a broken promise of ours; its detail belongs in the log.
	Internal Kind = iota
	// Invalid is a mistake in what the caller sent; sending it again cannot help.
	Invalid
	// Unsupported names a feature that Stepwell knows and does not have.
	Unsupported
	// NotFound says that the named thing does not exist.
	NotFound
	// Conflict says that the thing's present state forbids the request.
	Conflict
	// Denied says that the caller may not do this.
	Denied
	// Throttled asks the caller to come again later: a limit is reached.
	Throttled
	// Unavailable says that something outside did not answer; trying again may help.
	Unavailable
)

var kindNames = [...]string{"internal", "invalid", "unsupported", "not found", "conflict", "denied", "throttled", "unavailable"}

// String returns the kind in words, as logs show it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind(" + strconv.Itoa(int(k)) + ")"
}

// Position is a place in a text that a user wrote. Line and Column count from 1, columns in characters; zero is unknown.
type Position struct {
	File   string
	Line   int
	Column int
}

// IsValid reports whether the position names a line.
func (p Position) IsValid() bool { return p.Line > 0 }

// String returns file:line:column, without the parts that are unknown.
func (p Position) String() string {
	var parts []string
	if p.File != "" {
		parts = append(parts, p.File)
	}
	if p.Line > 0 {
		parts = append(parts, strconv.Itoa(p.Line))
		if p.Column > 0 {
			parts = append(parts, strconv.Itoa(p.Column))
		}
	}
	return strings.Join(parts, ":")
}

// Fault is an error with a kind. Code is AWS's error name (ResourceNotFoundException, NoSuchKey) or Redshift's SQLSTATE
// where one exists, else empty. Message is a sentence for the user, without the position and the code.
type Fault struct {
	Kind     Kind
	Code     string
	Message  string
	Position Position
	Err      error
}

// Error returns position, message and cause.
func (f *Fault) Error() string {
	text := f.Message
	if f.Err != nil {
		cause := f.Err.Error() // empty for one that only carries details
		if text != "" && cause != "" {
			text += ": "
		}
		text += cause
	}
	if at := f.Position.String(); at != "" {
		return at + ": " + text
	}
	return text
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// New makes a fault of a kind.
func New(kind Kind, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Invalidf makes a fault of kind Invalid, the most frequent one.
func Invalidf(format string, args ...any) *Fault { return New(Invalid, format, args...) }

// At returns a copy of the fault that stands at a position.
func (f *Fault) At(p Position) *Fault {
	g := *f
	g.Position = p
	return &g
}

// WithCode returns a copy of the fault that carries AWS's name for it.
func (f *Fault) WithCode(code string) *Fault {
	g := *f
	g.Code = code
	return &g
}

// Because returns a copy of the fault that wraps its cause.
func (f *Fault) Because(err error) *Fault {
	g := *f
	g.Err = err
	return &g
}

// KindOf returns the kind of the first fault in the chain of err, Internal when there is none.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// CodeOf returns the code of the first fault in the chain of err that has one.
func CodeOf(err error) string {
	for err != nil {
		var f *Fault
		if !errors.As(err, &f) {
			return ""
		}
		if f.Code != "" {
			return f.Code
		}
		err = f.Err
	}
	return ""
}

// MessageOf returns the sentence of the first fault in the chain of err, without its place and code; the text of err where there
// is none.
func MessageOf(err error) string {
	var f *Fault
	if errors.As(err, &f) && f.Message != "" {
		return f.Message
	}
	return err.Error()
}

// Except returns err, or nil if it is of a kind that is no matter to the caller, such as NotFound to one who deletes.
func Except(err error, kind Kind) error {
	if KindOf(err) == kind {
		return nil
	}
	return err
}
