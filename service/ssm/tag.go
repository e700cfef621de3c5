package ssm

import (
	"context"
	"slices"

	"github.com/stepwell/stepwell/fault"
)

// resource names a parameter among the things of Systems Manager that have tags.
type resource struct {
	ResourceId   string `aws:"required"`
	ResourceType string `aws:"required"`
}

// maxTags is how many tags a parameter may have.
const maxTags = 50

// parameterOf returns the parameter that a resource is.
func (s *Service) parameterOf(ctx context.Context, r resource) (parameter, error) {
	if r.ResourceType != "Parameter" {
		return parameter{}, fault.New(fault.Unsupported, "resources of the type %s are not supported: only Parameter is", r.ResourceType).
			WithCode(codeResourceType)
	}
	p, ok, err := s.parameters.Get(ctx, r.ResourceId)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "The resource ID %q is not valid: there is no parameter of that name.", r.ResourceId).WithCode(codeResourceID)
	}
	return p, err
}

type listTagsRequest struct{ resource }

type listTagsResponse struct{ TagList []tag }

func (s *Service) listTagsForResource(ctx context.Context, r *listTagsRequest) (*listTagsResponse, error) {
	p, err := s.parameterOf(ctx, r.resource)
	if err != nil {
		return nil, err
	}
	return &listTagsResponse{append([]tag{}, p.Tags...)}, nil
}

type addTagsRequest struct {
	resource
	Tags []tag `aws:"required,max=1000"`
}

type tagsChanged struct{}

func (s *Service) addTagsToResource(ctx context.Context, r *addTagsRequest) (*tagsChanged, error) {
	return s.retag(ctx, r.resource, func(tags []tag) []tag {
		for _, given := range r.Tags {
			tags = append(without(tags, given.Key), given)
		}
		return tags
	})
}

type removeTagsRequest struct {
	resource
	TagKeys []string `aws:"required"`
}

func (s *Service) removeTagsFromResource(ctx context.Context, r *removeTagsRequest) (*tagsChanged, error) {
	return s.retag(ctx, r.resource, func(tags []tag) []tag { return without(tags, r.TagKeys...) })
}

func without(tags []tag, keys ...string) []tag {
	return slices.DeleteFunc(tags, func(t tag) bool { return slices.Contains(keys, t.Key) })
}

func (s *Service) retag(ctx context.Context, r resource, change func([]tag) []tag) (*tagsChanged, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.parameterOf(ctx, r)
	if err != nil {
		return nil, err
	}
	p.Tags = change(p.Tags)
	if len(p.Tags) > maxTags {
		return nil, fault.Invalidf("a parameter has at most %d tags", maxTags).WithCode(codeTooManyTags)
	}
	return &tagsChanged{}, s.parameters.Put(ctx, p.Name, p)
}
