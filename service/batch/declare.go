package batch

import (
	"context"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

const (
	kindEnvironment = "AWS::Batch::ComputeEnvironment"
	kindQueue       = "AWS::Batch::JobQueue"
	kindDefinition  = "AWS::Batch::JobDefinition"
)

// Kinds returns the types of resources that can be declared, in the order in which they need each other.
func Kinds() []string { return []string{kindEnvironment, kindQueue, kindDefinition} }

// Declare makes sure that a resource of a template is there and is as its properties say: AWS::Batch::ComputeEnvironment,
// JobQueue or JobDefinition, with its name among the properties. A definition that says something new becomes a new revision.
// Faults name properties that are not supported.
func (s *Service) Declare(ctx context.Context, kind string, properties value.Value) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch kind {
	case kindEnvironment:
		return s.declareEnvironment(ctx, properties)
	case kindQueue:
		return s.declareQueue(ctx, properties)
	case kindDefinition:
		return s.declareDefinition(ctx, properties)
	}
	return fault.New(fault.Unsupported, "resources of the type %s are not supported", kind)
}

// without leaves members out that mean something to CloudFormation alone.
func without(v value.Value, names ...string) value.Value {
	var kept []value.Member
	for _, m := range v.Members() {
		drop := false
		for _, name := range names {
			drop = drop || m.Key == name
		}
		if !drop {
			kept = append(kept, m)
		}
	}
	return value.OfMembers(kept...)
}

// Check says what is wrong with the properties of a resource, as far as that can be told without the others.
func Check(kind string, properties value.Value) error {
	var s Service
	switch kind {
	case kindEnvironment:
		r, err := templateEnvironment(properties)
		if err == nil {
			_, err = s.newEnvironment(r)
		}
		return err
	case kindQueue:
		r, err := templateQueue(properties)
		if err == nil {
			err = r.check()
		}
		return err
	case kindDefinition:
		r, err := templateDefinition(properties)
		if err == nil {
			err = r.check()
		}
		return err
	}
	return nil
}

func templateEnvironment(properties value.Value) (*createEnvironmentRequest, error) {
	if kind, ok := properties.Get("Type"); ok { // the CDK writes it in small letters
		properties = properties.With("Type", value.OfString(strings.ToUpper(kind.Str())))
	}
	r := &createEnvironmentRequest{}
	return r, service.FromTemplate(without(properties, "ReplaceComputeEnvironment", "UpdatePolicy"), r)
}

func templateQueue(properties value.Value) (*createQueueRequest, error) {
	r := &createQueueRequest{}
	return r, service.FromTemplate(properties, r)
}

func templateDefinition(properties value.Value) (*registerRequest, error) {
	r := &registerRequest{}
	return r, service.FromTemplate(without(properties, "ResourceRetentionPolicy"), r)
}

func (s *Service) declareEnvironment(ctx context.Context, properties value.Value) error {
	r, err := templateEnvironment(properties)
	if err != nil {
		return err
	}
	made, err := s.newEnvironment(r)
	if err != nil {
		return err
	}
	known := s.environments[made.ARN]
	if known == nil {
		_, err = s.putEnvironment(ctx, made)
		return err
	}
	made.UUID, made.used = known.UUID, known.used
	return s.changeEnvironment(ctx, known, made)
}

func (s *Service) declareQueue(ctx context.Context, properties value.Value) error {
	r, err := templateQueue(properties)
	if err != nil {
		return err
	}
	made, err := s.newQueue(r)
	if err != nil {
		return err
	}
	if known := s.queues[made.ARN]; known != nil {
		made.runnable, made.stuck = known.runnable, known.stuck
	}
	_, err = s.putQueue(ctx, made)
	return err
}

func (s *Service) declareDefinition(ctx context.Context, properties value.Value) error {
	r, err := templateDefinition(properties)
	if err != nil {
		return err
	}
	if newest, err := s.findDefinition(r.JobDefinitionName); err == nil && newest.same(r) {
		return nil
	}
	_, err = s.addRevision(ctx, r)
	return err
}
