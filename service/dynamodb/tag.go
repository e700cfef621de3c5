package dynamodb

import (
	"context"
	"slices"

	"github.com/stepwell/stepwell/service"
)

type tag struct {
	Key   string `aws:"required,min=1,max=128"`
	Value string `aws:"required,max=256,always"`
}

const (
	maxTags     = 50
	longestTags = 100
)

type tagResourceRequest struct {
	ResourceArn string `aws:"required,min=1,max=1283"`
	Tags        []tag  `aws:"required"`
}

type tagResourceResponse struct{}

func (s *Service) tagResource(ctx context.Context, r *tagResourceRequest) (*tagResourceResponse, error) {
	return &tagResourceResponse{}, s.retag(ctx, r.ResourceArn, func(tags []tag) []tag {
		for _, given := range r.Tags {
			tags = slices.DeleteFunc(tags, func(t tag) bool { return t.Key == given.Key })
			tags = append(tags, given)
		}
		return tags
	})
}

type untagResourceRequest struct {
	ResourceArn string   `aws:"required,min=1,max=1283"`
	TagKeys     []string `aws:"required"`
}

func (s *Service) untagResource(ctx context.Context, r *untagResourceRequest) (*tagResourceResponse, error) {
	return &tagResourceResponse{}, s.retag(ctx, r.ResourceArn, func(tags []tag) []tag {
		return slices.DeleteFunc(tags, func(t tag) bool { return slices.Contains(r.TagKeys, t.Key) })
	})
}

func (s *Service) retag(ctx context.Context, arn string, change func([]tag) []tag) error {
	t, err := s.existing(arn)
	if err != nil {
		return err
	}
	changed := *t
	if changed.Tags = change(slices.Clone(t.Tags)); len(changed.Tags) > maxTags {
		return invalid("Too many tags: a table can have %d", maxTags)
	}
	return s.keep(ctx, &changed)
}

type listTagsRequest struct {
	NextToken   string
	ResourceArn string `aws:"required,min=1,max=1283"`
}

type listTagsResponse struct {
	NextToken string
	Tags      []tag
}

func (s *Service) listTagsOfResource(_ context.Context, r *listTagsRequest) (*listTagsResponse, error) {
	t, err := s.existing(r.ResourceArn)
	if err != nil {
		return nil, err
	}
	page, next, ok := service.Page(t.Tags, r.NextToken, nil, longestTags)
	if !ok {
		return nil, invalid("The provided token is invalid: %s", r.NextToken)
	}
	return &listTagsResponse{Tags: append([]tag{}, page...), NextToken: next}, nil
}
