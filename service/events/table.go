package events

import (
	"net/http"

	"github.com/stepwell/stepwell/service"
)

// Table returns the service's operations. The examples find the rule nightly.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name: "eventbridge", SDK: "EventBridge",
		Optimized: &service.Optimized{Name: "events", Errors: "EventBridge", Client: "AmazonEventBridge"},
		Protocol:  service.Protocol{ContentType: "application/x-amz-json-1.1", Endpoint: "events", Target: "AWSEvents"},
		Errors: []service.Error{
			{Code: service.ValidationException, Status: http.StatusBadRequest},
			{Code: codeMissing, Status: http.StatusBadRequest},
			{Code: codeExists, Status: http.StatusBadRequest},
			{Code: codePattern, Status: http.StatusBadRequest},
			{Code: codeLimit, Status: http.StatusBadRequest},
		},
		Operations: s.operations(),
	}
}

func row(name string, does service.Behaviour, example string) service.Operation {
	return service.Operation{
		Name: name, Behaviour: does, Example: example,
		Errors: []string{service.ValidationException, codeMissing, codeExists, codePattern, codeLimit},
	}
}

const (
	exampleRule   = `"arn:aws:events:us-east-1:123456789012:rule/nightly"`
	exampleTarget = `{"Id": "1", "Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:nightly", "RoleArn": "arn:aws:iam::123456789012:role/run"}`
	exampleEvent  = `{\"id\": \"1\", \"account\": \"123456789012\", \"source\": \"shop\", \"time\": \"2026-03-01T00:00:00Z\", ` +
		`\"region\": \"us-east-1\", \"resources\": [], \"detail-type\": \"Sold\", \"detail\": {}}`
)

func (s *Service) operations() []service.Operation {
	put := row("PutEvents", service.Do(s.putEvents), `{"Entries": [{"Source": "shop", "DetailType": "Sold", "Detail": {"rows": 5}}]}`).
		But("global endpoints are refused")
	put.Optimized = true
	return []service.Operation{
		row("CreateEventBus", service.Do(s.createBus), `{"Name": "sales"}`),
		row("DescribeEventBus", service.Do(s.describeBus), `{"Name": "default"}`),
		row("ListEventBuses", service.Do(s.listBuses), `{}`),
		row("PutRule", service.Do(s.putRule), `{"Name": "sold", "EventPattern": {"source": ["shop"]}}`).
			But("times of a schedule that passed while nothing ran are caught up once; roles are not assumed"),
		row("DescribeRule", service.Do(s.describeRule), `{"Name": "nightly"}`),
		row("ListRules", service.Do(s.listRules), `{}`),
		row("EnableRule", service.Do(s.enableRule), `{"Name": "nightly"}`),
		row("DisableRule", service.Do(s.disableRule), `{"Name": "nightly"}`),
		row("PutTargets", service.Do(s.putTargets), `{"Rule": "nightly", "Targets": [`+exampleTarget+`]}`).
			But("targets are state machines, functions, topics, job queues, log groups and SQL on clusters and workgroups; others are refused"),
		row("ListTargetsByRule", service.Do(s.listTargets), `{"Rule": "nightly"}`),
		row("ListRuleNamesByTarget", service.Do(s.ruleNames), `{"TargetArn": "arn:aws:states:us-east-1:123456789012:stateMachine:nightly"}`),
		put,
		row("TestEventPattern", service.Do(s.test), `{"EventPattern": "{\"source\": [\"shop\"]}", "Event": "`+exampleEvent+`"}`),
		row("TagResource", service.Do(s.tag), `{"ResourceARN": `+exampleRule+`, "Tags": [{"Key": "team", "Value": "sales"}]}`),
		row("ListTagsForResource", service.Do(s.tags), `{"ResourceARN": `+exampleRule+`}`),
		row("UntagResource", service.Do(s.untag), `{"ResourceARN": `+exampleRule+`, "TagKeys": ["team"]}`),
		row("RemoveTargets", service.Do(s.removeTargets), `{"Rule": "nightly", "Ids": ["1"]}`),
		row("DeleteRule", service.Do(s.deleteRule), `{"Name": "nightly"}`),
		row("DeleteEventBus", service.Do(s.deleteBus), `{"Name": "sales"}`),
	}
}
