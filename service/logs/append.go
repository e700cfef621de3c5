package logs

import (
	"context"
	"time"
)

// Line is one line of a log. Its message is not empty.
type Line struct {
	At      time.Time
	Message string
}

// Append puts lines of another service at the end of a stream, which it makes where there is none. Errors:
// ResourceNotFoundException for a group that is not there.
func (s *Service) Append(ctx context.Context, groupName, streamName string, lines []Line) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now().UnixMilli()
	if _, err := s.findGroup(ctx, groupName); err != nil {
		return err
	}
	st, ok, err := s.streams(groupName).Get(ctx, streamName)
	if err != nil {
		return err
	}
	if !ok {
		st = stream{Name: streamName, Created: now}
	}
	c := chunk{Ingested: now}
	for _, line := range lines {
		c.Events = append(c.Events, event{Timestamp: line.At.UnixMilli(), Message: line.Message})
	}
	if err := s.chunks(groupName, streamName).Put(ctx, chunkID(st.Chunks), c); err != nil {
		return err
	}
	st.count(&c)
	return s.streams(groupName).Put(ctx, streamName, st)
}

// Declare makes sure that a log group of a template is there; days is its retention, 0 for ever.
func (s *Service) Declare(ctx context.Context, name string, days int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok, err := s.groups.Get(ctx, name)
	if err != nil {
		return err
	}
	if !ok {
		g = group{Name: name, Created: s.now().UnixMilli()}
	}
	g.Retention = days
	return s.groups.Put(ctx, name, g)
}
