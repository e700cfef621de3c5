package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// holding is a pending task that someone outside ends by its token. The table of holdings follows from the pending tasks,
// so taking executions up again after a crash fills it again.
type holding struct {
	execution *execution
	task      machine.TaskID
	accepted  <-chan struct{}
}

// activityToken names a task of an activity, the same after a crash.
func activityToken(execution string, task machine.TaskID) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d", execution, task))
	return hex.EncodeToString(sum[:])
}

func (e *Engine) hold(x *execution, task machine.TaskID, p *performance) {
	if p.token == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.held[p.token] = holding{x, task, p.accepted}
}

// release makes a token worthless.
func (e *Engine) release(token string) {
	if token == "" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.held, token)
}

// StartTask says that a worker took an activity task. It and the three below return once the fact is durable. Errors:
// InvalidToken (Invalid) for a text that is no token; TaskTimedOut (NotFound) when nobody waits for the task any more.
func (e *Engine) StartTask(ctx context.Context, token, worker string) error {
	return e.report(ctx, token, func(task machine.TaskID) machine.Body {
		return machine.TaskStarted{Task: task, Worker: worker}
	})
}

// BeatTask says that a task is still worked on.
func (e *Engine) BeatTask(ctx context.Context, token string) error {
	return e.report(ctx, token, func(task machine.TaskID) machine.Body { return machine.TaskHeartbeat{Task: task} })
}

// SucceedTask ends a task with its result.
func (e *Engine) SucceedTask(ctx context.Context, token string, output value.Value) error {
	return e.report(ctx, token, func(task machine.TaskID) machine.Body {
		return machine.TaskSucceeded{Task: task, Output: output}
	})
}

// FailTask ends a task with an error; name and cause may be absent.
func (e *Engine) FailTask(ctx context.Context, token string, name, cause *string) error {
	return e.report(ctx, token, func(task machine.TaskID) machine.Body {
		return machine.TaskFailed{Task: task, Error: name, Cause: cause}
	})
}

// firstHalf is how long the holder of a token waits until the request that gave it the token has been answered, so that
// history tells the two in their order. It is bounded because a holder may answer inside that request.
const firstHalf = time.Second

func (e *Engine) report(ctx context.Context, token string, body func(machine.TaskID) machine.Body) error {
	e.mu.Lock()
	h, ok := e.held[token]
	e.mu.Unlock()
	if !ok {
		return unheld(token)
	}
	bounded, cancel := context.WithTimeout(ctx, firstHalf)
	defer cancel()
	if err := e.await(bounded, h.accepted); err != nil && bounded.Err() == nil {
		return err // the engine has ceased
	}
	return h.execution.send(ctx, body(h.task))
}

// unheld tells a token whose task is over from a text that never was one.
func unheld(token string) error {
	if raw, err := hex.DecodeString(token); err != nil || len(raw) != sha256.Size {
		return fault.Invalidf("Invalid Token: 'Invalid token'").WithCode("InvalidToken")
	}
	return fault.New(fault.NotFound, "Task Timed Out: 'Provided task does not exist anymore'").WithCode("TaskTimedOut")
}
