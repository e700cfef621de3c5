package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/rehearsal"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/project/suite"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse"
)

// rehearser runs the tests of one file. Services are opened, on a data folder of their own, when the first task needs them.
type rehearser struct {
	project *project.Project
	streams Streams

	folder string
	local  *local
	tasks  *service.Integrations
}

func (r *rehearser) run(ctx context.Context, s suite.Suite) ([]verdict, error) {
	var verdicts []verdict
	for _, t := range s.Tests {
		began := time.Now()
		differences, err := r.test(ctx, t)
		if err != nil {
			return nil, fault.New(fault.KindOf(err), "%s: %s", s.File, t.Name).Because(err)
		}
		verdicts = append(verdicts, verdict{file: s.File, name: t.Name, took: time.Since(began), differences: differences})
	}
	return verdicts, nil
}

// startOfTests is when every rehearsed execution starts, so that outputs with times in them can be expected.
var startOfTests = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (r *rehearser) test(ctx context.Context, t suite.Test) (differences []string, err error) {
	m, err := r.project.Machine(t.Machine)
	if err != nil {
		return nil, err
	}
	definition, err := asl.Parse(m.Definition, asl.Options{File: m.File, Express: m.Express, Mocked: true})
	if err != nil {
		return nil, err
	}
	for state := range t.Mocks {
		if _, ok := definition.Find(state); !ok {
			return nil, fault.Invalidf("mocks: %s has no state %q", m.Name, state)
		}
	}
	execution := machine.Execution{
		ARN: strings.Replace(m.ARN, ":stateMachine:", ":execution:", 1) + ":test", Name: "test", RoleARN: m.RoleARN, Region: project.Region,
		StateMachineARN: m.ARN, StateMachineName: m.Name, StartTime: startOfTests,
	}
	if t.Input != nil {
		execution.Input = t.Input.Value
	}
	a := &answers{rehearser: r, mocks: t.Mocks, calls: map[string]int{}, execution: execution}
	result := rehearsal.Run(definition, execution, func(c machine.ScheduleTask) machine.Body { return a.answer(ctx, c) })
	if a.broken != nil || ctx.Err() != nil {
		return nil, errors.Join(a.broken, ctx.Err())
	}
	differences = compareResult(t.Expect, result)
	for _, q := range t.Expect.SQL {
		rows, err := r.query(ctx, q.Query)
		if err != nil {
			return nil, err
		}
		differences = append(differences, compareRows(q, rows)...)
	}
	return differences, nil
}

// answers are what the tasks of one test get.
type answers struct {
	*rehearser
	mocks     map[string][]suite.Mock
	calls     map[string]int // by state
	execution machine.Execution
	broken    error // why a task could not be run
}

func (a *answers) answer(ctx context.Context, c machine.ScheduleTask) machine.Body {
	mocks := a.mocks[c.State]
	if len(mocks) == 0 {
		return a.perform(ctx, c)
	}
	call := a.calls[c.State]
	a.calls[c.State]++
	mock := mocks[len(mocks)-1]
	for _, m := range mocks {
		if call -= max(m.Times, 1); call < 0 {
			mock = m
			break
		}
	}
	if mock.Return != nil {
		return machine.TaskSucceeded{Task: c.Task, Output: value.MustParse(mock.Return.Compact())}
	}
	return machine.TaskFailed{Task: c.Task, Error: mock.Throw.Error, Cause: mock.Throw.Cause}
}

// perform runs a task that has no mock.
func (a *answers) perform(ctx context.Context, c machine.ScheduleTask) machine.Body {
	failed := func(name, cause string) machine.Body {
		return machine.TaskFailed{Task: c.Task, Phase: machine.Starting, Error: &name, Cause: &cause}
	}
	if err := a.open(ctx, c); err != nil {
		a.broken = errors.Join(a.broken, err)
		return failed("States.Runtime", "the task could not be run")
	}
	if reason, refused := a.tasks.Refuse(c); refused {
		return failed("States.Runtime", reason)
	}
	a.pace(ctx, c.State)
	output, failure := a.tasks.Run(ctx, engine.Task{ScheduleTask: c, Execution: a.execution}, func(value.Value) {})
	if failure != nil {
		return machine.TaskFailed{Task: c.Task, Phase: failure.Phase, Error: failure.Error, Cause: failure.Cause}
	}
	return machine.TaskSucceeded{Task: c.Task, Output: output}
}

// pace makes the repetitions of a task slower and slower: waits take no time, so a loop that polls would fill the history before the
// work that it waits for is done.
func (a *answers) pace(ctx context.Context, state string) {
	pause := min(a.calls[state], 20)
	a.calls[state]++
	select {
	case <-time.After(time.Duration(pause) * time.Millisecond):
	case <-ctx.Done():
	}
}

// open opens the services for a task, if they can run it.
func (r *rehearser) open(ctx context.Context, c machine.ScheduleTask) error {
	switch {
	case c.Map != nil:
		return fault.New(fault.Unsupported, "state %q: a distributed Map needs a mock", c.State)
	case c.Activity() || c.Token != "":
		return fault.New(fault.Unsupported, "state %q waits for somebody else: it needs a mock", c.State)
	}
	if err := r.openServices(ctx); err != nil {
		return err
	}
	if err := r.tasks.Resolve(c.Resource); err != nil {
		return fault.New(fault.KindOf(err), "state %q has no mock", c.State).Because(err)
	}
	return nil
}

func (r *rehearser) openServices(ctx context.Context) (err error) {
	if r.local != nil {
		return nil
	}
	if err := r.project.Prepare(ctx, r.streams.Err); err != nil {
		return err
	}
	if r.folder, err = os.MkdirTemp("", "stepwell-test-"); err != nil {
		return fault.New(fault.Unavailable, "make a data folder for tests").Because(err)
	}
	const pause = time.Millisecond // of the executions that tasks start
	if r.local, err = open(context.WithoutCancel(ctx), r.project.In(r.folder), pause); err != nil {
		return err
	}
	if _, err := r.local.make(ctx, r.project, io.Discard, nil); err != nil {
		return err
	}
	r.tasks = callable(r.local.services, r.local.calls)
	return nil
}

func (r *rehearser) close() (err error) {
	if r.local != nil {
		err = r.local.close()
	}
	if r.folder != "" {
		err = errors.Join(err, os.RemoveAll(r.folder))
	}
	return err
}

// query returns the rows of a statement as objects.
func (r *rehearser) query(ctx context.Context, text string) ([]value.Value, error) {
	if err := r.openServices(ctx); err != nil {
		return nil, err
	}
	session, err := r.local.warehouse.Session(ctx, warehouse.SessionConfig{})
	if err != nil {
		return nil, err
	}
	defer session.Close()
	var lines bytes.Buffer
	if err := session.Run(ctx, text, warehouse.Run{}, &printer{streams: r.streams, form: &jsonRows{out: &lines}}); err != nil {
		return nil, fault.New(fault.Invalid, "expect.sql: %s", text).Because(err)
	}
	var rows []value.Value
	for line := range strings.Lines(lines.String()) {
		row, err := value.Parse(line)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
