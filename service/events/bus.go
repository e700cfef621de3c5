package events

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// bus is an event bus's record.
type bus struct {
	Name, Description string
	Tags              map[string]string
}

func (s *Service) busARN(name string) string { return s.place() + "event-bus/" + name }

// busName reads what names a bus: nothing for the default one, a name or an ARN.
func (s *Service) busName(given string) string {
	if given == "" {
		return defaultBus
	}
	return strings.TrimPrefix(given, s.place()+"event-bus/")
}

// bus finds a bus. The caller holds the lock.
func (s *Service) bus(given string) (*bus, error) {
	name := s.busName(given)
	if b := s.buses[name]; b != nil {
		return b, nil
	}
	return nil, fault.New(fault.NotFound, "Event bus %s does not exist.", name).WithCode(codeMissing)
}

type createBusRequest struct {
	Description     string `aws:"max=512"`
	EventSourceName string `aws:"min=1,max=256"`
	Name            string `aws:"required,min=1,max=256" pattern:"[\\.\\-_A-Za-z0-9]+"`
	Tags            []tag
}

type createBusResponse struct{ Description, EventBusArn string }

func (s *Service) createBus(ctx context.Context, r *createBusRequest) (*createBusResponse, error) {
	if r.EventSourceName != "" {
		return nil, unsupported("partner event sources are not supported: EventSourceName")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buses[r.Name] != nil {
		return nil, fault.New(fault.Conflict, "Event bus %s already exists.", r.Name).WithCode(codeExists)
	}
	b := &bus{Name: r.Name, Description: r.Description, Tags: tagsOf(r.Tags)}
	if err := s.busRecords.Put(ctx, b.Name, *b); err != nil {
		return nil, err
	}
	s.buses[b.Name] = b
	return &createBusResponse{b.Description, s.busARN(b.Name)}, nil
}

type busRequest struct {
	Name string `aws:"min=1,max=1600"`
}

type busDetail struct{ Arn, Description, Name string }

func (s *Service) describeBus(_ context.Context, r *busRequest) (*busDetail, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.bus(r.Name)
	if err != nil {
		return nil, err
	}
	return &busDetail{s.busARN(b.Name), b.Description, b.Name}, nil
}

type deleteBusRequest struct {
	Name string `aws:"required,min=1,max=256"`
}

type emptyResponse struct{}

func (s *Service) deleteBus(ctx context.Context, r *deleteBusRequest) (*emptyResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Name == defaultBus {
		return nil, invalid("Cannot delete event bus default.")
	}
	for _, one := range s.rules {
		if one.Bus == r.Name {
			return nil, invalid("Event bus %s can't be deleted since it has rules.", r.Name)
		}
	}
	if err := s.busRecords.Delete(ctx, r.Name); err != nil {
		return nil, err
	}
	delete(s.buses, r.Name)
	return &emptyResponse{}, nil
}

type listBusesRequest struct {
	Limit      *int64 `aws:"min=1,max=100"`
	NamePrefix string `aws:"min=1,max=256"`
	NextToken  string `aws:"min=1,max=2048"`
}

type listBusesResponse struct {
	EventBuses []busDetail
	NextToken  string
}

func (s *Service) listBuses(_ context.Context, r *listBusesRequest) (*listBusesResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []busDetail{}
	for _, name := range slices.Sorted(maps.Keys(s.buses)) {
		if strings.HasPrefix(name, r.NamePrefix) {
			all = append(all, busDetail{s.busARN(name), s.buses[name].Description, name})
		}
	}
	page, next, err := cut(all, r.NextToken, r.Limit)
	return &listBusesResponse{page, next}, err
}

// cut returns a page of a list.
func cut[T any](all []T, token string, limit *int64) (page []T, next string, err error) {
	page, next, ok := service.Page(all, token, limit, 100)
	if !ok {
		return nil, "", invalid("Parameter NextToken is not valid.")
	}
	return page, next, nil
}

type tag struct {
	Key   string `aws:"required,min=1,max=128"`
	Value string `aws:"max=256,always"`
}

func tagsOf(list []tag) map[string]string {
	tags := map[string]string{}
	for _, t := range list {
		tags[t.Key] = t.Value
	}
	return tags
}

type tagsRequest struct {
	ResourceARN string `aws:"required,min=1,max=1600"`
}

type tagRequest struct {
	ResourceARN string `aws:"required,min=1,max=1600"`
	Tags        []tag  `aws:"required"`
}

type untagRequest struct {
	ResourceARN string   `aws:"required,min=1,max=1600"`
	TagKeys     []string `aws:"required"`
}

type tagsResponse struct{ Tags []tag }

// tagsAt returns the tags of a rule or a bus. The caller holds the lock.
func (s *Service) tagsAt(arn string) (map[string]string, error) {
	if one := s.rules[arn]; one != nil {
		return one.Tags, nil
	}
	if name, ok := strings.CutPrefix(arn, s.place()+"event-bus/"); ok && s.buses[name] != nil {
		return s.buses[name].Tags, nil
	}
	return nil, fault.New(fault.NotFound, "Resource %s does not exist.", arn).WithCode(codeMissing)
}

func (s *Service) tags(_ context.Context, r *tagsRequest) (*tagsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, err := s.tagsAt(r.ResourceARN)
	if err != nil {
		return nil, err
	}
	all := []tag{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		all = append(all, tag{key, tags[key]})
	}
	return &tagsResponse{all}, nil
}

func (s *Service) tag(ctx context.Context, r *tagRequest) (*emptyResponse, error) {
	return s.retag(ctx, r.ResourceARN, func(tags map[string]string) { maps.Copy(tags, tagsOf(r.Tags)) })
}

func (s *Service) untag(ctx context.Context, r *untagRequest) (*emptyResponse, error) {
	return s.retag(ctx, r.ResourceARN, func(tags map[string]string) {
		for _, key := range r.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) retag(ctx context.Context, arn string, change func(tags map[string]string)) (*emptyResponse, error) {
	defer s.timetable.Hold(&s.mu)()
	old, err := s.tagsAt(arn)
	if err != nil {
		return nil, err
	}
	tags := map[string]string{}
	maps.Copy(tags, old)
	change(tags)
	if one := s.rules[arn]; one != nil {
		changed := *one
		changed.Tags = tags
		return &emptyResponse{}, s.put(ctx, arn, &changed)
	}
	changed := *s.buses[strings.TrimPrefix(arn, s.place()+"event-bus/")]
	changed.Tags = tags
	if err := s.busRecords.Put(ctx, changed.Name, changed); err != nil {
		return nil, err
	}
	s.buses[changed.Name] = &changed
	return &emptyResponse{}, nil
}
