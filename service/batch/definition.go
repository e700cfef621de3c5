package batch

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// definition is the record of one revision of a job definition.
type definition struct {
	Name       string
	Revision   int64
	Inactive   bool
	Properties registerRequest
}

type registerRequest struct {
	ConsumableResourceProperties value.Value `json:"-"`
	ContainerProperties          *container
	EcsProperties                value.Value `json:"-"`
	EksProperties                value.Value `json:"-"`
	JobDefinitionName            string      `aws:"required" pattern:"[A-Za-z0-9][A-Za-z0-9_-]{0,127}"`
	NodeProperties               value.Value `json:"-"`
	Parameters                   map[string]string
	PlatformCapabilities         []string
	PropagateTags                *bool
	RetryStrategy                *retryStrategy
	SchedulingPriority           *int64
	Tags                         map[string]string `aws:"min=1,max=50"`
	Timeout                      *timeout
	Type                         string `aws:"required" enum:"container|multinode"`
}

type timeout struct {
	AttemptDurationSeconds *int64 `aws:"min=60"`
}

type registerResponse struct {
	JobDefinitionArn  string
	JobDefinitionName string
	Revision          int64
}

func (r *registerRequest) check() error {
	for name, given := range map[string]value.Value{
		"nodeProperties": r.NodeProperties, "eksProperties": r.EksProperties, "ecsProperties": r.EcsProperties,
		"consumableResourceProperties": r.ConsumableResourceProperties,
	} {
		if !given.IsZero() {
			return unsupported("job definitions with %s are not supported", name)
		}
	}
	switch {
	case r.Type != "container":
		return unsupported("jobs of type %s are not supported", r.Type)
	case r.ContainerProperties == nil:
		return invalid("Container properties should not be empty")
	}
	if err := r.ContainerProperties.check(); err != nil {
		return err
	}
	return r.RetryStrategy.check()
}

// register adds a revision.
func (s *Service) register(ctx context.Context, r *registerRequest) (*registerResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addRevision(ctx, r)
}

func (s *Service) addRevision(ctx context.Context, r *registerRequest) (*registerResponse, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	d := &definition{Name: r.JobDefinitionName, Revision: 1, Properties: *r}
	if all := s.definitions[d.Name]; len(all) > 0 {
		d.Revision = all[len(all)-1].Revision + 1
	}
	if err := s.putDefinition(ctx, d); err != nil {
		return nil, err
	}
	s.definitions[d.Name] = append(s.definitions[d.Name], d)
	return &registerResponse{s.definitionARN(d), d.Name, d.Revision}, nil
}

func (s *Service) putDefinition(ctx context.Context, d *definition) error {
	return s.definitionRecords.Put(ctx, d.id(), *d)
}

// id is the record's: revisions of a name are in order.
func (d *definition) id() string {
	number := strconv.FormatInt(d.Revision, 10)
	return d.Name + ":" + strings.Repeat("0", max(0, 10-len(number))) + number
}

func (s *Service) definitionARN(d *definition) string {
	return s.arn("job-definition/" + d.Name + ":" + strconv.FormatInt(d.Revision, 10))
}

// same says whether a declaration is what the newest revision says already.
func (d *definition) same(r *registerRequest) bool {
	a, err := json.Marshal(d.Properties)
	b, err2 := json.Marshal(r)
	return err == nil && err2 == nil && string(a) == string(b)
}

// findDefinition finds a revision by NAME:REVISION or its ARN; without a revision it is the newest active one. The caller
// holds the lock.
func (s *Service) findDefinition(text string) (*definition, error) {
	name, number, exact := strings.Cut(strings.TrimPrefix(text, s.arn("job-definition/")), ":")
	all := s.definitions[name]
	for _, d := range slices.Backward(all) {
		if exact && strconv.FormatInt(d.Revision, 10) == number || !exact && !d.Inactive {
			return d, nil
		}
	}
	return nil, invalid("Job definition %s does not exist", text)
}

