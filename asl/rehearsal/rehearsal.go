// Package rehearsal runs a state machine for a test: tasks are answered as soon as they are scheduled, one after the other, and the
// clock jumps from timer to timer. It is no engine: nothing is kept, and nothing happens at the same time.
//
//	result := rehearsal.Run(definition, execution, func(task machine.ScheduleTask) machine.Body {
//		return machine.TaskSucceeded{Task: task.Task, Output: answer}
//	})
package rehearsal

import (
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
)

// Result is how a rehearsed execution ended.
type Result struct {
	machine.Finish
	Path []string // the names of the states in the order in which they were entered
}

// Run runs an execution to its end. perform answers a task with TaskSucceeded or TaskFailed.
func Run(definition *asl.StateMachine, execution machine.Execution, perform func(machine.ScheduleTask) machine.Body) Result {
	s := &stage{machine: machine.New(definition, execution), now: execution.StartTime, timers: map[machine.TimerID]time.Time{}}
	s.apply(machine.Started{Version: machine.CurrentVersion})
	for !s.ended {
		if len(s.tasks) > 0 {
			task := s.tasks[0]
			s.tasks = s.tasks[1:]
			s.apply(perform(task))
			continue
		}
		s.fire()
	}
	return s.result
}

// stage is one rehearsal: what is to be done next.
type stage struct {
	machine *machine.Machine
	now     time.Time
	seed    uint64
	tasks   []machine.ScheduleTask
	timers  map[machine.TimerID]time.Time
	result  Result
	ended   bool
}

func (s *stage) apply(body machine.Body) {
	s.seed++ // every run draws the same
	step := s.machine.Apply(machine.Event{At: s.now, Seed: s.seed, Body: body})
	for _, h := range step.History {
		if strings.HasSuffix(h.Type, "StateEntered") {
			name, _ := h.Details.Get("name")
			s.result.Path = append(s.result.Path, name.Str())
		}
	}
	for _, command := range step.Commands {
		s.obey(command)
	}
}

func (s *stage) obey(command machine.Command) {
	switch c := command.(type) {
	case machine.ScheduleTask:
		s.tasks = append(s.tasks, c)
	case machine.CancelTask:
		s.tasks = slices.DeleteFunc(s.tasks, func(t machine.ScheduleTask) bool { return t.Task == c.Task })
	case machine.SetTimer:
		s.timers[c.Timer] = c.At
	case machine.CancelTimer:
		delete(s.timers, c.Timer)
	case machine.Finish:
		s.result.Finish, s.ended = c, true
	}
}

// fire moves the clock to the nearest timer, the one that was set first of those at the same moment.
func (s *stage) fire() {
	var next machine.TimerID
	for id, at := range s.timers {
		if next == 0 || at.Before(s.timers[next]) || at.Equal(s.timers[next]) && id < next {
			next = id
		}
	}
	if next == 0 {
		panic("rehearsal: the execution is open and waits for nothing")
	}
	if at := s.timers[next]; at.After(s.now) {
		s.now = at
	}
	delete(s.timers, next)
	s.apply(machine.TimerFired{Timer: next})
}
