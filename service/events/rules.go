package events

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
)

type putRuleRequest struct {
	Description        string `aws:"max=512"`
	EventBusName       string `aws:"min=1,max=1600"`
	EventPattern       string `aws:"json,max=4096"`
	Name               string `aws:"required,min=1,max=64" pattern:"[\\.\\-_A-Za-z0-9]+"`
	RoleArn            string `aws:"min=1,max=1600"`
	ScheduleExpression string `aws:"max=256"`
	State              string `enum:"ENABLED|DISABLED|ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"`
	Tags               []tag
}

type putRuleResponse struct{ RuleArn string }

// putRule makes a rule, or replaces all of one but its targets and tags.
func (s *Service) putRule(ctx context.Context, r *putRuleRequest) (*putRuleResponse, error) {
	defer s.timetable.Hold(&s.mu)()
	b, err := s.bus(r.EventBusName)
	if err != nil {
		return nil, err
	}
	switch {
	case r.EventPattern == "" && r.ScheduleExpression == "":
		return nil, nothingToFollow()
	case r.ScheduleExpression != "" && b.Name != defaultBus:
		return nil, invalid("ScheduleExpression is supported only on the default event bus.")
	}
	if r.State == "" {
		r.State = "ENABLED"
	}
	now := time.Now().UTC()
	made := record{
		Name: r.Name, Bus: b.Name, Description: r.Description, RoleArn: r.RoleArn, State: r.State, EventPattern: r.EventPattern,
		ScheduleExpression: r.ScheduleExpression, Tags: tagsOf(r.Tags), Last: now,
	}
	arn := s.ruleARN(b.Name, r.Name)
	old := s.rules[arn]
	if old != nil {
		made.Targets, made.Tags, made.Anchor, made.Fired = old.Targets, old.Tags, old.Anchor, old.Fired
	}
	one, err := compile(made)
	if err != nil {
		return nil, err
	}
	if one.schedule != nil && (old == nil || old.ScheduleExpression != r.ScheduleExpression || old.State != r.State) {
		one.Anchor = now.Add(one.schedule.Rate())
	}
	return &putRuleResponse{arn}, s.put(ctx, arn, one)
}

func nothingToFollow() error {
	return invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
}

// put makes a rule durable, then known and planned. The caller holds the lock.
func (s *Service) put(ctx context.Context, arn string, one *rule) error {
	if err := s.ruleRecords.Put(ctx, arn, one.record); err != nil {
		return err
	}
	s.rules[arn] = one
	s.index()
	at, ok := one.next(one.Last)
	s.timetable.Plan(arn, at, ok)
	return nil
}

type ruleRequest struct {
	EventBusName string `aws:"min=1,max=1600"`
	Name         string `aws:"required,min=1,max=64"`
}

// find finds a rule. The caller holds the lock.
func (s *Service) find(bus, name string) (arn string, one *rule, err error) {
	b, err := s.bus(bus)
	if err != nil {
		return "", nil, err
	}
	arn = s.ruleARN(b.Name, name)
	if one = s.rules[arn]; one == nil {
		return arn, nil, fault.New(fault.NotFound, "Rule %s does not exist on EventBus %s.", name, b.Name).WithCode(codeMissing)
	}
	return arn, one, nil
}

type ruleDetail struct {
	Arn, CreatedBy, Description, EventBusName, EventPattern, Name, RoleArn, ScheduleExpression, State string
}

func (s *Service) describeRule(_ context.Context, r *ruleRequest) (*ruleDetail, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	arn, one, err := s.find(r.EventBusName, r.Name)
	if err != nil {
		return nil, err
	}
	d := one.detail(arn)
	d.CreatedBy = s.options.Account
	return &d, nil
}

func (r *rule) detail(arn string) ruleDetail {
	return ruleDetail{
		Arn: arn, Description: r.Description, EventBusName: r.Bus, EventPattern: r.EventPattern, Name: r.Name, RoleArn: r.RoleArn,
		ScheduleExpression: r.ScheduleExpression, State: r.State,
	}
}

