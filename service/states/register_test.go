package states_test

import (
	"testing"

	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

// What a project says of a state machine's logging is described and written; a change of it alone is a new revision.
func TestRegisterLogging(t *testing.T) {
	w := watch(t, &conformance.Case{Region: "us-east-1", AccountID: "123456789012"})
	m := states.Machine{ARN: machines + "nightly", Definition: definitions["nightly"], RoleARN: "arn:aws:iam::123456789012:role/r"}
	w.service.Register(m)
	name := value.Member{Key: "stateMachineArn", Value: value.OfString(m.ARN)}
	before := w.call("DescribeStateMachine", name)

	m.Logging = states.Logged{Level: "ALL", LogGroupARN: "arn:aws:logs:us-east-1:123456789012:log-group:/n:*"}
	w.service.Register(m)
	after := w.call("DescribeStateMachine", name)
	if text(before, "revisionId") == text(after, "revisionId") {
		t.Error("the revision stayed")
	}
	logging, _ := after.Get("loggingConfiguration")
	const want = `{"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:123456789012:log-group:/n:*"}}],` +
		`"includeExecutionData":false,"level":"ALL"}`
	if logging.Compact() != want {
		t.Errorf("got %s", logging.Compact())
	}
	started := w.call("StartExecution", name)
	if _, err := w.engine.Wait(t.Context(), text(started, "executionArn")); err != nil {
		t.Fatal(err)
	}
	w.logging.Close()
	if len(w.lines) != 4 {
		t.Errorf("%d lines were written, want those of 4 events", len(w.lines))
	}
}
