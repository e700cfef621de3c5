package scheduler

import (
	"net/http"

	"github.com/stepwell/stepwell/service"
)

// Table returns the service's operations. The examples find the schedule nightly.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name: "scheduler", SDK: "Scheduler",
		Protocol: service.Protocol{ContentType: "application/json", Endpoint: "scheduler"},
		Errors: []service.Error{
			{Code: service.ValidationException, Status: http.StatusBadRequest},
			{Code: codeConflict, Status: http.StatusConflict},
			{Code: codeMissing, Status: http.StatusNotFound},
		},
		Operations: s.operations(),
	}
}

func row(name, path string, does service.Behaviour, example string) service.Operation {
	return service.Operation{
		Name: name, HTTP: path, Behaviour: does, Example: example,
		Errors: []string{service.ValidationException, codeConflict, codeMissing},
	}
}

const (
	exampleTarget = `"Target": {"Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:nightly", "RoleArn": "arn:aws:iam::123456789012:role/run"}`
	exampleGroup  = `"arn:aws:scheduler:us-east-1:123456789012:schedule-group/default"`
)

func (s *Service) operations() []service.Operation {
	differs := "roles are not assumed; targets are state machines, functions, topics, job queues, log groups, event buses, SQL on clusters and workgroups, " +
		"and the operations here as universal targets; targets fire on the second, and missed times are caught up once"
	return []service.Operation{
		row("CreateSchedule", "POST /schedules/{Name}", service.Do(s.create),
			`{"Name": "hourly", "ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}, `+exampleTarget+`}`).But(differs),
		row("GetSchedule", "GET /schedules/{Name}", service.Do(s.get), `{"Name": "nightly"}`),
		row("UpdateSchedule", "PUT /schedules/{Name}", service.Do(s.update),
			`{"Name": "nightly", "ScheduleExpression": "cron(0 3 * * ? *)", "FlexibleTimeWindow": {"Mode": "OFF"}, `+exampleTarget+`}`),
		row("ListSchedules", "GET /schedules", service.Do(s.list), `{"NamePrefix": "night"}`),
		row("CreateScheduleGroup", "POST /schedule-groups/{Name}", service.Do(s.createGroup), `{"Name": "sales"}`),
		row("GetScheduleGroup", "GET /schedule-groups/{Name}", service.Do(s.getGroup), `{"Name": "default"}`),
		row("ListScheduleGroups", "GET /schedule-groups", service.Do(s.listGroups), `{}`),
		row("TagResource", "POST /tags/{ResourceArn}", service.Do(s.tag), `{"ResourceArn": `+exampleGroup+`, "Tags": [{"Key": "team", "Value": "sales"}]}`),
		row("ListTagsForResource", "GET /tags/{ResourceArn}", service.Do(s.tags), `{"ResourceArn": `+exampleGroup+`}`),
		row("UntagResource", "DELETE /tags/{ResourceArn}", service.Do(s.untag), `{"ResourceArn": `+exampleGroup+`, "TagKeys": ["team"]}`),
		row("DeleteSchedule", "DELETE /schedules/{Name}", service.Do(s.delete), `{"Name": "nightly"}`),
		row("DeleteScheduleGroup", "DELETE /schedule-groups/{Name}", service.Do(s.deleteGroup), `{"Name": "sales"}`),
	}
}
