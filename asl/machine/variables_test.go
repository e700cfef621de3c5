package machine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl/machine"
)

// All variables together may have 10 MiB; what an inner workflow assigns goes with it. Logs from before the limit stay as they were.
func TestVariablesHaveALimit(t *testing.T) {
	var states strings.Builder
	for i := range 54 {
		fmt.Fprintf(&states, `"S%d": {"Type": "Parallel", "Branches": [{"StartAt": "I%d", "States": {"I%d": {"Type": "Pass", "Assign": {"inner": "{%% $states.input %%}"}, "End": true}}}],
			"Output": "{%% $states.input %%}", "Assign": {"v%d": "{%% $states.input %%}"}, "Next": "S%d"},`, i, i, i, i, i+1)
	}
	text := `{"QueryLanguage": "JSONata", "StartAt": "S0", "States": {` + states.String() + `"S54": {"Type": "Succeed"}}}`
	for version, want := range map[int]machine.Status{2: machine.Succeeded, machine.CurrentVersion: machine.Failed} {
		s := withLargeInput(t, text)
		s.apply(t, machine.Started{Version: version})
		s.finish(t)
		if s.end == nil || s.end.Status != want {
			t.Fatalf("version %d ended as %v", version, s.end)
		}
		if want == machine.Failed && (*s.end.Error != "States.DataLimitExceeded" || !strings.Contains(*s.end.Cause, "The variables of the execution exceed")) {
			t.Errorf("failed with %s: %s", *s.end.Error, *s.end.Cause)
		}
		s.checkReplay(t, "variables")
	}
}
