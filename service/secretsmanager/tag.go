package secretsmanager

import (
	"context"
	"slices"
)

type tagResourceRequest struct {
	SecretId string `aws:"required,min=1,max=2048"`
	Tags     []tag  `aws:"required"`
}

type nothing struct{}

// maxTags is how many tags a secret may have.
const maxTags = 50

func (s *Service) tagResource(ctx context.Context, r *tagResourceRequest) (*nothing, error) {
	return &nothing{}, s.change(ctx, r.SecretId, func(x *secret) error {
		for _, given := range r.Tags {
			x.Tags = append(without(x.Tags, given.Key), given)
		}
		if len(x.Tags) > maxTags {
			return invalidParameter("a secret has at most %d tags", maxTags)
		}
		return nil
	})
}

type untagResourceRequest struct {
	SecretId string   `aws:"required,min=1,max=2048"`
	TagKeys  []string `aws:"required"`
}

func (s *Service) untagResource(ctx context.Context, r *untagResourceRequest) (*nothing, error) {
	return &nothing{}, s.change(ctx, r.SecretId, func(x *secret) error {
		x.Tags = without(x.Tags, r.TagKeys...)
		return nil
	})
}

func without(tags []tag, keys ...string) []tag {
	return slices.DeleteFunc(tags, func(t tag) bool { return slices.Contains(keys, t.Key) })
}

type getResourcePolicyResponse struct{ ARN, Name string }

// getResourcePolicy answers for a secret without a policy, which all are.
func (s *Service) getResourcePolicy(ctx context.Context, r *secretRequest) (*getResourcePolicyResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.findLive(ctx, r.SecretId)
	if err != nil {
		return nil, err
	}
	return &getResourcePolicyResponse{x.ARN, x.Name}, nil
}