func (s *Service) enableRule(ctx context.Context, r *ruleRequest) (*emptyResponse, error) {
	return s.setState(ctx, r, "ENABLED")
}

func (s *Service) disableRule(ctx context.Context, r *ruleRequest) (*emptyResponse, error) {
	return s.setState(ctx, r, disabled)
}

// setState enables or disables a rule. What passed while it was disabled is not caught up.
func (s *Service) setState(ctx context.Context, r *ruleRequest, state string) (*emptyResponse, error) {
	defer s.timetable.Hold(&s.mu)()
	arn, one, err := s.find(r.EventBusName, r.Name)
	if err != nil || one.State == state {
		return &emptyResponse{}, err
	}
	changed := *one
	changed.State, changed.Last = state, time.Now().UTC()
	if one.schedule != nil {
		changed.Anchor = changed.Last.Add(one.schedule.Rate())
	}
	return &emptyResponse{}, s.put(ctx, arn, &changed)
}

type deleteRuleRequest struct {
	EventBusName string `aws:"min=1,max=1600"`
	Force        *bool
	Name         string `aws:"required,min=1,max=64"`
}

// deleteRule deletes a rule without targets; one that is not there is no error.
func (s *Service) deleteRule(ctx context.Context, r *deleteRuleRequest) (*emptyResponse, error) {
	defer s.timetable.Hold(&s.mu)()
	arn, one, err := s.find(r.EventBusName, r.Name)
	switch {
	case err != nil && arn != "":
		return &emptyResponse{}, nil
	case err != nil:
		return nil, err
	case len(one.Targets) > 0:
		return nil, invalid("Rule can't be deleted since it has targets.")
	}
	if err := s.ruleRecords.Delete(ctx, arn); err != nil {
		return nil, err
	}
	delete(s.rules, arn)
	s.index()
	s.timetable.Plan(arn, time.Time{}, false)
	return &emptyResponse{}, nil
}

type listRulesRequest struct {
	EventBusName string `aws:"min=1,max=1600"`
	Limit        *int64 `aws:"min=1,max=100"`
	NamePrefix   string `aws:"min=1,max=64"`
	NextToken    string `aws:"min=1,max=2048"`
}

type listRulesResponse struct {
	NextToken string
	Rules     []ruleDetail
}

func (s *Service) listRules(_ context.Context, r *listRulesRequest) (*listRulesResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.bus(r.EventBusName)
	if err != nil {
		return nil, err
	}
	all := []ruleDetail{}
	for _, arn := range slices.Sorted(maps.Keys(s.rules)) {
		if one := s.rules[arn]; one.Bus == b.Name && strings.HasPrefix(one.Name, r.NamePrefix) {
			all = append(all, one.detail(arn))
		}
	}
	page, next, err := cut(all, r.NextToken, r.Limit)
	return &listRulesResponse{next, page}, err
}

type namesRequest struct {
	EventBusName string `aws:"min=1,max=1600"`
	Limit        *int64 `aws:"min=1,max=100"`
	NextToken    string `aws:"min=1,max=2048"`
	TargetArn    string `aws:"required,min=1,max=1600"`
}

type namesResponse struct {
	NextToken string
	RuleNames []string
}

func (s *Service) ruleNames(_ context.Context, r *namesRequest) (*namesResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.bus(r.EventBusName)
	if err != nil {
		return nil, err
	}
	all := []string{}
	for _, arn := range slices.Sorted(maps.Keys(s.rules)) {
		one := s.rules[arn]
		calls := slices.ContainsFunc(one.Targets, func(t targetMember) bool { return t.Arn == r.TargetArn })
		if one.Bus == b.Name && calls {
			all = append(all, one.Name)
		}
	}
	page, next, err := cut(all, r.NextToken, r.Limit)
	return &namesResponse{next, page}, err
}
