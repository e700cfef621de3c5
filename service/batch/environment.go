package batch

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/stepwell/stepwell/service"
)

// environment is a compute environment's record: where jobs run, and how many at once.
type environment struct {
	ARN, Name, Type, State string
	Resources              *computeResources
	Unmanaged              *int64
	ServiceRole            string
	Context                string
	UUID                   string
	Tags                   map[string]string

	used float64 // processors of its jobs
}

type computeResources struct {
	AllocationStrategy string
	BidPercentage      *int64
	DesiredvCpus       *int64
	Ec2Configuration   []ec2Configuration
	Ec2KeyPair         string
	ImageId            string
	InstanceRole       string
	InstanceTypes      []string
	LaunchTemplate     *launchTemplate
	MaxvCpus           *int64 `aws:"required,min=1"`
	MinvCpus           *int64
	PlacementGroup     string
	ScalingPolicy      *scalingPolicy
	SecurityGroupIds   []string
	SpotIamFleetRole   string
	Subnets            []string
	Tags               map[string]string
	Type               string `aws:"required" enum:"EC2|SPOT|FARGATE|FARGATE_SPOT"`
}

type ec2Configuration struct {
	ImageIdOverride        string
	ImageKubernetesVersion string
	ImageType              string `aws:"required"`
}

type launchTemplate struct{ LaunchTemplateId, LaunchTemplateName, Version string }

type scalingPolicy struct{ MinScaleDownDelayMinutes *int64 }

// limit is how many processors its jobs may have together.
func (e *environment) limit() float64 {
	switch {
	case e.Resources != nil:
		return float64(*e.Resources.MaxvCpus)
	case e.Unmanaged != nil:
		return float64(*e.Unmanaged)
	}
	return 256
}

type createEnvironmentRequest struct {
	ComputeEnvironmentName string `aws:"required" pattern:"[A-Za-z0-9][A-Za-z0-9_-]{0,127}"`
	ComputeResources       *computeResources
	Context                string
	EksConfiguration       *eksConfiguration
	ServiceRole            string
	State                  string            `enum:"ENABLED|DISABLED"`
	Tags                   map[string]string `aws:"min=1,max=50"`
	Type                   string            `aws:"required" enum:"MANAGED|UNMANAGED"`
	UnmanagedvCpus         *int64
}

type eksConfiguration struct{ EksClusterArn, KubernetesNamespace string }

type environmentResponse struct{ ComputeEnvironmentArn, ComputeEnvironmentName string }

