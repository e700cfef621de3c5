package lambda

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// event is an invocation that nobody awaits, as it is kept until it is through.
type event struct {
	Function string
	Version  string    // empty: the function itself
	At       time.Time // when it was taken
	Attempts int64     // how many have failed
	Next     time.Time // when it is tried next
	Invocation
}

const (
	// maxEvent is the largest event, in bytes.
	maxEvent = 1 << 20
	// maxAge is how long an event is tried that limits keep from running.
	maxAge = 6 * time.Hour
	// throttlePause is how long such an event waits.
	throttlePause = time.Second
)

// retries are the pauses before an event is tried again.
var retries = []time.Duration{time.Minute, 2 * time.Minute}

// queue makes an event durable and has it run.
func (s *Service) queue(ctx context.Context, f *function, i Invocation) error {
	s.starting.RLock()
	defer s.starting.RUnlock()
	e := event{Function: f.Name, Version: f.Version, At: time.Now(), Invocation: i}
	if err := s.events.Put(ctx, i.RequestID, e); err != nil {
		return err
	}
	if s.started {
		s.deliver(e)
	}
	return nil
}

// Start has the events run that a former process left and that came since Open.
func (s *Service) Start(ctx context.Context) error {
	s.starting.Lock()
	defer s.starting.Unlock()
	s.started = true
	all, err := s.events.All(ctx)
	for _, e := range all {
		s.deliver(e)
	}
	return err
}

func (s *Service) deliver(e event) {
	s.deliveries.Add(1)
	go func() {
		defer s.deliveries.Done()
		for s.pause(e.Next) && s.attempt(&e) {
		}
	}()
}

// pause waits until a time; it says false when the service closes.
func (s *Service) pause(until time.Time) bool {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return s.ctx.Err() == nil
	case <-s.settling:
		return !until.After(time.Now())
	case <-s.ctx.Done():
		return false
	}
}

// attempt runs the function with an event. It says whether the event is to be tried again, at its time.
func (s *Service) attempt(e *event) (again bool) {
	f, ok, err := s.functions.Get(s.ctx, e.Function)
	if err == nil && ok {
		f, ok, err = s.at(s.ctx, &f, e.Version)
	}
	if err == nil && ok {
		var o Outcome
		o, _, err = s.call(&f, e.Invocation)
		if s.ctx.Err() != nil {
			return false // left to the next process
		}
		if err == nil && o.Failed && int(e.Attempts) < len(retries) {
			e.Next = time.Now().Add(retries[e.Attempts])
			e.Attempts++
			return s.keep(s.events.Put(s.ctx, e.RequestID, *e))
		}
		if fault.CodeOf(err) == codeThrottled && time.Since(e.At) < maxAge {
			e.Next = time.Now().Add(throttlePause)
			return true
		}
		if err == nil && o.Failed {
			s.options.Log.Warn("an event of a function is given up", "function", e.Function, "request", e.RequestID, "error", string(o.Payload))
		}
	}
	if err != nil {
		s.options.Log.Error("an event of a function is given up", "function", e.Function, "request", e.RequestID, "error", err)
	}
	s.keep(s.events.Delete(s.ctx, e.RequestID))
	return false
}

// keep logs what the records could not keep.
func (s *Service) keep(err error) bool {
	if err != nil && s.ctx.Err() == nil {
		s.options.Log.Error("keep an event of a function", "error", err)
	}
	return err == nil
}
