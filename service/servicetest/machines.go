package servicetest

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/stepwell/stepwell/service"
)

// Machines stands for Step Functions: it notes what is started when. It starts nothing twice under one idempotency token.
type Machines struct {
	// Fail, if set, says why a start fails, nil that it does not.
	Fail func() error
	// Started, if set, is told the name of every execution.
	Started func(name string)

	mu     sync.Mutex
	starts []string
	tokens map[string]bool
}

type startRequest struct{ StateMachineArn, Input string }

// Table returns the service with its one operation.
func (m *Machines) Table() *service.Service {
	return &service.Service{Name: "sfn", Operations: []service.Operation{{Name: "StartExecution", Behaviour: service.Do(m.start)}}}
}

func (m *Machines) start(ctx context.Context, r *startRequest) (*struct{}, error) {
	if m.Fail != nil {
		if err := m.Fail(); err != nil {
			return nil, err
		}
	}
	token := service.IdempotencyToken(ctx)
	if m.note(token, r.Input) && m.Started != nil {
		m.Started(token)
	}
	return &struct{}{}, nil
}

func (m *Machines) note(token, input string) (fresh bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.tokens[token] {
		return false
	}
	if m.tokens == nil {
		m.tokens = map[string]bool{}
	}
	m.tokens[token] = true
	m.starts = append(m.starts, time.Now().UTC().Format("02T15:04:05 ")+input)
	return true
}

// Taken returns the starts since the last call of it, one a line: day and time, and the input.
func (m *Machines) Taken() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer func() { m.starts = nil }()
	return strings.Join(m.starts, "\n")
}
