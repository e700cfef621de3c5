package scheduler

import (
	"context"
	"encoding/json"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// The resources of templates that the service makes.
const (
	scheduleResource = "AWS::Scheduler::Schedule"
	groupResource    = "AWS::Scheduler::ScheduleGroup"
)

// Check says what is wrong with a resource of a template; those of other services are no matter. Whether a target can be called
// is not looked at.
func Check(kind string, properties value.Value) error {
	switch kind {
	case groupResource:
		return service.FromTemplate(properties, new(createGroupRequest))
	case scheduleResource:
		_, err := read(properties, nil)
		return err
	}
	return nil
}

func read(properties value.Value, courier *target.Courier) (*definition, error) {
	d := &definition{}
	if err := service.FromTemplate(properties, d); err != nil {
		return nil, err
	}
	if err := d.check(courier); err != nil {
		return nil, err
	}
	_, err := compile(record{definition: *d})
	return d, err
}

// Declare makes a resource of a template be there as its properties say: a schedule or a group. One that is so already stays as
// it is, so that it catches up what it has missed.
func (s *Service) Declare(ctx context.Context, kind string, properties value.Value) error {
	if kind == groupResource {
		return s.declareGroup(ctx, properties)
	}
	d, err := read(properties, s.courier)
	if err != nil {
		return err
	}
	s.mu.Lock()
	_, old, _ := s.find(d.GroupName, d.Name)
	s.mu.Unlock()
	switch {
	case old == nil:
		_, err = s.create(ctx, d)
	case !same(old.definition, *d):
		_, err = s.update(ctx, d)
	}
	return err
}

func (s *Service) declareGroup(ctx context.Context, properties value.Value) error {
	g := &createGroupRequest{}
	if err := service.FromTemplate(properties, g); err != nil {
		return err
	}
	s.mu.Lock()
	known := s.groups[g.Name] != nil
	s.mu.Unlock()
	if known {
		return nil
	}
	_, err := s.createGroup(ctx, g)
	return err
}

// same reports whether two definitions say the same, whoever sent them.
func same(a, b definition) bool {
	a.ClientToken, b.ClientToken = "", ""
	one, err := json.Marshal(a)
	other, otherErr := json.Marshal(b)
	return err == nil && otherErr == nil && string(one) == string(other)
}
