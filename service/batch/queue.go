package batch

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/service"
)

const (
	enabled     = "ENABLED"
	longestPage = 100
)

func badToken() error { return invalid("Invalid next token") }

func newID() string { return uuid.NewString() }

// regionAndAccount is the middle of an ARN: us-east-1:123456789012.
func regionAndAccount(text string) string {
	parsed, _ := arn.Parse(text) // ours
	return parsed.Region + ":" + parsed.Account
}

// queue is a job queue's record.
type queue struct {
	ARN, Name, State string
	Priority         int64
	Order            []environmentOrder
	Type             string
	SchedulingPolicy string
	TimeLimits       []stateTimeLimit
	Tags             map[string]string

	runnable []*work // in the order in which they will start
	// stuck are the jobs that none of the queue's environments is large enough for.
	stuck []*work
}

// environmentOrder names an environment; in a record by its ARN.
type environmentOrder struct {
	ComputeEnvironment string `aws:"required"`
	Order              *int64 `aws:"required"`
}

type stateTimeLimit struct {
	Action         string `aws:"required" enum:"CANCEL|TERMINATE"`
	MaxTimeSeconds *int64 `aws:"required"`
	Reason         string `aws:"required"`
	State          string `aws:"required" enum:"RUNNABLE"`
}

type createQueueRequest struct {
	ComputeEnvironmentOrder  []environmentOrder
	JobQueueName             string `aws:"required" pattern:"[A-Za-z0-9][A-Za-z0-9_-]{0,127}"`
	JobQueueType             string `enum:"EKS|ECS|ECS_FARGATE|SAGEMAKER_TRAINING"`
	JobStateTimeLimitActions []stateTimeLimit
	Priority                 *int64 `aws:"required,min=0"`
	SchedulingPolicyArn      string
	ServiceEnvironmentOrder  []serviceEnvironment
	State                    string            `enum:"ENABLED|DISABLED"`
	Tags                     map[string]string `aws:"min=1,max=50"`
}

type serviceEnvironment struct {
	Order              *int64
	ServiceEnvironment string
}

type queueResponse struct{ JobQueueArn, JobQueueName string }

func (s *Service) createQueue(ctx context.Context, r *createQueueRequest) (*queueResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.newQueue(r)
	if err != nil {
		return nil, err
	}
	if s.queues[q.ARN] != nil {
		return nil, invalid("Object already exists: %s", q.ARN)
	}
	return s.putQueue(ctx, q)
}

func (r *createQueueRequest) check() error {
	switch {
	case len(r.ServiceEnvironmentOrder) > 0:
		return unsupported("queues of service environments are not supported")
	case r.SchedulingPolicyArn != "":
		return unsupported("fair-share scheduling is not supported: the queue has a scheduling policy")
	case len(r.JobStateTimeLimitActions) > 0:
		return unsupported("job state time limit actions are not supported")
	}
	return nil
}

func (s *Service) newQueue(r *createQueueRequest) (*queue, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	order, err := s.resolveOrder(r.ComputeEnvironmentOrder)
	return &queue{
		ARN: s.arn("job-queue/" + r.JobQueueName), Name: r.JobQueueName, State: cmp.Or(r.State, enabled), Priority: *r.Priority,
		Order: order, Type: r.JobQueueType, Tags: r.Tags,
	}, err
}

// resolveOrder puts the environments in order and names them by their ARNs.
func (s *Service) resolveOrder(given []environmentOrder) ([]environmentOrder, error) {
	if len(given) == 0 || len(given) > 3 {
		return nil, invalid("A job queue has 1 to 3 compute environments, not %d", len(given))
	}
	order := slices.Clone(given)
	for i := range order {
		e, err := s.findEnvironment(order[i].ComputeEnvironment)
		if err != nil {
			return nil, err
		}
		order[i].ComputeEnvironment = e.ARN
	}
	slices.SortStableFunc(order, func(a, b environmentOrder) int { return cmp.Compare(*a.Order, *b.Order) })
	return order, nil
}

// putQueue makes a queue durable, then known. The caller holds the lock.
func (s *Service) putQueue(ctx context.Context, q *queue) (*queueResponse, error) {
	if err := s.queueRecords.Put(ctx, q.ARN, *q); err != nil {
		return nil, err
	}
	s.queues[q.ARN] = q
	s.unstick()
	s.schedule()
	return &queueResponse{q.ARN, q.Name}, nil
}

