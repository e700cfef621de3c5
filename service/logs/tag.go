package logs

import (
	"context"
	"maps"
	"strings"
)

type listTagsRequest struct {
	ResourceArn string `aws:"required,min=1,max=1011"`
}

type listTagsResponse struct{ Tags map[string]string }

func (s *Service) listTagsForResource(ctx context.Context, r *listTagsRequest) (*listTagsResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, err := s.groupOf(ctx, r.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags := map[string]string{}
	maps.Copy(tags, g.Tags)
	return &listTagsResponse{tags}, nil
}

// groupOf returns the log group of an ARN, which may end with the :* that stands for its streams.
func (s *Service) groupOf(ctx context.Context, arn string) (group, error) {
	name, ok := strings.CutPrefix(arn, s.prefix)
	if !ok {
		return group{}, invalid("%s is not the ARN of a log group here", arn)
	}
	return s.findGroup(ctx, strings.TrimSuffix(name, ":*"))
}

type tagResourceRequest struct {
	ResourceArn string            `aws:"required,min=1,max=1011"`
	Tags        map[string]string `aws:"required"`
}

// maxTags is how many tags a log group may have.
const maxTags = 50

func (s *Service) tagResource(ctx context.Context, r *tagResourceRequest) (*nothing, error) {
	return s.retag(ctx, r.ResourceArn, func(tags map[string]string) { maps.Copy(tags, r.Tags) })
}

type untagResourceRequest struct {
	ResourceArn string   `aws:"required,min=1,max=1011"`
	TagKeys     []string `aws:"required,max=50"`
}

func (s *Service) untagResource(ctx context.Context, r *untagResourceRequest) (*nothing, error) {
	return s.retag(ctx, r.ResourceArn, func(tags map[string]string) {
		for _, key := range r.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) retag(ctx context.Context, arn string, change func(map[string]string)) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.groupOf(ctx, arn)
	if err != nil {
		return nil, err
	}
	if g.Tags == nil {
		g.Tags = map[string]string{}
	}
	change(g.Tags)
	if len(g.Tags) > maxTags {
		return nil, invalid("a log group has at most %d tags", maxTags)
	}
	return &nothing{}, s.groups.Put(ctx, g.Name, g)
}
