package machine_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// A loop that wraps its payload makes a value that nobody could read again: it fails there, and what came out before can be
// read.
func TestOutputsCanBeRead(t *testing.T) {
	wrap := definition(t, `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a.$": "$"}, "Next": "B"},
		"B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}}}`)
	s := simulate(wrap, machine.Execution{}, nil)
	s.run(t)
	if s.end.Error == nil || *s.end.Error != "States.Runtime" || !strings.HasSuffix(*s.end.Cause, "nested deeper than 1000 levels.") {
		t.Errorf("the execution ended with %s", machine.Describe(*s.end))
	}
	for _, h := range s.history {
		if output, ok := h.Details.Get("output"); ok {
			if _, err := value.Parse(output.Str()); err != nil {
				t.Fatalf("event %d: %v", h.ID, err)
			}
		}
	}

	flat := `[` + strings.Repeat(`[],`, 3000) + `"{{{"]`
	s = simulate(definition(t, `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a.$": "$"}, "End": true}}}`),
		machine.Execution{Input: value.MustParse(flat)}, nil)
	s.run(t)
	if s.end.Status != machine.Succeeded {
		t.Errorf("a wide value ended with %s", machine.Describe(*s.end))
	}
}
