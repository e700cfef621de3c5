package batch

import (
	"context"
	"strings"
)

type describeJobsRequest struct {
	Jobs []string `aws:"required"`
}

type describeJobsResponse struct{ Jobs []jobDetail }

type jobDetail struct {
	ArrayProperties      *arrayDetail
	Attempts             []attemptDetail
	Container            *containerDetail
	CreatedAt            int64
	DependsOn            []dependency
	IsCancelled          bool
	IsTerminated         bool
	JobArn               string
	JobDefinition        string
	JobId                string
	JobName              string
	JobQueue             string
	Parameters           map[string]string
	PlatformCapabilities []string
	PropagateTags        *bool
	RetryStrategy        *retryStrategy
	SchedulingPriority   *int64
	StartedAt            *int64
	Status               string
	StatusReason         string
	StoppedAt            *int64
	Tags                 map[string]string
	Timeout              *timeout
}

type arrayDetail struct {
	Index         *int64
	Size          *int64
	StatusSummary map[string]int64
}

type attemptDetail struct {
	Container    attemptContainer
	StartedAt    *int64
	StatusReason string
	StoppedAt    *int64
}

type attemptContainer struct {
	ExitCode          *int64
	LogStreamName     string
	NetworkInterfaces []networkInterface
	Reason            string
	TaskArn           string
}

type networkInterface struct{ AttachmentId, Ipv6Address, PrivateIpv4Address string }

type containerDetail struct {
	container
	ExitCode          *int64
	LogStreamName     string
	NetworkInterfaces []networkInterface
	Reason            string
	TaskArn           string
}

// lastPart is the name in an ARN; a name alone stays as it is.
func lastPart(text string) string { return text[strings.LastIndex(text, "/")+1:] }

// describeJobs leaves jobs out that are not there.
func (s *Service) describeJobs(_ context.Context, r *describeJobsRequest) (*describeJobsResponse, error) {
	if len(r.Jobs) > 100 {
		return nil, invalid("At most 100 jobs can be described at once, not %d", len(r.Jobs))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := &describeJobsResponse{Jobs: []jobDetail{}}
	for _, id := range r.Jobs {
		if w := s.jobs[lastPart(id)]; w != nil {
			answer.Jobs = append(answer.Jobs, *s.detail(w))
		}
	}
	return answer, nil
}

// detail describes a job as it is. The caller holds the lock.
func (s *Service) detail(w *work) *jobDetail {
	x := w.Spec
	attempts := int64(1)
	d := &jobDetail{
		Attempts: []attemptDetail{}, CreatedAt: w.Created, DependsOn: orEmpty(x.DependsOn), IsCancelled: w.Cancelled, IsTerminated: w.Terminated,
		JobArn: s.jobARN(w), JobDefinition: x.Definition, JobId: w.ID, JobName: w.Name, JobQueue: w.Queue, Parameters: x.Parameters,
		PlatformCapabilities: x.PlatformCapacity, PropagateTags: x.PropagateTags,
		RetryStrategy: &retryStrategy{Attempts: &attempts, EvaluateOnExit: orEmpty(x.Retry.EvaluateOnExit)}, SchedulingPriority: x.Priority,
		StartedAt: orNil(w.Started), Status: string(w.Status), StatusReason: w.StatusReason, StoppedAt: orNil(w.Stopped), Tags: x.Tags,
		Timeout: x.Timeout,
	}
	if x.Retry.Attempts != nil {
		d.RetryStrategy.Attempts = x.Retry.Attempts
	}
	if d.Tags == nil {
		d.Tags = map[string]string{}
	}
	c := &containerDetail{container: *x.Container.listed(), NetworkInterfaces: []networkInterface{}}
	c.Command = x.Container.command(x.Parameters)
	for _, a := range w.Attempts {
		c.ExitCode, c.Reason, c.LogStreamName, c.TaskArn = a.ExitCode, a.Reason, a.LogStream, a.TaskARN
		if a.Stopped > 0 {
			d.Attempts = append(d.Attempts, a.detail())
		}
	}
	d.Container = c
	d.ArrayProperties = w.arrayDetail()
	return d
}

func (a *attempt) detail() attemptDetail {
	return attemptDetail{
		Container: attemptContainer{
			ExitCode: a.ExitCode, LogStreamName: a.LogStream, NetworkInterfaces: []networkInterface{}, Reason: a.Reason, TaskArn: a.TaskARN,
		},
		StartedAt: orNil(a.Started), StatusReason: a.StatusReason, StoppedAt: orNil(a.Stopped),
	}
}

func (w *work) arrayDetail() *arrayDetail {
	switch {
	case w.Parent != "":
		return &arrayDetail{Index: &w.Index}
	case w.Size == 0:
		return nil
	}
	summary := map[string]int64{}
	for _, s := range allStatuses {
		summary[string(s)] = w.counts[s]
	}
	return &arrayDetail{Size: &w.Size, StatusSummary: summary}
}

func orNil(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
