package batch

import (
	"context"
	"maps"
	"slices"

	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

type submitRequest struct {
	ArrayProperties                      *arrayProperties
	ConsumableResourcePropertiesOverride value.Value
	ContainerOverrides                   *overrides
	DependsOn                            []dependency
	EcsPropertiesOverride                value.Value
	EksPropertiesOverride                value.Value
	JobDefinition                        string `aws:"required"`
	JobName                              string `aws:"required" pattern:"[A-Za-z0-9][A-Za-z0-9_-]{0,127}"`
	JobQueue                             string `aws:"required"`
	NodeOverrides                        value.Value
	Parameters                           map[string]string
	PropagateTags                        *bool
	RetryStrategy                        *retryStrategy
	SchedulingPriorityOverride           *int64
	ShareIdentifier                      string
	Tags                                 map[string]string `aws:"min=1,max=50"`
	Timeout                              *timeout
}

type arrayProperties struct {
	Size *int64 `aws:"min=2,max=10000"`
}

type submitResponse struct{ JobArn, JobId, JobName string }

func (r *submitRequest) check() error {
	for name, given := range map[string]value.Value{
		"nodeOverrides": r.NodeOverrides, "eksPropertiesOverride": r.EksPropertiesOverride, "ecsPropertiesOverride": r.EcsPropertiesOverride,
		"consumableResourcePropertiesOverride": r.ConsumableResourcePropertiesOverride,
	} {
		if !given.IsZero() {
			return unsupported("%s is not supported", name)
		}
	}
	switch {
	case r.ShareIdentifier != "":
		return unsupported("fair-share scheduling is not supported: shareIdentifier")
	case r.ArrayProperties != nil && r.ArrayProperties.Size == nil:
		return invalid("Array properties should have a size")
	case len(r.DependsOn) > 20:
		return invalid("A job can depend on 20 jobs at most, not %d", len(r.DependsOn))
	}
	if o := r.ContainerOverrides; o != nil {
		if err := checkEnvironment(o.Environment); err != nil {
			return err
		}
		if err := checkRequirements(o.ResourceRequirements); err != nil {
			return err
		}
	}
	return r.RetryStrategy.check()
}

// submit makes a job and queues it. The caller's idempotency token is the job's id, so that a task that is carried out again
// after a crash finds the job that it submitted.
func (s *Service) submit(ctx context.Context, r *submitRequest) (*submitResponse, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := service.IdempotencyToken(ctx)
	if known := s.jobs[id]; known != nil {
		return &submitResponse{s.jobARN(known), known.ID, known.Name}, nil
	}
	w, err := s.newJob(r, id)
	if err != nil {
		return nil, err
	}
	w.Origin = origin.Of(ctx)
	if err := s.save(w); err != nil {
		return nil, err
	}
	s.options.Ledger.Began(ctx, origin.JobWork, w.ID, w.Name)
	s.add(w)
	s.connect(w)
	s.schedule()
	return &submitResponse{s.jobARN(w), w.ID, w.Name}, nil
}

func (s *Service) newJob(r *submitRequest, token string) (*work, error) {
	q, err := s.findQueue(r.JobQueue)
	if err != nil {
		return nil, err
	}
	if q.State != enabled {
		return nil, invalid("Job queue %s is not ENABLED", q.Name)
	}
	d, err := s.findDefinition(r.JobDefinition)
	if err != nil {
		return nil, err
	}
	if d.Inactive {
		return nil, invalid("Job definition %s is not ACTIVE", s.definitionARN(d))
	}
	specified := s.specify(r, d)
	if token == "" {
		token = newID()
	} else {
		specified.Container.Environment = append(specified.Container.Environment, variable{"MANAGED_BY_AWS", "STARTED_BY_STEP_FUNCTIONS"})
	}
	s.sequence++
	w := newWork(record{
		ID: token, Name: r.JobName, Queue: q.ARN, Status: submitted, Created: now(), Sequence: s.sequence, Spec: specified,
	})
	if r.ArrayProperties != nil {
		w.Size = *r.ArrayProperties.Size
	}
	return w, s.checkDependencies(w)
}

// specify joins a submission with its definition.
func (s *Service) specify(r *submitRequest, d *definition) *spec {
	p := d.Properties
	parameters := maps.Clone(p.Parameters)
	if parameters == nil {
		parameters = map[string]string{}
	}
	maps.Copy(parameters, r.Parameters)
	x := &spec{
		Definition: s.definitionARN(d), DefinitionName: d.Name, Container: p.ContainerProperties.with(r.ContainerOverrides), Parameters: parameters,
		Timeout: p.Timeout, DependsOn: slices.Clone(r.DependsOn), Tags: r.Tags, PropagateTags: p.PropagateTags, Priority: p.SchedulingPriority,
		PlatformCapacity: p.PlatformCapabilities,
	}
	x.Container.Environment = slices.Clone(x.Container.Environment)
	if p.RetryStrategy != nil {
		x.Retry = *p.RetryStrategy
	}
	if r.RetryStrategy != nil {
		x.Retry = *r.RetryStrategy
	}
	if r.Timeout != nil {
		x.Timeout = r.Timeout
	}
	if r.PropagateTags != nil {
		x.PropagateTags = r.PropagateTags
	}
	if r.SchedulingPriorityOverride != nil {
		x.Priority = r.SchedulingPriorityOverride
	}
	return x
}

// add makes a job known, with its children. The caller holds the lock.
func (s *Service) add(w *work) {
	s.jobs[w.ID] = w
	if w.Size > 0 {
		w.makeChildren()
		for _, child := range w.children {
			s.jobs[child.ID] = child
		}
	}
}

func (s *Service) jobARN(w *work) string { return s.arn("job/" + w.ID) }