func (s *Service) createEnvironment(ctx context.Context, r *createEnvironmentRequest) (*environmentResponse, error) {
	e, err := s.newEnvironment(r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.environments[e.ARN] != nil {
		return nil, invalid("Object already exists: %s", e.ARN)
	}
	return s.putEnvironment(ctx, e)
}

func (s *Service) newEnvironment(r *createEnvironmentRequest) (*environment, error) {
	switch {
	case r.EksConfiguration != nil:
		return nil, unsupported("compute environments on EKS are not supported")
	case r.Type == "MANAGED" && r.ComputeResources == nil:
		return nil, invalid("computeResources must be provided for a MANAGED compute environment")
	}
	return &environment{
		ARN: s.arn("compute-environment/" + r.ComputeEnvironmentName), Name: r.ComputeEnvironmentName, Type: r.Type,
		State: cmp.Or(r.State, enabled), Resources: r.ComputeResources, Unmanaged: r.UnmanagedvCpus, ServiceRole: r.ServiceRole,
		Context: r.Context, UUID: newID(), Tags: r.Tags,
	}, nil
}

// putEnvironment makes an environment durable, then known. The caller holds the lock.
func (s *Service) putEnvironment(ctx context.Context, e *environment) (*environmentResponse, error) {
	if err := s.environmentRecords.Put(ctx, e.ARN, *e); err != nil {
		return nil, err
	}
	s.environments[e.ARN] = e
	s.unstick()
	return &environmentResponse{e.ARN, e.Name}, nil
}

// findEnvironment finds an environment by its name or ARN. The caller holds the lock.
func (s *Service) findEnvironment(text string) (*environment, error) {
	for _, arn := range []string{text, s.arn("compute-environment/" + text)} {
		if e := s.environments[arn]; e != nil {
			return e, nil
		}
	}
	return nil, invalid("Compute environment %s does not exist", text)
}

type updateEnvironmentRequest struct {
	ComputeEnvironment string `aws:"required"`
	ComputeResources   *computeResourcesUpdate
	Context            string
	ServiceRole        string
	State              string `enum:"ENABLED|DISABLED"`
	UnmanagedvCpus     *int64
	UpdatePolicy       *updatePolicy
}

// computeResourcesUpdate are the changes that mean something here.
type computeResourcesUpdate struct {
	DesiredvCpus     *int64
	InstanceTypes    []string
	MaxvCpus         *int64
	MinvCpus         *int64
	SecurityGroupIds []string
	Subnets          []string
}

type updatePolicy struct {
	JobExecutionTimeoutMinutes *int64
	TerminateJobsOnUpdate      *bool
}

func (s *Service) updateEnvironment(ctx context.Context, r *updateEnvironmentRequest) (*environmentResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.findEnvironment(r.ComputeEnvironment)
	if err != nil {
		return nil, err
	}
	changed := *e
	changed.State = cmp.Or(r.State, e.State)
	changed.ServiceRole, changed.Context = cmp.Or(r.ServiceRole, e.ServiceRole), cmp.Or(r.Context, e.Context)
	if r.UnmanagedvCpus != nil {
		changed.Unmanaged = r.UnmanagedvCpus
	}
	if u := r.ComputeResources; u != nil && e.Resources != nil {
		resources := *e.Resources
		resources.MaxvCpus, resources.MinvCpus = cmp.Or(u.MaxvCpus, resources.MaxvCpus), cmp.Or(u.MinvCpus, resources.MinvCpus)
		resources.DesiredvCpus = cmp.Or(u.DesiredvCpus, resources.DesiredvCpus)
		if *resources.MaxvCpus < 1 {
			return nil, invalid("maxvCpus must be at least 1")
		}
		changed.Resources = &resources
	}
	return &environmentResponse{e.ARN, e.Name}, s.changeEnvironment(ctx, e, &changed)
}

// changeEnvironment makes a change durable, then known. The caller holds the lock.
func (s *Service) changeEnvironment(ctx context.Context, e, changed *environment) error {
	if err := s.environmentRecords.Put(ctx, e.ARN, *changed); err != nil {
		return err
	}
	*e = *changed // attempts hold the pointer
	s.unstick()
	s.schedule()
	return nil
}

type environmentRequest struct {
	ComputeEnvironment string `aws:"required"`
}

// nothing is the answer of operations that only do.
type nothing struct{}

// deleteEnvironment deletes what nobody uses. To delete what is not there is no error.
func (s *Service) deleteEnvironment(ctx context.Context, r *environmentRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.findEnvironment(r.ComputeEnvironment)
	if err != nil {
		return &nothing{}, nil
	}
	if e.State == enabled {
		return nil, invalid("Cannot delete, found state ENABLED: %s", e.Name)
	}
	for _, q := range s.queues {
		if slices.ContainsFunc(q.Order, func(o environmentOrder) bool { return o.ComputeEnvironment == e.ARN }) {
			return nil, invalid("Cannot delete, found existing JobQueue relationship: %s", q.Name)
		}
	}
	delete(s.environments, e.ARN)
	return &nothing{}, s.environmentRecords.Delete(ctx, e.ARN)
}

type describeEnvironmentsRequest struct {
	ComputeEnvironments []string
	MaxResults          *int64
	NextToken           string
}

type describeEnvironmentsResponse struct {
	ComputeEnvironments []environmentDetail
	NextToken           string
}

type environmentDetail struct {
	ComputeEnvironmentArn      string
	ComputeEnvironmentName     string
	ComputeResources           *computeResources
	ContainerOrchestrationType string
	Context                    string
	EcsClusterArn              string
	ServiceRole                string
	State                      string
	Status                     string
	StatusReason               string
	Tags                       map[string]string
	Type                       string
	UnmanagedvCpus             *int64
	Uuid                       string
}

func (s *Service) describeEnvironments(_ context.Context, r *describeEnvironmentsRequest) (*describeEnvironmentsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	arns := slices.Sorted(maps.Keys(s.environments))
	if len(r.ComputeEnvironments) > 0 {
		arns = nil
		for _, text := range r.ComputeEnvironments {
			if e, err := s.findEnvironment(text); err == nil {
				arns = append(arns, e.ARN)
			}
		}
	}
	page, next, ok := service.Page(arns, r.NextToken, r.MaxResults, longestPage)
	if !ok {
		return nil, badToken()
	}
	answer := &describeEnvironmentsResponse{ComputeEnvironments: []environmentDetail{}, NextToken: next}
	for _, arn := range page {
		answer.ComputeEnvironments = append(answer.ComputeEnvironments, s.environments[arn].detail())
	}
	return answer, nil
}

func (e *environment) detail() environmentDetail {
	tags := e.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return environmentDetail{
		ComputeEnvironmentArn: e.ARN, ComputeEnvironmentName: e.Name, ComputeResources: e.Resources, ContainerOrchestrationType: "ECS",
		Context: e.Context, ServiceRole: e.ServiceRole, State: e.State, Status: "VALID", StatusReason: "ComputeEnvironment Healthy",
		EcsClusterArn: "arn:aws:ecs:" + regionAndAccount(e.ARN) + ":cluster/" + e.cluster(), Tags: tags, Type: e.Type,
		UnmanagedvCpus: e.Unmanaged, Uuid: e.UUID,
	}
}

// cluster is the name of the ECS cluster that Batch makes for an environment.
func (e *environment) cluster() string { return e.Name + "_Batch_" + e.UUID }
