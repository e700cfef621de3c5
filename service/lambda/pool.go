package lambda

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
)

// pool is the processes of one function that wait for events, the last used one last.
type pool struct {
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
	// origin is that of the event that it has; revoke takes back its keys.
	origin atomic.Pointer[origin.Origin]
	revoke func()
}

// Close ends the process.
func (w *worker) Close() {
	w.Sandbox.Close()
	w.revoke()
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

// retire lets no process of a function's version take another event.
func (s *Service) retire(key string) {
	s.mu.Lock()
	p := s.pools[key]
	delete(s.pools, key)
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
	if f.Concurrency != nil && s.busy[f.Name] >= *f.Concurrency {
		return nil, nil, throttled(reservedExceeded)
	}
	if s.total >= s.options.Concurrency {
		return nil, nil, throttled(accountExceeded)
	}
	p := s.pools[f.key()]
	if p == nil {
		p = &pool{}
		s.pools[f.key()] = p
	}
	s.busy[f.Name]++
	s.total++
	s.calls.Add(1)
	return p, func() { s.leave(f.Name) }, nil
}

func (s *Service) leave(name string) {
	s.mu.Lock()
	s.total--
	if s.busy[name]--; s.busy[name] == 0 {
		delete(s.busy, name)
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
	stream := streamName(f.version())
	setup, err := s.setup(ctx, f, stream)
	w := &worker{pool: p, stream: stream, revoke: func() {}}
	if err == nil {
		err = s.lead(w, setup)
	}
	if err != nil {
		return nil, err
	}
	w.Sandbox, err = s.options.Host.Start(setup)
	if err != nil {
		w.revoke()
		return nil, err
	}
	return w, nil
}

// lead adds the variables that lead to the services here; a function's own win.
func (s *Service) lead(w *worker, setup *Setup) error {
	if s.options.Variables == nil {
		return nil
	}
	all, revoke, err := s.options.Variables(func() origin.Origin {
		if now := w.origin.Load(); now != nil {
			return *now
		}
		return origin.Origin{Function: setup.Function}
	})
	if err != nil {
		return err
	}
	w.revoke = revoke
	for name, text := range all {
		if _, own := setup.Variables[name]; !own {
			setup.Variables[name] = text
		}
	}
	return nil
}

func streamName(version string) string {
	id := make([]byte, 16)
	rand.Read(id) // never fails
	return time.Now().UTC().Format("2006/01/02") + "/[" + version + "]" + hex.EncodeToString(id)
}
