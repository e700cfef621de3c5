package mock_test

import (
	"testing"

	"github.com/stepwell/stepwell/asl/mock"
	"github.com/stepwell/stepwell/value"
)

// A mocked result has the fields of the operation, with their types and limits.
func TestCheck(t *testing.T) {
	const schema = "Mock result schema validation error: "
	for _, c := range []struct{ resource, result, mode, want string }{
		{"states:startExecution", `{"ExecutionArn": "a", "StartDate": "b"}`, "STRICT", ""},
		{"states:startExecution", `{"executionArn": "a"}`, "STRICT", schema + "Required field 'ExecutionArn' is missing"},
		{"aws-sdk:sfn:startExecution", `{"ExecutionArn": "a"}`, "STRICT", schema + "Required field 'StartDate' is missing"},
		{"states:startExecution", `{"StartDate": null}`, "PRESENT", ""},
		{"states:startExecution", `{"StartDate": 1}`, "PRESENT", schema + "Field 'StartDate' must be a string"},
		{"states:startExecution", `{"StartDate": 1}`, "NONE", ""},
		{"states:startExecution", `[]`, "PRESENT", "Mocked result must be a JSON object."},
		{"states:startExecution.waitForTaskToken", `[]`, "STRICT", ""},
		{"states:startExecution.sync:2", `{"ExecutionArn": "a", "StartDate": "b", "StateMachineArn": "c", "Status": "LOST"}`, "STRICT", schema + "Field 'Status' is not an expected value"},
		{"dynamodb:getItem", `{"Item": {"id": {"S": 1}}}`, "STRICT", schema + "Field 'S' must be a string"},
		{"dynamodb:getItem", `{"Item": {"id": "a"}}`, "STRICT", schema + "Field 'id' must be an object"},
		{"dynamodb:getItem", `{"Item": []}`, "STRICT", schema + "Field 'Item' must be an object"},
		{"events:putEvents", `{"Entries": {}}`, "STRICT", schema + "Field 'Entries' must be an array"},
		{"s3:getObject", `{"Body": "x"}`, "STRICT", ""},
		{"aws-sdk:s3:getObject", `{"DeleteMarker": "no"}`, "STRICT", schema + "Field 'DeleteMarker' must be a boolean"},
		{"aws-sdk:kms:encrypt", `{"KeyId": ""}`, "STRICT", schema + "Field 'KeyId' is smaller than the minimum length"},
		{"aws-sdk:secretsmanager:getSecretValue", `{"VersionId": "123456789012345678901234567890123456789012345678901234567890123456"}`, "STRICT",
			schema + "Field 'VersionId' exceeds the maximum length"},
		{"aws-sdk:lambda:getFunction", `{"Configuration": {"MemorySize": 1}}`, "STRICT", schema + "Field 'MemorySize' is less than the minimum value"},
		{"aws-sdk:lambda:getFunction", `{"Configuration": {"MemorySize": 20000}}`, "STRICT", schema + "Field 'MemorySize' exceeds the maximum value"},
		{"lambda:invoke", `{"Payload": [1], "StatusCode": 200}`, "STRICT", ""},
		{"http:invoke", `"text"`, "STRICT", ""},
		{"aws-sdk:unheard:ofThis", `1`, "STRICT", ""},
	} {
		got := ""
		if err := mock.Check("arn:aws:states:::"+c.resource, value.MustParse(c.result), mock.Mode(c.mode)); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %s %s:\n\tgot  %q\n\twant %q", c.resource, c.mode, c.result, got, c.want)
		}
	}
	if err := mock.Check("arn:aws:lambda:us-east-1:123456789012:function:f", value.OfInt(1), mock.Strict); err != nil {
		t.Errorf("a function answers what it likes: %v", err)
	}
}
