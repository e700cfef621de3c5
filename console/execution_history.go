package console

import (
	"container/list"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/engine"
)

// histories are those that were looked at last, so that a page of a long one need not read it all again, and the page of
// one that runs reads only what is new.
type histories struct {
	mu     sync.Mutex
	byARN  map[string]*list.Element // of *history
	recent list.List                // the newest first
}

// history is what is known of one execution's. Whoever got it from open holds mu.
type history struct {
	arn        string
	started    time.Time
	mu         sync.Mutex
	record     *visit.Record
	definition *asl.StateMachine // nil: the text is not there or cannot be read
	sql        *executionSQL     // nil: it was not read yet
	events     int               // as the histories know it
}

const (
	maxHistories = 64
	// maxEvents bounds the events of all of them, of which each takes about 200 bytes.
	maxEvents = 200_000
)

// open returns the history of an execution with what happened by now. The caller unlocks its mu.
func (s *histories) open(ctx context.Context, e *engine.Engine, of engine.Record) (*history, error) {
	h := s.find(of)
	h.mu.Lock()
	err := h.read(ctx, e, of)
	if err != nil {
		h.mu.Unlock()
		return nil, err
	}
	s.bound(h)
	return h, nil
}

func (s *histories) find(of engine.Record) *history {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byARN == nil {
		s.byARN = map[string]*list.Element{}
	}
	if known := s.byARN[of.ARN]; known != nil {
		h := known.Value.(*history)
		if h.started.Equal(of.StartTime) {
			s.recent.MoveToFront(known)
			return h
		}
		s.recent.Remove(known) // another one of the same name
	}
	h := &history{arn: of.ARN, started: of.StartTime, record: visit.New(of.Name)}
	s.byARN[of.ARN] = s.recent.PushFront(h)
	return h
}

// bound forgets the oldest while there are too many. It knows what h has now.
func (s *histories) bound(h *history) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.events = len(h.record.Events)
	total := 0
	for at := s.recent.Front(); at != nil; {
		next := at.Next()
		old := at.Value.(*history)
		total += old.events
		if old != h && (total > maxEvents || s.recent.Len() > maxHistories && next == nil) {
			s.recent.Remove(at)
			delete(s.byARN, old.arn)
		}
		at = next
	}
}

// read adds the events that are new.
func (h *history) read(ctx context.Context, e *engine.Engine, of engine.Record) error {
	if h.definition == nil {
		if text, err := e.Definition(ctx, of.ARN); err == nil {
			h.definition, _ = asl.Parse(text, asl.Options{File: "definition.yaml", Mocked: true})
		}
	}
	// All at once: a history has 25,000 events at most, which often stand in one piece of the store.
	events, err := e.History(ctx, of.ARN, engine.Page{After: h.record.Last()}, false)
	for _, event := range events {
		h.record.Add(event)
	}
	return err
}

// guilty is the visit of the state that made the execution fail, the innermost; nil when none did.
func (h *history) guilty() *visit.Visit {
	for _, v := range slices.Backward(h.record.Visits) {
		if v.Node.Type != "" && v.Last() && v.Outcome().Status == tree.Failed {
			return v
		}
	}
	return nil
}

// matters is the visit of a state that one wants to see first: the last that failed, or the last.
func (h *history) matters(state string) *visit.Visit {
	visits := h.record.Of(state)
	for _, v := range slices.Backward(visits) {
		if v.Last() && v.Outcome().Status == tree.Failed {
			return v
		}
	}
	if len(visits) == 0 {
		return nil
	}
	return visits[len(visits)-1]
}
