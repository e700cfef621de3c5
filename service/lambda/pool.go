package lambda

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// pool is the processes of one function that wait for events, the last used one last.
type pool struct {
	busy int64 // invocations under way; the service's lock guards it

	mu      sync.Mutex
	idle    []*worker
	retired bool
}

// worker is a process of a function.
type worker struct {
	Sandbox
	pool   *pool
	stream string // of its log
	expiry *time.Timer
}

// idleFor is how long a process waits for another event.
const idleFor = 5 * time.Minute

func (p *pool) take() *worker {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	w := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	w.expiry.Stop()
	return w
}

// put keeps a worker for the next event, unless its function has changed.
func (p *pool) put(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.retired {
		go w.Close()
		return
	}
	w.expiry = time.AfterFunc(idleFor, func() { p.drop(w) })
	p.idle = append(p.idle, w)
}

// drop ends a worker that still waits.
func (p *pool) drop(w *worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, one := range p.idle {
		if one == w {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			go w.Close()
			return
		}
	}
}

// empty ends all workers that wait, and those at work when they are done.
func (p *pool) empty() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.retired = nil, true
	p.mu.Unlock()
	for _, w := range idle {
		w.expiry.Stop()
		w.Close()
	}
}

// retire lets no process of a function take another event.
func (s *Service) retire(name string) {
	s.mu.Lock()
	p := s.pools[name]
	if p != nil {
		// Invocations under way count on.
		s.pools[name] = &pool{busy: p.busy}
	}
	s.mu.Unlock()
	if p != nil {
		p.empty()
	}
}

// enter counts an invocation of a function in, if its limits allow one more; what it returns counts it out.
func (s *Service) enter(f *function) (*pool, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, fault.New(fault.Unavailable, "The service is closing").WithCode(codeService)
	}
	p := s.pools[f.Name]
	if p == nil {
		p = &pool{}
		s.pools[f.Name] = p
	}
	if f.Concurrency != nil && p.busy >= *f.Concurrency {
		return nil, nil, throttled(reservedExceeded)
	}
	if s.busy >= s.options.Concurrency {
		return nil, nil, throttled(accountExceeded)
	}
	p.busy++
	s.busy++
	s.calls.Add(1)
	return p, func() { s.leave(f.Name) }, nil
}

func (s *Service) leave(name string) {
	s.mu.Lock()
	s.busy--
	if p := s.pools[name]; p != nil && p.busy > 0 {
		p.busy--
	}
	s.mu.Unlock()
	s.calls.Done()
}

func throttled(reason string) error {
	return fault.New(fault.Throttled, "Rate Exceeded.").WithCode(codeThrottled).Because(service.Detail{"Type": userError, "Reason": reason})
}

// worker returns a process for an event: one that waits, or a new one.
func (s *Service) worker(ctx context.Context, p *pool, f *function) (*worker, error) {
	if w := p.take(); w != nil {
		return w, nil
	}
	stream := streamName()
	setup, err := s.setup(ctx, f, stream)
	if err == nil {
		err = s.lead(setup)
	}
	if err != nil {
		return nil, err
	}
	box, err := s.options.Host.Start(setup)
	if err != nil {
		return nil, err
	}
	return &worker{Sandbox: box, pool: p, stream: stream}, nil
}

// lead adds the variables that lead to the services here; a function's own win.
func (s *Service) lead(setup *Setup) error {
	if s.options.Variables == nil {
		return nil
	}
	all, err := s.options.Variables()
	for name, text := range all {
		if _, own := setup.Variables[name]; !own {
			setup.Variables[name] = text
		}
	}
	return err
}

func streamName() string {
	id := make([]byte, 16)
	rand.Read(id) // never fails
	return time.Now().UTC().Format("2006/01/02") + "/[" + latest + "]" + hex.EncodeToString(id)
}
