package engine

import (
	"context"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// carryOut does what a durable step asked for. Finish needs nothing done: it is in the record.
func (x *execution) carryOut(command machine.Command) {
	switch c := command.(type) {
	case machine.ScheduleTask:
		x.schedule(c)
	case machine.CancelTask:
		x.cancelTask(c.Task)
	case machine.SetTimer:
		x.setTimer(c)
	case machine.CancelTimer:
		x.cancelTimer(c.Timer)
	}
}

// performance is the carrying out of one task. Its fields but cancel are guarded by Engine.mu.
type performance struct {
	cancel    context.CancelFunc
	cancelled bool // while Run had not returned
	returned  bool
	token     string        // empty when nobody outside ends the task
	accepted  chan struct{} // closed when the first half of the task is done
}

func (x *execution) cancelTask(task machine.TaskID) {
	if p, ok := x.tasks[task]; ok {
		delete(x.tasks, task)
		x.engine.release(p.token)
		x.engine.dismiss(p)
	}
}

func (e *Engine) dismiss(p *performance) {
	e.mu.Lock()
	if !p.returned {
		p.cancelled = true
		e.leaving++
	}
	e.mu.Unlock()
	p.cancel()
}

func (e *Engine) returned(p *performance) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p.returned = true
	if p.cancelled {
		e.leaving--
		e.left.Broadcast()
	}
}

func (x *execution) schedule(c machine.ScheduleTask) {
	ctx, cancel := context.WithCancel(x.engine.working)
	task := x.task(c)
	p := &performance{cancel: cancel, token: task.Token, accepted: make(chan struct{})}
	if !task.Submitted.IsZero() || c.Activity() {
		close(p.accepted)
	}
	x.tasks[c.Task] = p
	x.engine.hold(x, c.Task, p)
	x.engine.begin(func() { x.perform(ctx, p, task) })
}

// task is a scheduled task with what is known of it.
func (x *execution) task(c machine.ScheduleTask) Task {
	task := Task{ScheduleTask: c, Execution: x.record.Execution, MapRun: x.record.MapRunARN, Taken: x.machine.Taken(c.Task)}
	task.Submitted, _ = x.machine.Submitted(c.Task)
	if c.Activity() {
		task.Token = activityToken(x.arn, c.Task)
	}
	return task
}

// perform runs a task and posts its result, unless nobody wants it any more.
func (x *execution) perform(ctx context.Context, p *performance, task Task) {
	submitted := func(answer value.Value) {
		// An error says that ctx ended or the engine did; both end ctx, which is what the performer looks at.
		_ = x.send(ctx, machine.TaskSubmitted{Task: task.Task, Output: answer})
		close(p.accepted)
	}
	output, failure := x.engine.carry(ctx, task, submitted)
	x.engine.returned(p)
	switch {
	case ctx.Err() != nil: // a result that a cancelled performer made up must not become history
	case failure != nil:
		x.post(letter{body: machine.TaskFailed{
			Task: task.Task, Phase: failure.Phase, Error: failure.Error, Cause: failure.Cause,
		}})
	default:
		x.post(letter{body: machine.TaskSucceeded{Task: task.Task, Output: output}})
	}
}
