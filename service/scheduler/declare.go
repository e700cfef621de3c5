package scheduler

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
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
	if _, err := s.createGroup(ctx, g); fault.KindOf(err) != fault.Conflict {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := *s.groups[g.Name]
	changed.Tags = map[string]string{}
	for _, t := range g.Tags {
		changed.Tags[t.Key] = t.Value
	}
	if maps.Equal(changed.Tags, s.groups[g.Name].Tags) {
		return nil
	}
	changed.Modified = time.Now().UTC()
	if err := s.groupRecords.Put(ctx, g.Name, changed); err != nil {
		return err
	}
	*s.groups[g.Name] = changed
	return nil
}

// same reports whether two definitions say the same, whoever sent them.
func same(a, b definition) bool {
	a.ClientToken, b.ClientToken = "", ""
	one, err := json.Marshal(a)
	other, otherErr := json.Marshal(b)
	return err == nil && otherErr == nil && string(one) == string(other)
}

// Undeclare deletes a group, or a schedule; the name of a schedule in another group than the default one is GROUP/NAME. What is not
// there is no error.
func (s *Service) Undeclare(ctx context.Context, kind, name string) error {
	if kind == groupResource {
		_, err := s.deleteGroup(ctx, &deleteGroupRequest{Name: name})
		return fault.Except(err, fault.NotFound)
	}
	group, own := scheduleNamed(name)
	_, err := s.delete(ctx, &deleteRequest{GroupName: group, Name: own})
	return fault.Except(err, fault.NotFound)
}

// Disable has a schedule, named as for Undeclare, do nothing any more. One that is not there is no error.
func (s *Service) Disable(ctx context.Context, name string) error {
	group, own := scheduleNamed(name)
	s.mu.Lock()
	_, one, err := s.find(group, own)
	if err != nil {
		s.mu.Unlock()
		return fault.Except(err, fault.NotFound)
	}
	changed := one.definition
	s.mu.Unlock()
	changed.State = disabled
	_, err = s.update(ctx, &changed)
	return fault.Except(err, fault.NotFound)
}

func scheduleNamed(name string) (group, own string) {
	if group, own, ok := strings.Cut(name, "/"); ok {
		return group, own
	}
	return defaultGroup, name
}
