package scheduler

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/service"
)

// defaultGroup is there always, and cannot be deleted.
const defaultGroup = "default"

// group is a group's record.
type group struct {
	Name, ClientToken string
	Created, Modified time.Time
	Tags              map[string]string
}

type createGroupRequest struct {
	ClientToken string `aws:"token,min=1,max=64"`
	Name        string `aws:"required" pattern:"[0-9a-zA-Z-_.]{1,64}"`
	Tags        []tag  `aws:"max=200"`
}

type groupResponse struct{ ScheduleGroupArn string }

func (s *Service) createGroup(ctx context.Context, r *createGroupRequest) (*groupResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	arn := s.place("schedule-group") + r.Name
	if old := s.groups[r.Name]; old != nil {
		if r.ClientToken != "" && r.ClientToken == old.ClientToken {
			return &groupResponse{arn}, nil
		}
		return nil, exists("Schedule group", r.Name)
	}
	now := time.Now().UTC()
	g := &group{Name: r.Name, ClientToken: r.ClientToken, Created: now, Modified: now, Tags: map[string]string{}}
	for _, t := range r.Tags {
		g.Tags[t.Key] = t.Value
	}
	if err := s.groupRecords.Put(ctx, g.Name, *g); err != nil {
		return nil, err
	}
	s.groups[g.Name] = g
	return &groupResponse{arn}, nil
}

type groupRequest struct {
	Name string `aws:"required" pattern:"[0-9a-zA-Z-_.]{1,64}"`
}

type groupDetail struct {
	Arn                  string
	CreationDate         time.Time
	LastModificationDate time.Time
	Name, State          string
}

func (s *Service) detail(g *group) groupDetail {
	return groupDetail{s.place("schedule-group") + g.Name, g.Created, g.Modified, g.Name, "ACTIVE"}
}

func (s *Service) getGroup(_ context.Context, r *groupRequest) (*groupDetail, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[r.Name]
	if g == nil {
		return nil, missing("Schedule group", r.Name)
	}
	d := s.detail(g)
	return &d, nil
}

type deleteGroupRequest struct {
	ClientToken string `aws:"token,query=clientToken,min=1,max=64"`
	Name        string `aws:"required" pattern:"[0-9a-zA-Z-_.]{1,64}"`
}

// deleteGroup deletes a group with its schedules.
func (s *Service) deleteGroup(ctx context.Context, r *deleteGroupRequest) (*emptyResponse, error) {
	defer s.timetable.Hold(&s.mu)()
	switch {
	case r.Name == defaultGroup:
		return nil, invalid("The default schedule group cannot be deleted.")
	case s.groups[r.Name] == nil:
		return nil, missing("Schedule group", r.Name)
	}
	for _, arn := range slices.Sorted(maps.Keys(s.schedules)) {
		if s.schedules[arn].GroupName != r.Name {
			continue
		}
		if err := s.remove(ctx, arn); err != nil {
			return nil, err
		}
	}
	if err := s.groupRecords.Delete(ctx, r.Name); err != nil {
		return nil, err
	}
	delete(s.groups, r.Name)
	return &emptyResponse{}, nil
}

type listGroupsRequest struct {
	MaxResults *int64 `aws:"query=MaxResults,min=1,max=100"`
	NamePrefix string `aws:"query=NamePrefix,min=1,max=64"`
	NextToken  string `aws:"query=NextToken,min=1,max=2048"`
}

type listGroupsResponse struct {
	NextToken      string
	ScheduleGroups []groupDetail
}

func (s *Service) listGroups(_ context.Context, r *listGroupsRequest) (*listGroupsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []groupDetail{}
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		if strings.HasPrefix(name, r.NamePrefix) {
			all = append(all, s.detail(s.groups[name]))
		}
	}
	page, next, ok := service.Page(all, r.NextToken, r.MaxResults, longestPage)
	if !ok {
		return nil, invalid("Invalid NextToken.")
	}
	return &listGroupsResponse{NextToken: next, ScheduleGroups: page}, nil
}

type tag struct {
	Key   string `aws:"required,min=1,max=128"`
	Value string `aws:"required,min=1,max=256"`
}

type tagsRequest struct {
	ResourceArn string `aws:"required,min=1,max=1011"`
}

type tagRequest struct {
	ResourceArn string `aws:"required,min=1,max=1011"`
	Tags        []tag  `aws:"required,max=200"`
}

type untagRequest struct {
	ResourceArn string   `aws:"required,min=1,max=1011"`
	TagKeys     []string `aws:"required,query=TagKeys,max=50"`
}

type tagsResponse struct{ Tags []tag }

func (s *Service) tags(_ context.Context, r *tagsRequest) (*tagsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.tagged(r.ResourceArn)
	if err != nil {
		return nil, err
	}
	all := []tag{}
	for _, key := range slices.Sorted(maps.Keys(g.Tags)) {
		all = append(all, tag{key, g.Tags[key]})
	}
	return &tagsResponse{all}, nil
}

// tagged finds the group of an ARN; other things have no tags. The caller holds the lock.
func (s *Service) tagged(arn string) (*group, error) {
	name, ok := strings.CutPrefix(arn, s.place("schedule-group"))
	if !ok || s.groups[name] == nil {
		return nil, missing("Schedule group", arn)
	}
	return s.groups[name], nil
}

func (s *Service) tag(ctx context.Context, r *tagRequest) (*emptyResponse, error) {
	return s.retag(ctx, r.ResourceArn, func(tags map[string]string) {
		for _, t := range r.Tags {
			tags[t.Key] = t.Value
		}
	})
}

func (s *Service) untag(ctx context.Context, r *untagRequest) (*emptyResponse, error) {
	return s.retag(ctx, r.ResourceArn, func(tags map[string]string) {
		for _, key := range r.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) retag(ctx context.Context, arn string, change func(tags map[string]string)) (*emptyResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.tagged(arn)
	if err != nil {
		return nil, err
	}
	tags := maps.Clone(g.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	change(tags)
	changed := *g
	changed.Tags = tags
	if err := s.groupRecords.Put(ctx, g.Name, changed); err != nil {
		return nil, err
	}
	s.groups[g.Name] = &changed
	return &emptyResponse{}, nil
}
