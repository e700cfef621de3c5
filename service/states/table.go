package states

import (
	"net/http"

	"github.com/stepwell/stepwell/service"
)

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name:       "sfn",
		SDK:        "Sfn",
		Optimized:  &service.Optimized{Name: "states", Errors: "StepFunctions", Client: "AWSStepFunctions"},
		Protocol:   service.Protocol{ContentType: "application/x-amz-json-1.0", Endpoint: "states", Target: "AWSStepFunctions", Camel: true},
		Errors:     errors(),
		Operations: concat(s.machineOperations(), s.versionOperations(), s.executionOperations(), s.activityOperations(), s.mapRunOperations()),
		Activity:   s.offer,
	}
}

func errors() []service.Error {
	var all []service.Error
	for _, code := range []string{
		"ActivityDoesNotExist", "ConflictException", "ExecutionAlreadyExists", "ExecutionDoesNotExist", "ExecutionNotRedrivable", "InvalidArn",
		"InvalidDefinition", "InvalidExecutionInput", "InvalidLoggingConfiguration", "InvalidName", "InvalidOutput", "InvalidToken",
		"MissingRequiredParameter", "ResourceNotFound", "StateMachineAlreadyExists", "StateMachineDoesNotExist",
		"StateMachineTypeNotSupported", taskTimedOut, "TooManyTags", service.ValidationException,
	} {
		all = append(all, service.Error{Code: code, Status: http.StatusBadRequest})
	}
	return all
}

