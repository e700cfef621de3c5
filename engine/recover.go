package engine

import (
	"context"
	"errors"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Recover takes up every execution that an earlier engine left open and returns their records. An execution that cannot be
// taken up does not hinder the others; the error joins one for each.
func (e *Engine) Recover(ctx context.Context) ([]Record, error) {
	open, _, err := e.store.Executions(ctx, Filter{Status: machine.RunningStatus, Children: true}, Page{})
	if err != nil {
		return nil, err
	}
	var records []Record
	var adopted []*execution
	var errs []error
	for _, record := range open {
		x, err := e.adopt(ctx, record.ARN)
		switch {
		case err != nil:
			errs = append(errs, err)
		case x != nil:
			adopted = append(adopted, x)
			records = append(records, record)
		}
	}
	// All are taken up before the first goes on, because a task of one may wait for another.
	for _, x := range adopted {
		x.goOn()
	}
	return records, errors.Join(errs...)
}

// Resume takes up one execution that an earlier engine left open; one that is driven or closed stays as it is. Error:
// ExecutionDoesNotExist (NotFound).
func (e *Engine) Resume(ctx context.Context, arn string) (Record, error) {
	x, err := e.adopt(ctx, arn)
	if err != nil {
		return Record{}, err
	}
	if x != nil {
		x.goOn()
	}
	return e.Describe(ctx, arn)
}

// Stop aborts an execution and returns its record; one that is closed already stays as it is. Errors:
// ExecutionDoesNotExist (NotFound), Unavailable.
func (e *Engine) Stop(ctx context.Context, arn string, errorName, cause *string) (Record, error) {
	// What an earlier engine left is taken up only to be stopped: its tasks are not run again.
	adopted, err := e.adopt(ctx, arn)
	if err != nil {
		return Record{}, err
	}
	var begun []Task
	if adopted != nil {
		begun = adopted.begun()
		e.begin(adopted.drive)
	}
	if x := e.find(arn); x != nil {
		if err := x.send(ctx, machine.Stopped{Error: errorName, Cause: cause}); err != nil {
			return Record{}, err
		}
	}
	for _, task := range begun {
		e.abandon(task)
	}
	return e.Describe(ctx, arn)
}

// begun returns the tasks whose work goes on outside, because a service has accepted it or because it is executions of its own. The caller is the owner.
func (x *execution) begun() []Task {
	var tasks []Task
	for _, command := range x.machine.Pending() {
		if c, ok := command.(machine.ScheduleTask); ok {
			if task := x.task(c); !task.Submitted.IsZero() || task.Map != nil {
				tasks = append(tasks, task)
			}
		}
	}
	return tasks
}

// abandon lets the performer of a task find out that nobody waits for it, so that it cancels what goes on outside.
func (e *Engine) abandon(task Task) {
	ctx, cancel := context.WithCancel(e.working)
	cancel()
	e.carry(ctx, task, func(value.Value) {})
}

// goOn carries out what was left undone. Its caller got x from adopt, owned.
func (x *execution) goOn() {
	x.engine.begin(func() {
		for _, command := range x.machine.Pending() {
			x.carryOut(command)
		}
		x.drive()
	})
}

// adopt makes an open execution of the store live again, and nil when it is live or closed already. The caller is its owner
// and has to call goOn, or to begin drive.
func (e *Engine) adopt(ctx context.Context, arn string) (*execution, error) {
	e.adopting.Lock()
	defer e.adopting.Unlock()
	if e.find(arn) != nil {
		return nil, nil
	}
	record, err := e.store.Execution(ctx, arn)
	if err != nil || record.Status != machine.RunningStatus {
		return nil, err
	}
	x, err := e.rebuild(ctx, record)
	if err != nil {
		return nil, fault.New(fault.KindOf(err), "resume %s", arn).Because(err)
	}
	x.owned = true
	e.mu.Lock()
	defer e.mu.Unlock()
	e.live[arn] = x
	return x, nil
}

// rebuild applies the stored events of an execution to a new machine.
func (e *Engine) rebuild(ctx context.Context, record Record) (*execution, error) {
	text, err := e.store.Definition(ctx, record.DefinitionHash)
	if err != nil {
		return nil, err
	}
	// Under a name for YAML both forms are read: a text that begins with a brace is JSON whatever the name.
	definition, err := e.compile(record.DefinitionHash, text, "definition.yaml")
	if err != nil {
		return nil, err
	}
	x := e.newExecution(machine.New(definition, record.Execution), record)
	close(x.settled)
	for chunk, err := range e.store.Chunks(ctx, record.ARN, 0, false) {
		if err != nil {
			return nil, err
		}
		if err := x.replay(chunk); err != nil {
			return nil, err
		}
	}
	x.machine.Refuse = e.tasks.Refuse
	return x, nil
}

// replay applies the events of one chunk again.
func (x *execution) replay(chunk Chunk) error {
	events, err := chunk.events()
	if err != nil {
		return err
	}
	lastID := x.last.LastID
	for _, event := range events {
		x.at = event.At
		for _, h := range x.machine.Apply(event).History {
			lastID = h.ID
		}
	}
	if chunk.Number != x.last.Number+1 || lastID != chunk.LastID {
		return fault.New(fault.Internal, "chunk %d of the log ends with event %d, applying it again with %d",
			chunk.Number, chunk.LastID, lastID)
	}
	x.last = Chunk{Number: chunk.Number, LastID: chunk.LastID}
	return nil
}
