package events

import (
	"context"
	"strings"

	"github.com/stepwell/stepwell/fault"
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
	_, err := s.createBus(ctx, r)
	if fault.KindOf(err) != fault.Conflict {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := bus{Name: r.Name, Description: r.Description, Tags: tagsOf(r.Tags)}
	if err := s.busRecords.Put(ctx, r.Name, changed); err != nil {
		return err
	}
	*s.buses[r.Name] = changed
	return nil
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
	defer s.timetable.Hold(&s.mu)()
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

// Undeclare deletes a bus, or a rule with its targets; the name of a rule on another bus than the default one is BUS/NAME. What is
// not there is no error.
func (s *Service) Undeclare(ctx context.Context, kind, name string) error {
	if kind == busResource {
		_, err := s.deleteBus(ctx, &deleteBusRequest{Name: name})
		return fault.Except(err, fault.NotFound)
	}
	r := ruleNamed(name)
	if err := s.dropTargets(ctx, &ruleProperties{Name: r.Name, EventBusName: r.EventBusName}); err != nil {
		return fault.Except(err, fault.NotFound)
	}
	_, err := s.deleteRule(ctx, &deleteRuleRequest{Name: r.Name, EventBusName: r.EventBusName})
	return fault.Except(err, fault.NotFound)
}

// Disable has a rule, named as for Undeclare, do nothing any more. One that is not there is no error.
func (s *Service) Disable(ctx context.Context, name string) error {
	_, err := s.disableRule(ctx, ruleNamed(name))
	return fault.Except(err, fault.NotFound)
}

func ruleNamed(name string) *ruleRequest {
	if bus, own, ok := strings.Cut(name, "/"); ok {
		return &ruleRequest{EventBusName: bus, Name: own}
	}
	return &ruleRequest{Name: name}
}
