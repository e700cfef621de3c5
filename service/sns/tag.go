package sns

import (
	"context"
	"maps"
	"slices"

	"github.com/stepwell/stepwell/fault"
)

type tag struct {
	Key   string `aws:"required,min=1,max=128"`
	Value string `aws:"always,max=256"`
}

// maxTags is how many tags a topic may have.
const maxTags = 50

func mergeTags(old map[string]string, more []tag) (map[string]string, error) {
	merged := maps.Clone(old)
	if merged == nil {
		merged = map[string]string{}
	}
	for _, t := range more {
		merged[t.Key] = t.Value
	}
	if len(merged) > maxTags {
		return nil, fault.Invalidf("Could not complete request: tag quota of per resource exceeded").WithCode(codeTagLimit)
	}
	return merged, nil
}

func noResource() error {
	return fault.New(fault.NotFound, "Resource does not exist").WithCode(codeResourceNotFound)
}

type tagRequest struct {
	ResourceArn string `aws:"required,min=1,max=1011"`
	Tags        []tag  `aws:"required"`
}

func (s *Service) tag(ctx context.Context, r *tagRequest) (*empty, error) {
	return &empty{}, s.changeTopic(ctx, r.ResourceArn, noResource(), func(t *topic) (err error) {
		t.Tags, err = mergeTags(t.Tags, r.Tags)
		return err
	})
}

type untagRequest struct {
	ResourceArn string   `aws:"required,min=1,max=1011"`
	TagKeys     []string `aws:"required"`
}

func (s *Service) untag(ctx context.Context, r *untagRequest) (*empty, error) {
	return &empty{}, s.changeTopic(ctx, r.ResourceArn, noResource(), func(t *topic) error {
		t.Tags = maps.Clone(t.Tags)
		for _, key := range r.TagKeys {
			delete(t.Tags, key)
		}
		return nil
	})
}

type resourceRequest struct {
	ResourceArn string `aws:"required,min=1,max=1011"`
}

type tagsResponse struct{ Tags []tag }

func (s *Service) listTags(_ context.Context, r *resourceRequest) (*tagsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.topics[r.ResourceArn]
	if !ok {
		return nil, noResource()
	}
	answer := &tagsResponse{Tags: []tag{}}
	for _, key := range slices.Sorted(maps.Keys(t.Tags)) {
		answer.Tags = append(answer.Tags, tag{key, t.Tags[key]})
	}
	return answer, nil
}
