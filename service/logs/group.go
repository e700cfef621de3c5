package logs

import (
	"context"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

type createLogGroupRequest struct {
	KmsKeyId      string            `aws:"max=256"`
	LogGroupClass string            `enum:"STANDARD|INFREQUENT_ACCESS|DELIVERY"`
	LogGroupName  string            `aws:"required,min=1,max=512" pattern:"[.\\-_/#A-Za-z0-9]+"`
	Tags          map[string]string `aws:"min=1,max=50"`
}

// nothing is the answer of operations that only do.
type nothing struct{}

func (s *Service) createLogGroup(ctx context.Context, r *createLogGroupRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok, err := s.groups.Get(ctx, r.LogGroupName)
	if err == nil && ok {
		err = fault.New(fault.Conflict, "The specified log group already exists").WithCode(codeExists)
	}
	if err != nil {
		return nil, err
	}
	g := group{Name: r.LogGroupName, Created: s.now().UnixMilli(), KmsKeyID: r.KmsKeyId, Class: r.LogGroupClass, Tags: r.Tags}
	return &nothing{}, s.groups.Put(ctx, g.Name, g)
}

type logGroupRequest struct {
	LogGroupName string `aws:"required,min=1,max=512"`
}

// deleteLogGroup deletes the group last: after a crash it can be deleted again.
func (s *Service) deleteLogGroup(ctx context.Context, r *logGroupRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.findGroup(ctx, r.LogGroupName); err != nil {
		return nil, err
	}
	all, err := s.streams(r.LogGroupName).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, st := range all {
		if err := s.removeStream(ctx, r.LogGroupName, &st); err != nil {
			return nil, err
		}
	}
	return &nothing{}, s.groups.Delete(ctx, r.LogGroupName)
}

type putRetentionPolicyRequest struct {
	LogGroupName    string `aws:"required,min=1,max=512"`
	RetentionInDays *int64 `aws:"required"`
}

var retentions = []int64{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

func (s *Service) putRetentionPolicy(ctx context.Context, r *putRetentionPolicyRequest) (*nothing, error) {
	if !slices.Contains(retentions, *r.RetentionInDays) {
		return nil, invalid("RetentionInDays %d is not one of %v", *r.RetentionInDays, retentions)
	}
	return s.retain(ctx, r.LogGroupName, *r.RetentionInDays)
}

func (s *Service) deleteRetentionPolicy(ctx context.Context, r *logGroupRequest) (*nothing, error) {
	return s.retain(ctx, r.LogGroupName, 0)
}

func (s *Service) retain(ctx context.Context, name string, days int64) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(ctx, name)
	if err != nil {
		return nil, err
	}
	g.Retention = days
	return &nothing{}, s.groups.Put(ctx, name, g)
}

type describeLogGroupsRequest struct {
	Limit               *int64 `aws:"min=1,max=50"`
	LogGroupNamePattern string
	LogGroupNamePrefix  string
	NextToken           string
}

type describeLogGroupsResponse struct {
	LogGroups []logGroup
	NextToken string
}

type logGroup struct {
	Arn               string
	CreationTime      int64
	KmsKeyId          string
	LogGroupArn       string
	LogGroupClass     string
	LogGroupName      string
	MetricFilterCount int64
	RetentionInDays   *int64
	StoredBytes       int64
}

const longestList = 50

func (s *Service) describeLogGroups(ctx context.Context, r *describeLogGroupsRequest) (*describeLogGroupsResponse, error) {
	if r.LogGroupNamePattern != "" && r.LogGroupNamePrefix != "" {
		return nil, invalid("LogGroupNamePattern and LogGroupNamePrefix are mutually exclusive")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all, err := s.groups.All(ctx)
	if err != nil {
		return nil, err
	}
	pattern := strings.ToLower(r.LogGroupNamePattern)
	all = slices.DeleteFunc(all, func(g group) bool {
		return !strings.HasPrefix(g.Name, r.LogGroupNamePrefix) || !strings.Contains(strings.ToLower(g.Name), pattern)
	})
	page, next, ok := service.Page(all, r.NextToken, r.Limit, longestList)
	if !ok {
		return nil, invalid("The specified nextToken is invalid.")
	}
	answer := &describeLogGroupsResponse{LogGroups: []logGroup{}, NextToken: next}
	for _, g := range page {
		described, err := s.describe(ctx, &g)
		if err != nil {
			return nil, err
		}
		answer.LogGroups = append(answer.LogGroups, described)
	}
	return answer, nil
}

func (s *Service) describe(ctx context.Context, g *group) (logGroup, error) {
	d := logGroup{
		LogGroupName: g.Name, LogGroupArn: s.prefix + g.Name, Arn: s.prefix + g.Name + ":*", CreationTime: g.Created, KmsKeyId: g.KmsKeyID,
		LogGroupClass: g.Class,
	}
	if d.LogGroupClass == "" {
		d.LogGroupClass = "STANDARD"
	}
	if g.Retention > 0 {
		d.RetentionInDays = &g.Retention
	}
	all, err := s.streams(g.Name).All(ctx)
	for _, st := range all {
		d.StoredBytes += st.Bytes
	}
	return d, err
}
