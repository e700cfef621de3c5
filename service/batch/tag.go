package batch

import (
	"context"
	"maps"
)

type tagRequest struct {
	ResourceArn string            `aws:"required"`
	Tags        map[string]string `aws:"required,min=1,max=50"`
}

type untagRequest struct {
	ResourceArn string   `aws:"required"`
	TagKeys     []string `aws:"required,query=tagKeys,min=1,max=50"`
}

type tagsRequest struct {
	ResourceArn string `aws:"required"`
}

type tagsResponse struct{ Tags map[string]string }

// tagged finds the tags of a thing, and how a change of them is kept. The caller holds the lock.
func (s *Service) tagged(ctx context.Context, arn string) (tags *map[string]string, keep func() error, err error) {
	if e := s.environments[arn]; e != nil {
		return &e.Tags, func() error { return s.environmentRecords.Put(ctx, e.ARN, *e) }, nil
	}
	if q := s.queues[arn]; q != nil {
		return &q.Tags, func() error { return s.queueRecords.Put(ctx, q.ARN, *q) }, nil
	}
	if w := s.jobs[lastPart(arn)]; w != nil && s.jobARN(w) == arn {
		return &w.Spec.Tags, func() error { return s.save(w) }, nil
	}
	if d, err := s.findDefinition(arn); err == nil {
		return &d.Properties.Tags, func() error { return s.putDefinition(ctx, d) }, nil
	}
	return nil, nil, invalid("Resource %s does not exist", arn)
}

func (s *Service) tag(ctx context.Context, r *tagRequest) (*nothing, error) {
	return s.changeTags(ctx, r.ResourceArn, func(tags map[string]string) { maps.Copy(tags, r.Tags) })
}

func (s *Service) untag(ctx context.Context, r *untagRequest) (*nothing, error) {
	return s.changeTags(ctx, r.ResourceArn, func(tags map[string]string) {
		for _, key := range r.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) changeTags(ctx context.Context, arn string, change func(map[string]string)) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, keep, err := s.tagged(ctx, arn)
	if err != nil {
		return nil, err
	}
	before := *tags
	changed := maps.Clone(before)
	if changed == nil {
		changed = map[string]string{}
	}
	change(changed)
	if len(changed) > 50 {
		return nil, invalid("A resource has 50 tags at most")
	}
	*tags = changed
	if err := keep(); err != nil {
		*tags = before
		return nil, err
	}
	return &nothing{}, nil
}

func (s *Service) listTags(ctx context.Context, r *tagsRequest) (*tagsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tags, _, err := s.tagged(ctx, r.ResourceArn)
	if err != nil {
		return nil, err
	}
	if *tags == nil {
		return &tagsResponse{map[string]string{}}, nil
	}
	return &tagsResponse{*tags}, nil
}
