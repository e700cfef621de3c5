package states

import (
	"context"
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

type tag struct {
	Key   string `aws:"max=128"`
	Value string `aws:"max=256,always"`
}

// tagLimit is AWS's quota for one resource.
const tagLimit = 50

func checkTags(tags []tag) error {
	if len(tags) > tagLimit {
		return fault.Invalidf("Too many tags: a resource has at most %d", tagLimit).WithCode("TooManyTags")
	}
	for i, t := range tags {
		if t.Key == "" {
			return invalid("1 validation error detected: Value '' at 'tags.%d.member.key' failed to satisfy constraint: "+
				"Member must have length greater than or equal to 1", i+1)
		}
	}
	return nil
}

// tagged changes the tags of a machine or an activity. The caller holds the lock.
func (s *Service) tagged(ctx context.Context, arn string, change func([]tag) []tag) error {
	_, _, err := parseARN(arn, "stateMachine", "activity")
	if err != nil {
		return err
	}
	if m := s.machines[arn]; m != nil {
		next := *m
		next.Tags = change(slices.Clone(m.Tags))
		if err := checkTags(next.Tags); err != nil {
			return err
		}
		if err := s.keep(ctx, &next); err != nil {
			return err
		}
		s.machines[arn] = &next
		return nil
	}
	a := s.activities[arn]
	if a == nil {
		return notFound(arn)
	}
	next := *a
	next.Tags = change(slices.Clone(a.Tags))
	if err := checkTags(next.Tags); err != nil {
		return err
	}
	if err := s.put(ctx, activityKind, arn, &next); err != nil {
		return err
	}
	s.activities[arn] = &next
	return nil
}

func notFound(arn string) error {
	return fault.New(fault.NotFound, "Resource not found: '%s'", arn).WithCode("ResourceNotFound").Because(service.Detail{"ResourceName": arn})
}

type tagResourceRequest struct {
	ResourceArn string `aws:"required,min=1,max=256"`
	Tags        []tag  `aws:"required"`
}

func (s *Service) tagResource(ctx context.Context, r *tagResourceRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &nothing{}, s.tagged(ctx, r.ResourceArn, func(tags []tag) []tag {
		for _, given := range r.Tags {
			at := slices.IndexFunc(tags, func(t tag) bool { return t.Key == given.Key })
			if at < 0 {
				tags = append(tags, given)
			} else {
				tags[at] = given
			}
		}
		return tags
	})
}

type untagResourceRequest struct {
	ResourceArn string   `aws:"required,min=1,max=256"`
	TagKeys     []string `aws:"required"`
}

func (s *Service) untagResource(ctx context.Context, r *untagResourceRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &nothing{}, s.tagged(ctx, r.ResourceArn, func(tags []tag) []tag {
		return slices.DeleteFunc(tags, func(t tag) bool { return slices.Contains(r.TagKeys, t.Key) })
	})
}

type listTagsRequest struct {
	ResourceArn string `aws:"required,min=1,max=256"`
}

type listTagsResponse struct{ Tags []tag }

func (s *Service) listTagsForResource(_ context.Context, r *listTagsRequest) (*listTagsResponse, error) {
	if _, _, err := parseARN(r.ResourceArn, "stateMachine", "activity"); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if m := s.machines[r.ResourceArn]; m != nil {
		return &listTagsResponse{append([]tag{}, m.Tags...)}, nil
	}
	if a := s.activities[r.ResourceArn]; a != nil {
		return &listTagsResponse{append([]tag{}, a.Tags...)}, nil
	}
	return nil, notFound(r.ResourceArn)
}
