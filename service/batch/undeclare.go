package batch

import (
	"context"

	"github.com/stepwell/stepwell/fault"
)

// Undeclare deletes what Declare made of a resource of that type and name; a queue ends its jobs, a definition is deregistered with all of
// its revisions. What is not there is no error.
func (s *Service) Undeclare(ctx context.Context, kind, name string) error {
	switch kind {
	case kindEnvironment:
		request := &updateEnvironmentRequest{ComputeEnvironment: name, State: "DISABLED"}
		if _, err := s.updateEnvironment(ctx, request); err != nil {
			return absent(err)
		}
		_, err := s.deleteEnvironment(ctx, &environmentRequest{name})
		return err
	case kindQueue:
		if _, err := s.updateQueue(ctx, &updateQueueRequest{JobQueue: name, State: "DISABLED"}); err != nil {
			return absent(err)
		}
		_, err := s.deleteQueue(ctx, &queueRequest{name})
		return err
	}
	return s.deregisterAll(ctx, name)
}

// absent is nil for the error of a part that does not exist.
func absent(err error) error {
	if fault.KindOf(err) == fault.Invalid {
		return nil
	}
	return err
}

func (s *Service) deregisterAll(ctx context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.definitions[name] {
		changed := *d
		changed.Inactive = true
		if err := s.putDefinition(ctx, &changed); err != nil {
			return err
		}
		*d = changed
	}
	return nil
}
