package states_test

import (
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

func TestStatusChanges(t *testing.T) {
	arn := "arn:aws:states:us-east-1:123456789012:execution:m:e"
	record := func(status machine.Status) engine.Record {
		r := engine.Record{Status: status}
		r.ARN, r.Name, r.StateMachineARN = arn, "e", "arn:aws:states:us-east-1:123456789012:stateMachine:m"
		r.StartTime, r.Input = time.Now(), value.MustParse(`{"day": 1}`)
		if status != machine.RunningStatus {
			r.StopTime = r.StartTime
		}
		return r
	}
	begun := `[{"id":1,"type":"ExecutionStarted"}]`
	succeeded := record(machine.Succeeded)
	succeeded.Output = value.OfInt(3)
	failed, name := record(machine.Failed), "Oops"
	failed.Error = &name
	express := record(machine.Succeeded)
	express.ARN = "arn:aws:states:us-east-1:123456789012:express:m:e:1"
	const (
		head = `{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:m:e","stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m",` +
			`"stateMachineVersionArn":null,"stateMachineAliasArn":null,"name":"e","status":`
		input   = `,"input":"{\"day\": 1}","inputDetails":{"included":true},`
		none    = `"output":null,"outputDetails":null,`
		redrive = `"redriveCount":0,"redriveDate":null,"redriveStatus":`
		running = head + `"RUNNING","startDate":<millis>,"stopDate":null` + input + none + `"error":null,"cause":null,` + redrive +
			`"NOT_REDRIVABLE","redriveStatusReason":"Execution is RUNNING and cannot be redriven"}`
	)
	for label, test := range map[string]struct {
		record  engine.Record
		history string
		want    []string
	}{
		"begins":  {record(machine.RunningStatus), begun, []string{running}},
		"goes on": {record(machine.RunningStatus), `[{"id":2,"type":"PassStateEntered"}]`, nil},
		"at once": {succeeded, begun, []string{running, head + `"SUCCEEDED","startDate":<millis>,"stopDate":<millis>` + input +
			`"output":"3","outputDetails":{"included":true},"error":null,"cause":null,` + redrive +
			`"NOT_REDRIVABLE","redriveStatusReason":"Execution is SUCCEEDED and cannot be redriven"}`}},
		"fails": {failed, "[]", []string{head + `"FAILED","startDate":<millis>,"stopDate":<millis>` + input + none + `"error":"Oops","cause":null,` +
			redrive + `"REDRIVABLE","redriveStatusReason":null}`}},
		"express": {express, begun, nil},
	} {
		details := states.StatusChanges(test.record, []byte(test.history))
		if len(details) != len(test.want) {
			t.Errorf("%s: %d events: %v", label, len(details), details)
			continue
		}
		for i := range details {
			if got := servicetest.Mask(details[i].Compact()); got != test.want[i] {
				t.Errorf("%s: got\n%s\nwant\n%s", label, got, test.want[i])
			}
		}
	}
}
