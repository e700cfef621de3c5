package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
)

// Start begins an execution; it is durable when Start returns. The same name and input while that execution runs returns
// it again, taking it up when nobody drives it; so does the same token. Errors: ExecutionAlreadyExists (Conflict), InvalidExecutionInput,
// InvalidName, InvalidArn, ValidationException (Invalid), asl's findings about the definition, Unavailable.
func (e *Engine) Start(ctx context.Context, request StartRequest) (Record, error) {
	record, err := request.record()
	if err != nil {
		return Record{}, err
	}
	record.DefinitionHash = hashOf(request.Definition)
	definition, err := e.compile(record.DefinitionHash, request.Definition, request.File)
	if err != nil {
		return Record{}, err
	}
	x := e.newExecution(machine.New(definition, record.Execution), record)
	x.machine.Refuse = e.tasks.Refuse
	x.definition = request.Definition
	taken, err := e.claim(ctx, x, request.repeatable())
	switch {
	case err != nil:
		return Record{}, err
	case taken:
		return e.again(ctx, record)
	}
	if err := x.send(ctx, machine.Started{Version: machine.CurrentVersion}); err != nil {
		return Record{}, err
	}
	return x.snapshot(), nil
}

// claim makes x the live execution of its ARN, unless an execution of that ARN is on disk or on its way there.
func (e *Engine) claim(ctx context.Context, x *execution, named bool) (taken bool, err error) {
	if !named {
		e.occupy(x)
		return false, nil // a new UUID is new
	}
	other, taken, err := e.claimName(ctx, x)
	if other != nil {
		return true, e.await(ctx, other.settled)
	}
	return taken, err
}

// claimName also returns the execution that has the name and is live.
func (e *Engine) claimName(ctx context.Context, x *execution) (other *execution, taken bool, err error) {
	// Nobody may take the one on disk for live, or make it live, while x stands in its place.
	e.adopting.Lock()
	defer e.adopting.Unlock()
	if other := e.occupy(x); other != nil {
		return other, true, nil
	}
	// Only now, with the name occupied: an execution that closed a moment ago must be found on disk. Whoever waits for
	// the answer counts on it, so it does not depend on this caller's patience.
	_, err = e.store.Execution(context.WithoutCancel(ctx), x.arn)
	if fault.KindOf(err) == fault.NotFound {
		return nil, false, nil
	}
	e.forget(x)
	close(x.settled)
	x.publish(x.snapshot()) // whoever took x for the execution and waits for its news looks again
	return nil, true, err
}

// occupy puts x into the table of live executions, unless there is another of its ARN, which it returns.
func (e *Engine) occupy(x *execution) (other *execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if other := e.live[x.arn]; other != nil {
		return other
	}
	e.live[x.arn] = x
	return nil
}

// again answers a request for an execution that is on disk already.
func (e *Engine) again(ctx context.Context, wanted Record) (Record, error) {
	stored, err := e.store.Execution(ctx, wanted.ARN)
	if err != nil {
		return Record{}, err
	}
	if wanted.Token != "" && stored.Token == wanted.Token {
		return e.Resume(ctx, wanted.ARN)
	}
	if stored.Status != machine.RunningStatus || stored.Input.Text() != wanted.Input.Text() {
		return Record{}, fault.New(fault.Conflict, "Execution Already Exists: '%s'", wanted.ARN).WithCode("ExecutionAlreadyExists")
	}
	return e.Resume(ctx, wanted.ARN)
}

func hashOf(definition string) string {
	sum := sha256.Sum256([]byte(definition))
	return hex.EncodeToString(sum[:])
}

// compile reads a definition, once for each text.
func (e *Engine) compile(hash, text, file string) (*asl.StateMachine, error) {
	e.mu.Lock()
	known := e.compiled[hash]
	e.mu.Unlock()
	if known != nil {
		return known, nil
	}
	definition, err := asl.Parse(text, asl.Options{File: file, Accepted: true})
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.compiled[hash] = definition
	return definition, nil
}
