package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stepwell/stepwell/fault"
)

// What is known of an error, however deep the fault lies in it.
func TestErrors(t *testing.T) {
	at := fault.Position{File: "a.sql", Line: 3, Column: 7}
	plain := errors.New("disk full")
	placed := fault.New(fault.NotFound, "there is no table %s", "t").At(at).WithCode("42P01")
	for _, row := range []struct {
		err                 error
		kind                fault.Kind
		code, message, text string
	}{
		{plain, fault.Internal, "", "disk full", "disk full"},
		{placed, fault.NotFound, "42P01", "there is no table t", "a.sql:3:7: there is no table t"},
		{fmt.Errorf("load: %w", placed), fault.NotFound, "42P01", "there is no table t", "load: a.sql:3:7: there is no table t"},
		{errors.Join(plain, placed), fault.NotFound, "42P01", "there is no table t", "disk full\na.sql:3:7: there is no table t"},
		{fault.Invalidf("read the file").Because(plain), fault.Invalid, "", "read the file", "read the file: disk full"},
	} {
		if got := fault.KindOf(row.err); got != row.kind {
			t.Errorf("%q is of kind %v", row.text, got)
		}
		if got := fault.CodeOf(row.err); got != row.code {
			t.Errorf("%q has the code %q", row.text, got)
		}
		if got := fault.MessageOf(row.err); got != row.message {
			t.Errorf("%q has the message %q", row.text, got)
		}
		if got := row.err.Error(); got != row.text {
			t.Errorf("%q says %q", row.text, got)
		}
	}
}

func TestExcept(t *testing.T) {
	gone := fault.New(fault.NotFound, "gone")
	for _, row := range []struct{ err, want error }{{gone, nil}, {nil, nil}, {fault.Invalidf("wrong"), fault.Invalidf("wrong")}} {
		if got := fault.Except(row.err, fault.NotFound); (got == nil) != (row.want == nil) {
			t.Errorf("Except(%v) is %v", row.err, got)
		}
	}
}
