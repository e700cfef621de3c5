package console_test

import (
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// operation is a row of the table of Step Functions.
func (s *site) operation(name string) *service.Operation {
	row, ok := s.machines.Table().Operation(name)
	if !ok {
		s.t.Fatalf("there is no operation %s", name)
	}
	return row
}

func object(name, text string) value.Value {
	return value.OfMembers(value.Member{Key: name, Value: value.OfString(text)})
}
