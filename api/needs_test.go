package api

import "testing"

func TestNeeds(t *testing.T) {
	for operation, want := range map[string]Role{
		"DescribeExecution": Read, "ListTagsForResource": Read, "GetStatementResult": Read, "GetCallerIdentity": Read, "FilterLogEvents": Read,
		"StartExecution": Run, "StopExecution": Run, "SendTaskSuccess": Run, "GetActivityTask": Run, "ExecuteStatement": Run, "Publish": Run,
		"GetSecretValue": Run, "GetParametersByPath": Run, "PutLogEvents": Run, "AssumeRole": Run, "Nobody's": Run,
		"CreateStateMachine": Admin, "PublishStateMachineVersion": Admin, "TagResource": Admin, "PutParameter": Admin, "DeleteSecret": Admin,
	} {
		if got := Needs(operation); got != want {
			t.Errorf("%s needs %s, want %s", operation, got, want)
		}
	}
}

func TestParseRole(t *testing.T) {
	for _, role := range []Role{Read, Run, Admin} {
		if got, err := ParseRole(role.String()); got != role || err != nil {
			t.Errorf("%s reads as %s, %v", role, got, err)
		}
	}
	if _, err := ParseRole("root"); err == nil || err.Error() != `the role "root" of a key is not one of read, run, admin` {
		t.Error(err)
	}
}
