package warehouse

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// located gives an error its place in the text: its own, that of the name it is about, or the statement's start.
func located(err error, source *syntax.Fragment, file string, id int64) error {
	var inside *plpgsql.Failure
	if errors.As(err, &inside) {
		return &plpgsql.Failure{Err: located(inside.Err, source, file, id), Context: inside.Context, Position: inside.Position}
	}
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	at := f.Position
	if !at.IsValid() {
		at = source.Position
		if place, ok := place(f, source); ok {
			at = place
		} else if f.Code == "42601" && strings.HasPrefix(f.Message, "syntax error at or near") {
			f = fault.Invalidf("syntax error").WithCode(f.Code) // the token is one of the translation
		}
	}
	at.File = file
	f = f.At(at)
	if f.Code == "57014" {
		f.Message = fmt.Sprintf("Query (%d) cancelled on user's request", id)
	}
	return f
}

// aboutNames are the codes whose message quotes the name that is wrong.
const aboutNames = "42701 42703 42P01 42883 42702 42704 42803 42601 3F000 42P07"

// place finds the name or token that an error quotes.
func place(f *fault.Fault, source *syntax.Fragment) (at fault.Position, found bool) {
	if f.Code == "" || !strings.Contains(aboutNames, f.Code) {
		return at, false
	}
	name := f.Message
	if _, rest, ok := strings.Cut(name, `"`); ok {
		name, _, _ = strings.Cut(rest, `"`)
	} else if _, rest, ok := strings.Cut(name, "function "); ok {
		name, _, _ = strings.Cut(rest, "(")
		name, _, _ = strings.Cut(name, " ")
	}
	name = strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	for _, t := range source.Tokens {
		if (t.IsName() || f.Code == "42601") && t.Value() == name {
			return t.Position(), true
		}
	}
	return at, false
}
