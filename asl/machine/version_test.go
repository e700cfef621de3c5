package machine_test

import (
	"testing"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// Logs of older versions are applied as those versions did.
func TestVersions(t *testing.T) {
	const distributed = `"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P", "States": {"P": {"Type": "Succeed"}}}, "End": true}`
	for _, c := range []struct {
		name, states, input string
		older, newer        machine.Status
	}{
		{"a timestamp of another shape is waited for", `{"Type": "Wait", "TimestampPath": "$.t", "End": true}`,
			`{"t": "2026-01-01T0:00:00Z"}`, machine.Succeeded, machine.Failed},
		{"and compared", `{"Type": "Choice", "Choices": [{"Variable": "$.t", "IsTimestamp": true, "Next": "Done"}, {"Variable": "$.t", "TimestampLessThan": "2026-01-01T00:00:01Z", "Next": "Done"}]}, "Done": {"Type": "Succeed"}`,
			`{"t": "2026-01-01T0:00:00Z"}`, machine.Succeeded, machine.Failed},
		{"an object has items", `{"Type": "Map", ` + distributed, `{"a": 1}`, machine.Failed, machine.RunningStatus},
		{"a Map counts its attempts", `{"Type": "Map", "ItemSelector": {"n.$": "$$.State.RetryCount"}, "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}, "End": true}`,
			`[1]`, machine.Failed, machine.Succeeded},
		{"a batch of less than none", `{"Type": "Map", "ItemsPath": "$.x", "ItemBatcher": {"MaxItemsPerBatchPath": "$.n"}, ` + distributed,
			`{"x": [1], "n": -1}`, machine.RunningStatus, machine.Failed},
	} {
		definition, err := asl.Parse(`{"StartAt": "S", "States": {"S": `+c.states+`}}`, asl.Options{})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		for version, want := range map[int]machine.Status{3: c.older, 4: c.newer} {
			m := machine.New(definition, machine.Execution{Input: value.MustParse(c.input)})
			m.Apply(machine.Event{At: epoch, Body: machine.Started{Version: version}})
			if got := m.Status(); got != want {
				t.Errorf("%s: version %d ends as %s, expected %s", c.name, version, got, want)
			}
		}
	}
}
