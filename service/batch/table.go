package batch

import (
	"context"
	"net/http"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// Table returns the service's operations. The examples build on each other, and find the ended job of exampleJob.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name:       "batch",
		SDK:        "Batch",
		Optimized:  &service.Optimized{Name: "batch", Errors: "Batch", Client: "AWSBatch"},
		Protocol:   service.Protocol{ContentType: "application/json", Endpoint: "batch", Camel: true},
		Constraint: codeClient,
		Errors: []service.Error{
			{Code: codeClient, Status: http.StatusBadRequest},
			{Code: codeServer, Status: http.StatusInternalServerError},
		},
		Operations: s.operations(),
	}
}

const (
	exampleJob   = `"JobId": "0f6cbd0e-5d0c-4c0e-9a0e-3a0f4bb0b7a1", "Reason": "no longer needed"}`
	exampleQueue = `"arn:aws:batch:us-east-1:123456789012:job-queue/hourly"`
)

func row(name, path string, does service.Behaviour, example string) service.Operation {
	return service.Operation{Name: name, HTTP: path, Behaviour: does, Errors: []string{codeClient, codeServer}, Example: example}
}

func (s *Service) operations() []service.Operation {
	submit := row("SubmitJob", "POST /v1/submitjob", service.Do(s.submit),
		`{"JobName": "load", "JobQueue": "hourly", "JobDefinition": "etl", "Parameters": {"day": "2026-03-01"}}`).
		But("multi-node, EKS and ECS task jobs and fair-share scheduling are refused; a job that ran when Stepwell ended has lost its host")
	submit.Optimized, submit.Job = true, &service.Job{Await: s.await, Cancel: s.giveUp}
	return []service.Operation{
		row("CreateComputeEnvironment", "POST /v1/createcomputeenvironment", service.Do(s.createEnvironment),
			`{"ComputeEnvironmentName": "small", "Type": "MANAGED", "ComputeResources": {"Type": "FARGATE", "MaxvCpus": 4, "Subnets": ["subnet-1"]}}`).
			But("maxvCpus limits how many jobs run at once; nothing else of the resources means anything"),
		row("UpdateComputeEnvironment", "POST /v1/updatecomputeenvironment", service.Do(s.updateEnvironment),
			`{"ComputeEnvironment": "small", "ComputeResources": {"MaxvCpus": 8}}`),
		row("DescribeComputeEnvironments", "POST /v1/describecomputeenvironments", service.Do(s.describeEnvironments), `{}`),
		row("CreateJobQueue", "POST /v1/createjobqueue", service.Do(s.createQueue),
			`{"JobQueueName": "hourly", "Priority": 1, "ComputeEnvironmentOrder": [{"Order": 1, "ComputeEnvironment": "small"}]}`).
			But("scheduling policies and state time limits are refused"),
		row("UpdateJobQueue", "POST /v1/updatejobqueue", service.Do(s.updateQueue), `{"JobQueue": "hourly", "Priority": 2}`),
		row("DescribeJobQueues", "POST /v1/describejobqueues", service.Do(s.describeQueues), `{"JobQueues": ["hourly"]}`),
		row("RegisterJobDefinition", "POST /v1/registerjobdefinition", service.Do(s.register),
			`{"JobDefinitionName": "etl", "Type": "container", "ContainerProperties": {"Image": "etl", "Command": ["load", "Ref::day"]}}`).
			But("volumes, mount points, users, ulimits and privileges are kept and shown; they change nothing"),
		row("DescribeJobDefinitions", "POST /v1/describejobdefinitions", service.Do(s.describeDefinitions), `{"JobDefinitionName": "etl"}`),
		submit,
		row("DescribeJobs", "POST /v1/describejobs", service.Do(s.describeJobs), `{"Jobs": ["none"]}`),
		row("ListJobs", "POST /v1/listjobs", service.Do(s.listJobs), `{"JobQueue": "hourly", "JobStatus": "SUCCEEDED"}`),
		row("CancelJob", "POST /v1/canceljob", service.Do(s.cancelJob), `{`+exampleJob),
		row("TerminateJob", "POST /v1/terminatejob", service.Do(s.terminate), `{`+exampleJob),
		row("TagResource", "POST /v1/tags/{resourceArn}", service.Do(s.tag), `{"ResourceArn": `+exampleQueue+`, "Tags": {"team": "sales"}}`),
		row("ListTagsForResource", "GET /v1/tags/{resourceArn}", service.Do(s.listTags), `{"ResourceArn": `+exampleQueue+`}`),
		row("UntagResource", "DELETE /v1/tags/{resourceArn}", service.Do(s.untag), `{"ResourceArn": `+exampleQueue+`, "TagKeys": ["team"]}`),
		row("DeregisterJobDefinition", "POST /v1/deregisterjobdefinition", service.Do(s.deregister), `{"JobDefinition": "etl:1"}`),
		row("DeleteJobQueue", "POST /v1/deletejobqueue", service.Do(s.deleteQueue), `{"JobQueue": "none"}`),
		row("DeleteComputeEnvironment", "POST /v1/deletecomputeenvironment", service.Do(s.deleteEnvironment), `{"ComputeEnvironment": "none"}`),
	}
}

// await is the second half of submitJob.sync.
func (s *Service) await(ctx context.Context, answer value.Value) (any, error) {
	id, _ := answer.Get("JobId")
	s.mu.Lock()
	w, err := s.findJob(id.Str())
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.detail(w)
	if w.Status == failed {
		return nil, &service.Failed{Result: d}
	}
	return d, nil
}

// giveUp terminates the job of a task that nobody waits for any more.
func (s *Service) giveUp(ctx context.Context, answer value.Value) error {
	id, _ := answer.Get("JobId")
	_, err := s.terminate(ctx, &endRequest{JobId: id.Str(), Reason: "Terminated by AWS Step Functions"})
	return err
}