type definitionRequest struct {
	JobDefinition string `aws:"required"`
}

func (s *Service) deregister(ctx context.Context, r *definitionRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.findDefinition(r.JobDefinition)
	if err != nil {
		return nil, err
	}
	changed := *d
	changed.Inactive = true
	if err := s.putDefinition(ctx, &changed); err != nil {
		return nil, err
	}
	*d = changed
	return &nothing{}, nil
}

type describeDefinitionsRequest struct {
	JobDefinitionName string
	JobDefinitions    []string
	MaxResults        *int64
	NextToken         string
	Status            string
}

type describeDefinitionsResponse struct {
	JobDefinitions []definitionDetail
	NextToken      string
}

type definitionDetail struct {
	ContainerOrchestrationType string
	ContainerProperties        *container
	JobDefinitionArn           string
	JobDefinitionName          string
	Parameters                 map[string]string
	PlatformCapabilities       []string
	PropagateTags              *bool
	RetryStrategy              *retryStrategy
	Revision                   int64
	SchedulingPriority         *int64
	Status                     string
	Tags                       map[string]string
	Timeout                    *timeout
	Type                       string
}

func (s *Service) describeDefinitions(_ context.Context, r *describeDefinitionsRequest) (*describeDefinitionsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page, next, ok := service.Page(s.selectDefinitions(r), r.NextToken, r.MaxResults, longestPage)
	if !ok {
		return nil, badToken()
	}
	answer := &describeDefinitionsResponse{JobDefinitions: []definitionDetail{}, NextToken: next}
	for _, d := range page {
		answer.JobDefinitions = append(answer.JobDefinitions, s.detailOfDefinition(d))
	}
	return answer, nil
}

func (s *Service) selectDefinitions(r *describeDefinitionsRequest) []*definition {
	var found []*definition
	for _, text := range r.JobDefinitions {
		if d, err := s.findDefinition(text); err == nil {
			found = append(found, d)
		}
	}
	if len(r.JobDefinitions) == 0 {
		for name, all := range s.definitions {
			if r.JobDefinitionName == "" || r.JobDefinitionName == name {
				found = append(found, all...)
			}
		}
		slices.SortFunc(found, func(a, b *definition) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(b.Revision, a.Revision))
		})
	}
	return slices.DeleteFunc(found, func(d *definition) bool { return r.Status != "" && r.Status != d.status() })
}

func (d *definition) status() string {
	if d.Inactive {
		return "INACTIVE"
	}
	return "ACTIVE"
}

func (s *Service) detailOfDefinition(d *definition) definitionDetail {
	p := d.Properties
	detail := definitionDetail{
		ContainerOrchestrationType: "ECS", ContainerProperties: p.ContainerProperties.listed(), JobDefinitionArn: s.definitionARN(d),
		JobDefinitionName: d.Name, Parameters: p.Parameters, PlatformCapabilities: p.PlatformCapabilities, PropagateTags: p.PropagateTags,
		RetryStrategy: p.RetryStrategy, Revision: d.Revision, SchedulingPriority: p.SchedulingPriority, Status: d.status(), Tags: p.Tags,
		Timeout: p.Timeout, Type: p.Type,
	}
	if detail.Parameters == nil {
		detail.Parameters = map[string]string{}
	}
	if detail.Tags == nil {
		detail.Tags = map[string]string{}
	}
	return detail
}

// listed returns the container with the empty lists that the API shows.
func (c *container) listed() *container {
	l := *c
	l.Command = orEmpty(l.Command)
	l.Environment = orEmpty(l.Environment)
	l.MountPoints = orEmpty(l.MountPoints)
	l.ResourceRequirements = orEmpty(l.ResourceRequirements)
	l.Secrets = orEmpty(l.Secrets)
	l.Ulimits = orEmpty(l.Ulimits)
	l.Volumes = orEmpty(l.Volumes)
	return &l
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
