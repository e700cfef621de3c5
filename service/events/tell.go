package events

import (
	"context"
	"slices"
	"sync"
)

// backlog is how many events may wait for the disk; what comes then is left out.
const backlog = 10_000

// together is how many events that were told share what it costs to be durable.
const together = 100

// teller puts events from those who cannot wait.
type teller struct {
	mu      sync.Mutex
	waiting []Event
	busy    bool
	closed  bool
	idle    sync.Cond // not busy any more
}

// Tell puts events behind the caller's back. They are lost where the process ends before they are durable, as AWS may lose
// events of this kind; Close waits for them.
func (s *Service) Tell(events ...Event) {
	t := &s.teller
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range events {
		if t.closed {
			return
		}
		if len(t.waiting) >= backlog {
			s.options.Log.Warn("event left out: too many wait", "source", e.Source, "detail-type", e.DetailType)
			continue
		}
		t.waiting = append(t.waiting, e)
	}
	if !t.busy && len(t.waiting) > 0 {
		t.busy = true
		go s.putWaiting()
	}
}

func (s *Service) putWaiting() {
	t := &s.teller
	for {
		t.mu.Lock()
		taken := t.waiting
		if t.waiting, t.busy = nil, len(taken) > 0; !t.busy {
			t.idle.Broadcast()
		}
		t.mu.Unlock()
		if len(taken) == 0 {
			return
		}
		for some := range slices.Chunk(taken, together) {
			if err := s.Put(context.Background(), some...); err != nil {
				s.options.Log.Error("events lost", "events", len(some), "first", some[0].DetailType, "error", err)
			}
		}
	}
}

// Settle waits until the events that were told are durable.
func (s *Service) Settle() {
	t := &s.teller
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.busy {
		t.idle.Wait()
	}
}
