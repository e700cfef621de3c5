package states

import (
	"context"
	"reflect"
	"time"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
)

type createStateMachineRequest struct {
	Definition              string `aws:"required,min=1,max=1048576"`
	EncryptionConfiguration *encryptionConfiguration
	LoggingConfiguration    *loggingConfiguration
	Name                    string `aws:"required,min=1,max=80"`
	Publish                 bool
	RoleArn                 string `aws:"required,min=1,max=256"`
	Tags                    []tag
	TracingConfiguration    *tracingConfiguration
	Type                    string `enum:"STANDARD|EXPRESS"`
	VersionDescription      string `aws:"max=256"`
}

type createStateMachineResponse struct {
	CreationDate           time.Time
	StateMachineArn        string
	StateMachineVersionArn string
}

// createStateMachine makes a machine, or answers with the one that is there when the two differ in nothing but role and tags.
func (s *Service) createStateMachine(ctx context.Context, r *createStateMachineRequest) (*createStateMachineResponse, error) {
	if r.Type == "" {
		r.Type = standard
	}
	content, err := r.content()
	if err != nil {
		return nil, err
	}
	if err := s.checkDestinations(ctx, content.Logging); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.machines[s.arnOf("stateMachine", r.Name)]
	if m == nil {
		m = &stateMachine{ARN: s.arnOf("stateMachine", r.Name), Name: r.Name, Type: r.Type, Created: moment(), Tags: r.Tags}
		s.advance(m, content, m.Created)
	} else if current := &s.revisions[m.Revision].content; m.Type != r.Type || !sameButRole(current, &content) {
		return nil, fault.New(fault.Conflict, "State Machine Already Exists: '%s'", m.ARN).WithCode("StateMachineAlreadyExists")
	}
	response := &createStateMachineResponse{CreationDate: m.Created, StateMachineArn: m.ARN}
	next := *m
	if r.Publish {
		response.StateMachineVersionArn = versionARN(m.ARN, next.publish(r.VersionDescription, moment()).Number)
	}
	if err := s.keep(ctx, &next); err != nil {
		return nil, err
	}
	s.machines[m.ARN] = &next
	return response, nil
}

// content checks the request and returns what it says about the machine.
func (r *createStateMachineRequest) content() (content, error) {
	if err := engine.CheckName(r.Name); err != nil {
		return content{}, err
	}
	if err := checkVersionDescription(r.VersionDescription, r.Publish); err != nil {
		return content{}, err
	}
	if err := r.EncryptionConfiguration.check(); err != nil {
		return content{}, err
	}
	if err := checkTags(r.Tags); err != nil {
		return content{}, err
	}
	logging, err := r.LoggingConfiguration.complete()
	if err != nil {
		return content{}, err
	}
	c := content{Definition: r.Definition, RoleARN: r.RoleArn, Logging: logging}
	if r.TracingConfiguration != nil {
		c.Tracing = *r.TracingConfiguration
	}
	return c, checkDefinition(r.Definition, r.Type)
}

func checkVersionDescription(description string, publish bool) error {
	if description != "" && !publish {
		return invalid("Version description can only be set when publish is true")
	}
	return nil
}

func sameButRole(c, d *content) bool {
	return c.Definition == d.Definition && reflect.DeepEqual(c.Logging, d.Logging) && c.Tracing == d.Tracing
}

type updateStateMachineRequest struct {
	Definition              string `aws:"min=1,max=1048576"`
	EncryptionConfiguration *encryptionConfiguration
	LoggingConfiguration    *loggingConfiguration
	Publish                 bool
	RoleArn                 string `aws:"min=1,max=256"`
	StateMachineArn         string `aws:"required,min=1,max=256"`
	TracingConfiguration    *tracingConfiguration
	VersionDescription      string `aws:"max=256"`
}

type updateStateMachineResponse struct {
	RevisionId             string
	StateMachineVersionArn string
	UpdateDate             time.Time
}

func (s *Service) updateStateMachine(ctx context.Context, r *updateStateMachineRequest) (*updateStateMachineResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.unqualified(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	changed := s.revisions[m.Revision].content
	if err := r.change(&changed, m.Type); err != nil {
		return nil, err
	}
	if err := s.checkDestinations(ctx, changed.Logging); err != nil {
		return nil, err
	}
	next, now := *m, moment()
	if current := s.revisions[m.Revision]; !current.equal(&changed) {
		s.advance(&next, changed, now)
	}
	response := &updateStateMachineResponse{RevisionId: s.revisions[next.Revision].shownID(), UpdateDate: now}
	if r.Publish {
		response.StateMachineVersionArn = versionARN(m.ARN, next.publish(r.VersionDescription, now).Number)
	}
	if err := s.keep(ctx, &next); err != nil {
		return nil, err
	}
	s.machines[m.ARN] = &next
	return response, nil
}

// change checks the request and applies it.
func (r *updateStateMachineRequest) change(c *content, machineType string) error {
	if r.Definition == "" && r.RoleArn == "" && r.LoggingConfiguration == nil && r.TracingConfiguration == nil && r.EncryptionConfiguration == nil {
		return fault.Invalidf("Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified").
			WithCode("MissingRequiredParameter")
	}
	if err := checkVersionDescription(r.VersionDescription, r.Publish); err != nil {
		return err
	}
	if err := r.EncryptionConfiguration.check(); err != nil {
		return err
	}
	if r.LoggingConfiguration != nil {
		logging, err := r.LoggingConfiguration.complete()
		if err != nil {
			return err
		}
		c.Logging = logging
	}
	if r.TracingConfiguration != nil {
		c.Tracing = *r.TracingConfiguration
	}
	if r.RoleArn != "" {
		c.RoleARN = r.RoleArn
	}
	if r.Definition == "" {
		return nil
	}
	c.Definition, c.File = r.Definition, ""
	return checkDefinition(r.Definition, machineType)
}

type machineRequest struct {
	StateMachineArn string `aws:"required,min=1,max=256"`
}

type nothing struct{}

// deleteStateMachine forgets a machine with its versions and aliases. Its executions go on.
func (s *Service) deleteStateMachine(ctx context.Context, r *machineRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := parseMachineARN(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	if q.qualifier != "" {
		return nil, invalidARN("Resource type not valid in this context: " + q.text)
	}
	if err := s.drop(ctx, machineKind, q.machine); err != nil {
		return nil, err
	}
	delete(s.machines, q.machine)
	return &nothing{}, nil
}
