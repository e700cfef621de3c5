package asl_test

import (
	"testing"

	"github.com/stepwell/stepwell/internal/conformance"
)

// The sets of the States Language issue are counted from the start.
func TestConformanceNotYet(t *testing.T) {
	tests := map[string]bool{}
	for _, c := range conformance.Cases(t, "teststate") {
		tests[c.Source] = true
	}
	conformance.NotYet(t, "asl/teststate", len(tests), "TestState is refused by name until issue 7")
}
