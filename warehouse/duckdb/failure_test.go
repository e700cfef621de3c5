package duckdb

import (
	"context"
	"errors"
	"testing"

	"github.com/stepwell/stepwell/fault"
)

// TestFailure has messages as DuckDB 1.5 words them; the corpus meets most of them for real.
func TestFailure(t *testing.T) {
	for _, c := range []struct {
		message, code, want string
		kind                fault.Kind
	}{
		{"TransactionContext Error: Conflict on update!", "40001", serializable, fault.Conflict},
		{`TransactionContext Error: Catalog write-write conflict on alter with "t"`, "40001", serializable, fault.Conflict},
		{`TransactionContext Error: Transaction conflict: attempting to insert into table "b" but it has been altered by a different transaction`, "40001", serializable, fault.Conflict},
		{`Catalog Error: Table with name foo does not exist!` + "\nDid you mean \"bar\"?", "42P01", `relation "foo" does not exist`, fault.NotFound},
		{`Binder Error: Referenced column "x" not found in FROM clause!`, "42703", `column "x" does not exist`, fault.Invalid},
		{`Constraint Error: NOT NULL constraint failed: t.a`, "23502", "Cannot insert a NULL value into column a", fault.Invalid},
		{`Invalid Input Error: Divide by zero`, "22012", "Divide by zero", fault.Invalid},
		{`Out of Range Error: Overflow in addition of INT32 (2147483647 + 1)!`, "22003", "integer out of range(int4)", fault.Invalid},
		{`Conversion Error: Could not convert string 'abc' to INT32`, "22P02", `invalid input syntax for integer: "abc"`, fault.Invalid},
		{`INTERRUPT Error: Interrupted!`, "57014", "Query cancelled on user's request", fault.Conflict},
		{`Invalid Error: something new` + "\n\nLINE 1: select", "XX000", "something new", fault.Invalid},
	} {
		err := failure(t.Context(), errors.New(c.message))
		var f *fault.Fault
		if !errors.As(err, &f) || f.Code != c.code || f.Message != c.want || f.Kind != c.kind {
			t.Errorf("%s\nbecame %s %v (%s)", c.message, fault.CodeOf(err), err, fault.KindOf(err))
		}
	}
	if failure(t.Context(), nil) != nil {
		t.Error("nil became an error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code := fault.CodeOf(failure(ctx, errors.New("any"))); code != "57014" {
		t.Errorf("a cancelled statement has code %s", code)
	}
}
