package events

import (
	"context"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

type ruleProperties struct {
	Description, EventBusName, Name, RoleArn, ScheduleExpression, State string

	EventPattern string `aws:"json"`
	Tags         []tag
	Targets      []targetMember
}

type busProperties struct {
	DeadLetterConfig, LogConfig, Policy            value.Value
	Description, EventSourceName, KmsKeyIdentifier string
	Name                                           string `aws:"required"`
	Tags                                           []tag
}

// The resources of templates that the service makes.
const (
	busResource  = "AWS::Events::EventBus"
	ruleResource = "AWS::Events::Rule"
)

// Check says what is wrong with a resource of a template; those of other services are no matter. Whether a target can be called
// is not looked at.
func Check(kind string, properties value.Value) error {
	switch kind {
	case busResource:
		return service.FromTemplate(properties, new(busProperties))
	case ruleResource:
		_, err := readRule(properties)
		return err
	}
	return nil
}

func readRule(properties value.Value) (*ruleProperties, error) {
	p := &ruleProperties{}
	if err := service.FromTemplate(properties, p); err != nil {
		return nil, err
	}
	if p.EventPattern == "" && p.ScheduleExpression == "" {
		return nil, nothingToFollow()
	}
	_, err := compile(record{EventPattern: p.EventPattern, ScheduleExpression: p.ScheduleExpression, Targets: p.Targets})
	return p, err
}

// Declare makes a resource of a template be there as its properties say: a rule with its targets, or a bus. One that is so
// already stays as it is, so that its schedule catches up what it has missed.
func (s *Service) Declare(ctx context.Context, kind string, properties value.Value) error {
	if kind == busResource {
		var p busProperties
		if err := service.FromTemplate(properties, &p); err != nil {
			return err
		}
		return s.declareBus(ctx, &createBusRequest{Name: p.Name, Description: p.Description, EventSourceName: p.EventSourceName, Tags: p.Tags})
	}
	p, err := readRule(properties)
	if err != nil {
		return err
	}
	return s.declareRule(ctx, p)
}

func (s *Service) declareBus(ctx context.Context, r *createBusRequest) error {
	s.mu.Lock()
	known := s.buses[r.Name] != nil
	s.mu.Unlock()
	if known {
		return nil
	}
	_, err := s.createBus(ctx, r)
	return err
}

func (s *Service) declareRule(ctx context.Context, p *ruleProperties) error {
	if s.declared(p) {
		return nil
	}
	if _, err := s.putRule(ctx, &putRuleRequest{
		Name: p.Name, EventBusName: p.EventBusName, Description: p.Description, EventPattern: p.EventPattern, RoleArn: p.RoleArn,
		ScheduleExpression: p.ScheduleExpression, State: p.State, Tags: p.Tags,
	}); err != nil {
		return err
	}
	if err := s.dropTargets(ctx, p); err != nil || len(p.Targets) == 0 {
		return err
	}
	_, err := s.putTargets(ctx, &putTargetsRequest{Rule: p.Name, EventBusName: p.EventBusName, Targets: p.Targets})
	return err
}

// dropTargets takes from a rule the targets that it shall not have.
func (s *Service) dropTargets(ctx context.Context, p *ruleProperties) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	arn, one, err := s.find(p.EventBusName, p.Name)
	if err != nil {
		return err
	}
	changed := one.record
	changed.Targets = nil
	_, err = s.replace(ctx, arn, changed)
	return err
}

// declared reports whether a rule is there as its properties say.
func (s *Service) declared(p *ruleProperties) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, one, err := s.find(p.EventBusName, p.Name)
	if err != nil {
		return false
	}
	state := p.State
	if state == "" {
		state = "ENABLED"
	}
	return one.Description == p.Description && one.EventPattern == p.EventPattern && one.RoleArn == p.RoleArn && one.State == state &&
		one.ScheduleExpression == p.ScheduleExpression && members(one.Targets).Compact() == members(p.Targets).Compact()
}
