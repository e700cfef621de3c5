package scheduler

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

func unsupported(format string, args ...any) error {
	return fault.New(fault.Unsupported, format, args...).WithCode(service.ValidationException)
}

// withCode gives a fault about a target the code that the service has for it.
func withCode(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.KindOf(err), "%v", err).WithCode(service.ValidationException)
}

type scheduleResponse struct{ ScheduleArn string }

// create makes a schedule. The same client token is the same request.
func (s *Service) create(ctx context.Context, r *definition) (*scheduleResponse, error) {
	if err := r.check(s.courier); err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	one, err := compile(record{definition: *r, Created: now, Modified: now, Anchor: now, Last: now.Add(-1)})
	if err != nil {
		return nil, err
	}
	defer s.timetable.Hold(&s.mu)()
	arn := s.arn(r.GroupName, r.Name)
	if s.groups[r.GroupName] == nil {
		return nil, missing("Schedule group", r.GroupName)
	}
	if old := s.schedules[arn]; old != nil {
		if r.ClientToken != "" && r.ClientToken == old.ClientToken {
			return &scheduleResponse{arn}, nil
		}
		return nil, exists("Schedule", r.Name)
	}
	return s.put(ctx, arn, one)
}

// put makes a schedule durable, then known and planned. The caller holds the lock.
func (s *Service) put(ctx context.Context, arn string, one *schedule) (*scheduleResponse, error) {
	if err := s.scheduleRecords.Put(ctx, arn, one.record); err != nil {
		return nil, err
	}
	s.schedules[arn] = one
	at, ok := one.fireNext()
	s.timetable.Plan(arn, at, ok)
	return &scheduleResponse{arn}, nil
}

// update replaces everything that a caller can say about a schedule. A rate goes on as it was unless it is another one.
func (s *Service) update(ctx context.Context, r *definition) (*scheduleResponse, error) {
	if err := r.check(s.courier); err != nil {
		return nil, err
	}
	defer s.timetable.Hold(&s.mu)()
	arn := s.arn(r.GroupName, r.Name)
	old := s.schedules[arn]
	if old == nil {
		return nil, missing("Schedule", r.Name)
	}
	now := time.Now().UTC()
	changed := record{definition: *r, Created: old.Created, Modified: now, Anchor: old.Anchor, Last: now.Add(-1), Fired: old.Fired}
	if old.ScheduleExpression != r.ScheduleExpression || old.State != r.State {
		changed.Anchor = now
	}
	one, err := compile(changed)
	if err != nil {
		return nil, err
	}
	return s.put(ctx, arn, one)
}

type getRequest struct {
	GroupName string `aws:"query=groupName" pattern:"[0-9a-zA-Z-_.]{1,64}"`
	Name      string `aws:"required" pattern:"[0-9a-zA-Z-_.]{1,64}"`
}

type getResponse struct {
	ActionAfterCompletion      string
	Arn                        string
	CreationDate               time.Time
	Description                string
	EndDate                    time.Time
	FlexibleTimeWindow         *flexibleTimeWindow
	GroupName, KmsKeyArn       string
	LastModificationDate       time.Time
	Name                       string
	ScheduleExpression         string
	ScheduleExpressionTimezone string
	StartDate                  time.Time
	State                      string
	Target                     *targetMember
}

func (s *Service) get(_ context.Context, r *getRequest) (*getResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	arn, one, err := s.find(r.GroupName, r.Name)
	if err != nil {
		return nil, err
	}
	return &getResponse{
		ActionAfterCompletion: one.ActionAfterCompletion, Arn: arn, CreationDate: one.Created, Description: one.Description,
		EndDate: one.EndDate, FlexibleTimeWindow: one.FlexibleTimeWindow, GroupName: one.GroupName, KmsKeyArn: one.KmsKeyArn,
		LastModificationDate: one.Modified, Name: one.Name, ScheduleExpression: one.ScheduleExpression,
		ScheduleExpressionTimezone: one.ScheduleExpressionTimezone, StartDate: one.StartDate, State: one.State, Target: one.Target,
	}, nil
}

// find returns a schedule by its names. The caller holds the lock.
func (s *Service) find(group, name string) (arn string, one *schedule, err error) {
	if group == "" {
		group = defaultGroup
	}
	arn = s.arn(group, name)
	if one = s.schedules[arn]; one == nil {
		return arn, nil, missing("Schedule", name)
	}
	return arn, one, nil
}

type deleteRequest struct {
	ClientToken string `aws:"token,query=clientToken,min=1,max=64"`
	GroupName   string `aws:"query=groupName" pattern:"[0-9a-zA-Z-_.]{1,64}"`
	Name        string `aws:"required" pattern:"[0-9a-zA-Z-_.]{1,64}"`
}

type emptyResponse struct{}

func (s *Service) delete(ctx context.Context, r *deleteRequest) (*emptyResponse, error) {
	defer s.timetable.Hold(&s.mu)()
	arn, _, err := s.find(r.GroupName, r.Name)
	if err != nil {
		return nil, err
	}
	return &emptyResponse{}, s.remove(ctx, arn)
}

// remove forgets a schedule. The caller holds the lock.
func (s *Service) remove(ctx context.Context, arn string) error {
	if err := s.scheduleRecords.Delete(ctx, arn); err != nil {
		return err
	}
	delete(s.schedules, arn)
	s.timetable.Plan(arn, time.Time{}, false)
	return nil
}

type listRequest struct {
	GroupName  string `aws:"query=ScheduleGroup" pattern:"[0-9a-zA-Z-_.]{1,64}"`
	MaxResults *int64 `aws:"query=MaxResults,min=1,max=100"`
	NamePrefix string `aws:"query=NamePrefix,min=1,max=64"`
	NextToken  string `aws:"query=NextToken,min=1,max=2048"`
	State      string `aws:"query=State" enum:"ENABLED|DISABLED"`
}

type listResponse struct {
	NextToken string
	Schedules []summary
}

type summary struct {
	Arn                  string
	CreationDate         time.Time
	GroupName            string
	LastModificationDate time.Time
	Name, State          string
	Target               targetSummary
}

type targetSummary struct{ Arn string }

func (s *Service) list(_ context.Context, r *listRequest) (*listResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []summary{}
	for _, arn := range slices.Sorted(maps.Keys(s.schedules)) {
		one := s.schedules[arn]
		if (r.GroupName == "" || r.GroupName == one.GroupName) && (r.State == "" || r.State == one.State) && strings.HasPrefix(one.Name, r.NamePrefix) {
			all = append(all, summary{arn, one.Created, one.GroupName, one.Modified, one.Name, one.State, targetSummary{one.Target.Arn}})
		}
	}
	page, next, ok := service.Page(all, r.NextToken, r.MaxResults, longestPage)
	if !ok {
		return nil, invalid("Invalid NextToken.")
	}
	return &listResponse{NextToken: next, Schedules: page}, nil
}

const longestPage = 100