func concat(lists ...[]service.Operation) []service.Operation {
	var all []service.Operation
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

const (
	exampleARN       = `"arn:aws:states:us-east-1:123456789012:stateMachine:nightly"`
	exampleMapRun    = `"arn:aws:states:us-east-1:123456789012:mapRun:files/each:1189bfff-75d6-4e56-934c-d9fdc25d10d0"`
	exampleExpress   = `"arn:aws:states:us-east-1:123456789012:stateMachine:quick"`
	exampleVersion   = `"arn:aws:states:us-east-1:123456789012:stateMachine:nightly:1"`
	exampleAlias     = `"arn:aws:states:us-east-1:123456789012:stateMachine:nightly:live"`
	exampleExecution = `"arn:aws:states:us-east-1:123456789012:execution:nightly:example"`
	exampleToken     = "ab98acfba590d9635809b218c78f074ee6658d07a3d4be015d76ad24fe8e30ab"
	exampleToken2    = "5cee7b7f48f828493d30c7e449597868795441cdb3d7a71b34d6939a1ed1fff0"
	exampleActivity  = `"arn:aws:states:us-east-1:123456789012:activity:approve"`
	exampleText      = `"{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}"`
	exampleRole      = `"arn:aws:iam::123456789012:role/r"`
)

func (s *Service) machineOperations() []service.Operation {
	return []service.Operation{
		{
			Name: "CreateStateMachine", Behaviour: service.Do(s.createStateMachine),
			Differs: "customer keys are refused; tracing is kept, and nothing is traced",
			Errors: []string{"InvalidArn", "InvalidDefinition", "InvalidLoggingConfiguration", "InvalidName", "StateMachineAlreadyExists",
				"TooManyTags", service.ValidationException},
			Example: `{"Name": "hourly", "Definition": ` + exampleText + `, "RoleArn": ` + exampleRole + `}`,
		}, {
			Name: "UpdateStateMachine", Behaviour: service.Do(s.updateStateMachine),
			Differs: "customer keys are refused; tracing is kept, and nothing is traced",
			Errors: []string{"InvalidArn", "InvalidDefinition", "InvalidLoggingConfiguration", "MissingRequiredParameter",
				"StateMachineDoesNotExist", service.ValidationException},
			Example: `{"StateMachineArn": ` + exampleARN + `, "RoleArn": ` + exampleRole + `}`,
		}, {
			Name: "DescribeStateMachine", Behaviour: service.Do(s.describeStateMachine),
			Errors:  []string{"InvalidArn", "StateMachineDoesNotExist"},
			Example: `{"StateMachineArn": ` + exampleARN + `}`,
		}, {
			Name: "ListStateMachines", Behaviour: service.Do(s.listStateMachines),
			Errors:  []string{"InvalidToken"},
			Example: `{"MaxResults": 10}`,
		}, {
			Name: "ValidateStateMachineDefinition", Behaviour: service.Do(s.validateStateMachineDefinition),
			Errors:  []string{service.ValidationException},
			Example: `{"Definition": ` + exampleText + `}`,
		}, testStateOperation(s), {
			Name: "TagResource", Behaviour: service.Do(s.tagResource),
			Errors:  []string{"InvalidArn", "ResourceNotFound", "TooManyTags"},
			Example: `{"ResourceArn": ` + exampleARN + `, "Tags": [{"Key": "team", "Value": "data"}]}`,
		}, {
			Name: "ListTagsForResource", Behaviour: service.Do(s.listTagsForResource),
			Errors:  []string{"InvalidArn", "ResourceNotFound"},
			Example: `{"ResourceArn": ` + exampleARN + `}`,
		}, {
			Name: "UntagResource", Behaviour: service.Do(s.untagResource),
			Errors:  []string{"InvalidArn", "ResourceNotFound"},
			Example: `{"ResourceArn": ` + exampleARN + `, "TagKeys": ["team"]}`,
		},
	}
}

func (s *Service) versionOperations() []service.Operation {
	return []service.Operation{
		{
			Name: "PublishStateMachineVersion", Behaviour: service.Do(s.publishStateMachineVersion),
			Errors:  []string{"ConflictException", "InvalidArn", "StateMachineDoesNotExist", service.ValidationException},
			Example: `{"StateMachineArn": ` + exampleARN + `, "Description": "the first"}`,
		}, {
			Name: "ListStateMachineVersions", Behaviour: service.Do(s.listStateMachineVersions),
			Errors:  []string{"InvalidArn", "InvalidToken", "StateMachineDoesNotExist", service.ValidationException},
			Example: `{"StateMachineArn": ` + exampleARN + `}`,
		}, {
			Name: "CreateStateMachineAlias", Behaviour: service.Do(s.createStateMachineAlias),
			Errors:  []string{"ConflictException", "InvalidArn", "InvalidName", "ResourceNotFound", service.ValidationException},
			Example: `{"Name": "live", "RoutingConfiguration": [{"StateMachineVersionArn": ` + exampleVersion + `, "Weight": 100}]}`,
		}, {
			Name: "DescribeStateMachineAlias", Behaviour: service.Do(s.describeStateMachineAlias),
			Errors:  []string{"InvalidArn", "ResourceNotFound", service.ValidationException},
			Example: `{"StateMachineAliasArn": ` + exampleAlias + `}`,
		}, {
			Name: "UpdateStateMachineAlias", Behaviour: service.Do(s.updateStateMachineAlias),
			Errors:  []string{"InvalidArn", "ResourceNotFound", service.ValidationException},
			Example: `{"StateMachineAliasArn": ` + exampleAlias + `, "Description": "what runs at night"}`,
		}, {
			Name: "ListStateMachineAliases", Behaviour: service.Do(s.listStateMachineAliases),
			Errors:  []string{"InvalidArn", "InvalidToken", "StateMachineDoesNotExist", service.ValidationException},
			Example: `{"StateMachineArn": ` + exampleARN + `}`,
		}, {
			Name: "DeleteStateMachineAlias", Behaviour: service.Do(s.deleteStateMachineAlias),
			Errors:  []string{"InvalidArn", "ResourceNotFound", service.ValidationException},
			Example: `{"StateMachineAliasArn": ` + exampleAlias + `}`,
		}, {
			Name: "DeleteStateMachineVersion", Behaviour: service.Do(s.deleteStateMachineVersion),
			Errors:  []string{"ConflictException", "InvalidArn", service.ValidationException},
			Example: `{"StateMachineVersionArn": ` + exampleVersion + `}`,
		},
	}
}

func (s *Service) executionOperations() []service.Operation {
	return []service.Operation{
		{
			Name: "StartExecution", Behaviour: service.Do(s.startExecution), Optimized: true,
			Errors: []string{"ExecutionAlreadyExists", "InvalidArn", "InvalidExecutionInput", "InvalidName",
				"StateMachineDoesNotExist", service.ValidationException},
			Example: `{"StateMachineArn": ` + exampleARN + `, "Name": "example", "Input": {"day": "2024-01-02"}}`,
			Job:     &service.Job{Await: s.await, Cancel: s.cancel, Parsed: []string{"Input", "Output"}},
		}, {
			Name: "StartSyncExecution", Behaviour: service.Do(s.startSyncExecution),
			Differs: "billingDetails tell the smallest amount of memory",
			Errors: []string{"InvalidArn", "InvalidExecutionInput", "InvalidName", "StateMachineDoesNotExist", "StateMachineTypeNotSupported",
				service.ValidationException},
			Example: `{"StateMachineArn": ` + exampleExpress + `, "Input": {"day": "2024-01-02"}}`,
		}, {
			Name: "DescribeExecution", Behaviour: service.Do(s.describeExecution),
			Errors:  []string{"ExecutionDoesNotExist", "InvalidArn"},
			Example: `{"ExecutionArn": ` + exampleExecution + `}`,
		}, {
			Name: "DescribeStateMachineForExecution", Behaviour: service.Do(s.describeStateMachineForExecution),
			Errors:  []string{"ExecutionDoesNotExist", "InvalidArn"},
			Example: `{"ExecutionArn": ` + exampleExecution + `}`,
		}, {
			Name: "ListExecutions", Behaviour: service.Do(s.listExecutions),
			Errors:  []string{"InvalidArn", "InvalidToken", "StateMachineDoesNotExist", "StateMachineTypeNotSupported", service.ValidationException},
			Example: `{"StateMachineArn": ` + exampleARN + `, "MaxResults": 10}`,
		}, {
			Name: "GetExecutionHistory", Behaviour: service.Do(s.getExecutionHistory),
			Errors:  []string{"ExecutionDoesNotExist", "InvalidArn", "InvalidToken"},
			Example: `{"ExecutionArn": ` + exampleExecution + `, "ReverseOrder": true}`,
		}, {
			Name: "StopExecution", Behaviour: service.Do(s.stopExecution),
			Errors:  []string{"ExecutionDoesNotExist", "InvalidArn", service.ValidationException},
			Example: `{"ExecutionArn": ` + exampleExecution + `, "Cause": "an example"}`,
		}, {
			Name: "RedriveExecution", Behaviour: service.Do(s.redriveExecution),
			Errors:  []string{"ExecutionDoesNotExist", "ExecutionNotRedrivable", "InvalidArn", service.ValidationException},
			Example: `{"ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:nightly:broken"}`,
		}, {
			Name: "DeleteStateMachine", Behaviour: service.Do(s.deleteStateMachine),
			Errors:  []string{"InvalidArn", service.ValidationException},
			Example: `{"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:hourly"}`,
		},
	}
}

func (s *Service) activityOperations() []service.Operation {
	return []service.Operation{
		{
			Name: "CreateActivity", Behaviour: service.Do(s.createActivity),
			Differs: "customer keys are refused",
			Errors:  []string{"InvalidName", "TooManyTags"},
			Example: `{"Name": "approve"}`,
		}, {
			Name: "DescribeActivity", Behaviour: service.Do(s.describeActivity),
			Errors:  []string{"ActivityDoesNotExist", "InvalidArn"},
			Example: `{"ActivityArn": ` + exampleActivity + `}`,
		}, {
			Name: "ListActivities", Behaviour: service.Do(s.listActivities),
			Errors:  []string{"InvalidToken"},
			Example: `{}`,
		}, {
			Name: "GetActivityTask", Behaviour: service.Do(s.getActivityTask),
			Errors:  []string{"ActivityDoesNotExist", "InvalidArn"},
			Example: `{"ActivityArn": ` + exampleActivity + `, "WorkerName": "desk"}`,
		}, {
			Name: "SendTaskHeartbeat", Behaviour: service.Do(s.sendTaskHeartbeat),
			Errors:  []string{"InvalidToken", taskTimedOut},
			Example: `{"TaskToken": "` + exampleToken + `"}`,
		}, {
			Name: "SendTaskSuccess", Behaviour: service.Do(s.sendTaskSuccess),
			Errors:  []string{"InvalidOutput", "InvalidToken", taskTimedOut},
			Example: `{"TaskToken": "` + exampleToken + `", "Output": {"approved": true}}`,
		}, {
			Name: "SendTaskFailure", Behaviour: service.Do(s.sendTaskFailure),
			Errors:  []string{"InvalidToken", taskTimedOut},
			Example: `{"TaskToken": "` + exampleToken2 + `", "Error": "Refused", "Cause": "too expensive"}`,
		}, {
			Name: "DeleteActivity", Behaviour: service.Do(s.deleteActivity),
			Errors:  []string{"InvalidArn"},
			Example: `{"ActivityArn": ` + exampleActivity + `}`,
		},
	}
}

func (s *Service) mapRunOperations() []service.Operation {
	return []service.Operation{
		{
			Name: "ListMapRuns", Behaviour: service.Do(s.listMapRuns),
			Errors:  []string{"ExecutionDoesNotExist", "InvalidArn", "InvalidToken"},
			Example: `{"ExecutionArn": ` + exampleExecution + `}`,
		}, {
			Name: "DescribeMapRun", Behaviour: service.Do(s.describeMapRun),
			Errors:  []string{"InvalidArn", "ResourceNotFound"},
			Example: `{"MapRunArn": ` + exampleMapRun + `}`,
		}, {
			Name: "UpdateMapRun", Behaviour: service.Do(s.updateMapRun),
			Errors:  []string{"InvalidArn", "ResourceNotFound", service.ValidationException},
			Example: `{"MapRunArn": ` + exampleMapRun + `, "MaxConcurrency": 10}`,
		},
	}
}