// findQueue finds a queue by its name or ARN. The caller holds the lock.
func (s *Service) findQueue(text string) (*queue, error) {
	for _, arn := range []string{text, s.arn("job-queue/" + text)} {
		if q := s.queues[arn]; q != nil {
			return q, nil
		}
	}
	return nil, invalid("Job queue %s does not exist", text)
}

type updateQueueRequest struct {
	ComputeEnvironmentOrder  []environmentOrder
	JobQueue                 string `aws:"required"`
	JobStateTimeLimitActions []stateTimeLimit
	Priority                 *int64 `aws:"min=0"`
	SchedulingPolicyArn      string
	State                    string `enum:"ENABLED|DISABLED"`
}

func (s *Service) updateQueue(ctx context.Context, r *updateQueueRequest) (*queueResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.findQueue(r.JobQueue)
	if err != nil {
		return nil, err
	}
	if r.SchedulingPolicyArn != "" || len(r.JobStateTimeLimitActions) > 0 {
		return nil, unsupported("scheduling policies and job state time limit actions are not supported")
	}
	changed := *q
	changed.State = cmp.Or(r.State, q.State)
	if r.Priority != nil {
		changed.Priority = *r.Priority
	}
	if r.ComputeEnvironmentOrder != nil {
		if changed.Order, err = s.resolveOrder(r.ComputeEnvironmentOrder); err != nil {
			return nil, err
		}
	}
	return s.putQueue(ctx, &changed)
}

type queueRequest struct {
	JobQueue string `aws:"required"`
}

// deleteQueue ends the jobs of a queue. To delete what is not there is no error.
func (s *Service) deleteQueue(ctx context.Context, r *queueRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.findQueue(r.JobQueue)
	if err != nil {
		return &nothing{}, nil
	}
	if q.State == enabled {
		return nil, invalid("Cannot delete, found state ENABLED: %s", q.Name)
	}
	for _, j := range s.jobs {
		if j.Queue == q.ARN && j.Parent == "" {
			s.terminateTree(j, "Job queue was deleted", false)
		}
	}
	delete(s.queues, q.ARN)
	return &nothing{}, s.queueRecords.Delete(ctx, q.ARN)
}

type describeQueuesRequest struct {
	JobQueues  []string
	MaxResults *int64
	NextToken  string
}

type describeQueuesResponse struct {
	JobQueues []queueDetail
	NextToken string
}

type queueDetail struct {
	ComputeEnvironmentOrder  []environmentOrder
	JobQueueArn              string
	JobQueueName             string
	JobQueueType             string
	JobStateTimeLimitActions []stateTimeLimit
	Priority                 int64
	ServiceEnvironmentOrder  []serviceEnvironment
	State                    string
	Status                   string
	StatusReason             string
	Tags                     map[string]string
}

func (s *Service) describeQueues(_ context.Context, r *describeQueuesRequest) (*describeQueuesResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	arns := slices.Sorted(maps.Keys(s.queues))
	if len(r.JobQueues) > 0 {
		arns = nil
		for _, text := range r.JobQueues {
			if q, err := s.findQueue(text); err == nil {
				arns = append(arns, q.ARN)
			}
		}
	}
	page, next, ok := service.Page(arns, r.NextToken, r.MaxResults, longestPage)
	if !ok {
		return nil, badToken()
	}
	answer := &describeQueuesResponse{JobQueues: []queueDetail{}, NextToken: next}
	for _, arn := range page {
		answer.JobQueues = append(answer.JobQueues, s.detailOf(s.queues[arn]))
	}
	return answer, nil
}

func (s *Service) detailOf(q *queue) queueDetail {
	d := queueDetail{
		ComputeEnvironmentOrder: q.Order, JobQueueArn: q.ARN, JobQueueName: q.Name, JobQueueType: q.Type, Priority: q.Priority,
		JobStateTimeLimitActions: []stateTimeLimit{}, ServiceEnvironmentOrder: []serviceEnvironment{},
		State: q.State, Status: "VALID", StatusReason: "JobQueue Healthy", Tags: q.Tags,
	}
	if d.Tags == nil {
		d.Tags = map[string]string{}
	}
	if d.JobQueueType == "" {
		d.JobQueueType = "ECS"
		if e := s.environments[q.Order[0].ComputeEnvironment]; e != nil && e.Resources != nil && strings.HasPrefix(e.Resources.Type, "FARGATE") {
			d.JobQueueType = "ECS_FARGATE"
		}
	}
	return d
}
