package states

import (
	"bytes"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/value"
)

// StatusChange is the detail type of the events about executions.
const StatusChange = "Step Functions Execution Status Change"

// eventData is how many bytes of input and output an event may have; what is longer is left out.
const eventData = 248 << 10

var started = [][]byte{[]byte(`"type":"ExecutionStarted"`), []byte(`"type":"ExecutionRedriven"`)}

// StatusChanges returns the details of the events that Step Functions sends about what an engine made durable
// (engine.Options.Observe): that an execution runs, and how it ended. There are none about Express executions.
func StatusChanges(record engine.Record, history []byte) []value.Value {
	if record.Express() {
		return nil
	}
	var details []value.Value
	for _, kind := range started {
		if bytes.Contains(history, kind) {
			running := record
			running.Status, running.StopTime, running.Output, running.Error, running.Cause = machine.RunningStatus, time.Time{}, value.Value{}, nil, nil
			details = append(details, statusDetail(running))
		}
	}
	if record.Status != machine.RunningStatus {
		details = append(details, statusDetail(record))
	}
	return details
}

func statusDetail(r engine.Record) value.Value {
	d := describe(r)
	var members []value.Member
	add := func(name string, v value.Value) { members = append(members, value.Member{Key: name, Value: v}) }
	text := func(name, text string) { add(name, textOrNull(&text)) }
	data := func(name string, content *string, details string) {
		switch {
		case content == nil:
			add(name, value.NullValue())
			add(details, value.NullValue())
		case len(*content) > eventData:
			add(name, value.NullValue())
			add(details, value.OfMembers(value.Member{Key: "included", Value: value.OfBool(false)}))
		default:
			add(name, value.OfString(*content))
			add(details, value.OfMembers(value.Member{Key: "included", Value: value.OfBool(true)}))
		}
	}
	text("executionArn", d.ExecutionArn)
	text("stateMachineArn", d.StateMachineArn)
	text("stateMachineVersionArn", d.StateMachineVersionArn)
	text("stateMachineAliasArn", d.StateMachineAliasArn)
	text("name", d.Name)
	text("status", d.Status)
	add("startDate", millis(d.StartDate))
	add("stopDate", millis(d.StopDate))
	data("input", &d.Input, "inputDetails")
	data("output", d.Output, "outputDetails")
	add("error", textOrNull(d.Error))
	add("cause", textOrNull(d.Cause))
	add("redriveCount", value.OfInt(d.RedriveCount))
	add("redriveDate", millis(d.RedriveDate))
	text("redriveStatus", d.RedriveStatus)
	text("redriveStatusReason", d.RedriveStatusReason)
	return value.OfMembers(members...)
}

func textOrNull(s *string) value.Value {
	if s == nil || *s == "" {
		return value.NullValue()
	}
	return value.OfString(*s)
}

func millis(t time.Time) value.Value {
	if t.IsZero() {
		return value.NullValue()
	}
	return value.OfInt(t.UnixMilli())
}
