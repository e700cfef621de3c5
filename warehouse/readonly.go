package warehouse

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

var errReadOnly = fault.New(fault.Denied, "transaction is read-only").WithCode("25006")

// permit refuses a statement that writes where the session, or the block that is open, may only read.
func (s *Session) permit(statement syntax.Statement) error {
	only := s.readOnly || s.settings["default_transaction_read_only"] == "on" || s.tx != nil && s.tx.readOnly
	if only && !reads(statement) {
		return errReadOnly
	}
	return nil
}

// reads reports whether a statement leaves everything outside of its session as it is. What EXECUTE and CALL run is asked
// about by itself.
func reads(statement syntax.Statement) bool {
	switch s := statement.(type) {
	case *syntax.Query, *syntax.Set, *syntax.Reset, *syntax.Show, *syntax.Execute, *syntax.Prepare, *syntax.Deallocate,
		*syntax.DeclareCursor, *syntax.Fetch, *syntax.CloseCursor:
		return true
	case *syntax.Explain:
		return reads(s.Statement)
	case *syntax.CopyJob:
		return s.Action == "LIST" || s.Action == "SHOW"
	case *syntax.Other:
		return strings.HasPrefix(s.Verb, "SHOW PROCEDURE")
	}
	return false
}
