package engine

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
)

// execution is one that this engine drives. Whoever set owned is its owner until the mailbox is found empty; the fields
// of the owner are touched by nobody else.
type execution struct {
	engine *Engine
	arn    string
	// settled is closed once it is certain that the disk has an execution of this ARN.
	settled chan struct{}

	// The owner's.
	machine    *machine.Machine
	definition string // to be stored with the next commit, when not empty
	last       Chunk  // the numbers of the last chunk
	at         time.Time
	tasks      map[machine.TaskID]*performance
	timers     map[machine.TimerID]bool

	mu      sync.Mutex
	owned   bool
	mailbox []letter
	record  Record        // as it is on disk
	changed chan struct{} // closed, and replaced, when record or history changes
}

// letter is an event on its way to a machine, without its time and chance. Read, when there, is closed once the event is
// durable; while the engine works every letter is read.
type letter struct {
	body machine.Body
	read chan struct{}
}

func (e *Engine) newExecution(m *machine.Machine, record Record) *execution {
	return &execution{
		engine: e, arn: record.ARN, machine: m, record: record,
		tasks: map[machine.TaskID]*performance{}, timers: map[machine.TimerID]bool{},
		changed: make(chan struct{}), settled: make(chan struct{}),
	}
}

// post puts a letter into the mailbox and finds an owner for it when there is none.
func (x *execution) post(l letter) {
	x.mu.Lock()
	x.mailbox = append(x.mailbox, l)
	idle := !x.owned
	x.owned = true
	x.mu.Unlock()
	if idle {
		x.engine.begin(x.drive)
	}
}

// send posts an event and returns once it is durable.
func (x *execution) send(ctx context.Context, body machine.Body) error {
	l := letter{body: body, read: make(chan struct{})}
	x.post(l)
	return x.engine.await(ctx, l.read)
}

// drive is the life of an owner: it ends when there are no letters left, or when the engine has ceased.
func (x *execution) drive() {
	for letters := x.collect(); len(letters) > 0; letters = x.collect() {
		if x.engine.working.Err() != nil || x.turn(letters) != nil {
			return // still owned: nobody shall go on with a machine that is ahead of the disk
		}
		for _, l := range letters {
			if l.read != nil {
				close(l.read)
			}
		}
	}
}

// collect empties the mailbox; the caller who finds it empty is the owner no more.
func (x *execution) collect() []letter {
	x.mu.Lock()
	defer x.mu.Unlock()
	letters := x.mailbox
	x.mailbox = nil
	x.owned = len(letters) > 0
	return letters
}

// turn applies the letters, makes what they led to durable and then carries out the commands.
func (x *execution) turn(letters []letter) error {
	record := x.snapshot()
	chunk := Chunk{Number: x.last.Number + 1, FirstID: x.last.LastID + 1, LastID: x.last.LastID}
	var commands []machine.Command
	for _, l := range letters {
		if record.Status != machine.RunningStatus {
			break // what comes after the end is of no interest
		}
		event := x.event(l.body)
		if _, again := l.body.(machine.Redriven); again {
			record.reopened(event.At)
		}
		step := x.machine.Apply(event)
		event.Refused = step.Refused
		chunk.add(event, step.History)
		commands = append(commands, step.Commands...)
		record.follow(step.Commands, event.At)
	}
	if len(chunk.Events) == 0 {
		return nil
	}
	chunk.seal()
	if !record.passing() || record.Status != machine.RunningStatus {
		if err := x.engine.commits.save(Write{Definition: x.definition, Record: record, Chunk: chunk}); err != nil {
			return err
		}
	}
	if x.last.Number == 0 {
		close(x.settled)
	}
	if observe := x.engine.options.Observe; observe != nil && len(chunk.History) > 0 {
		observe(record, chunk.History)
	}
	x.definition = ""
	x.last = Chunk{Number: chunk.Number, LastID: chunk.LastID}
	for _, c := range commands {
		x.carryOut(c)
	}
	if record.Status != machine.RunningStatus {
		x.release()
	}
	// Last: whoever sees the end of an execution may close the engine, which must know by then what was cancelled.
	x.publish(record)
	return nil
}

// event gives a body its moment and its chance, and lets go of the task or timer that it ends.
func (x *execution) event(body machine.Body) machine.Event {
	switch b := body.(type) {
	case machine.TaskSucceeded:
		x.cancelTask(b.Task)
	case machine.TaskFailed:
		x.cancelTask(b.Task)
	case machine.TimerFired:
		delete(x.timers, b.Timer)
	}
	// Time never goes back within an execution, whatever the computer's clock does.
	if now := now(); now.After(x.at) {
		x.at = now
	}
	return machine.Event{At: x.at, Seed: rand.Uint64(), Body: body}
}

// now is the present with the precision that histories have.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

func (x *execution) snapshot() Record {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.record
}

// state returns the record and what tells that it is out of date.
func (x *execution) state() (Record, <-chan struct{}) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.record, x.changed
}

// publish shows what is durable now to those who wait for it.
func (x *execution) publish(record Record) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.record = record
	close(x.changed)
	x.changed = make(chan struct{})
}

// release lets go of everything that a closed execution holds.
func (x *execution) release() {
	for task := range x.tasks {
		x.cancelTask(task)
	}
	for timer := range x.timers {
		x.cancelTimer(timer)
	}
	x.engine.forget(x)
}
