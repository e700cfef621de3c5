package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service/batch"
	"github.com/stepwell/stepwell/value"
)

type runFlags struct {
	projectFlags
	machine string
	input   string
	name    string
	resume  bool
	json    bool
	waitCap time.Duration
}

func runCommand(streams Streams) *cobra.Command {
	var f runFlags
	command := &cobra.Command{
		Use:   "run [PATH]",
		Short: "Run a state machine of a project to its end",
		Long: `Run one execution of a state machine of the project at PATH (default: this folder) to its end.

PATH is a folder with a CloudFormation or SAM template, such a template, or a definition (*.asl.json, *.asl.yaml).
Progress goes to standard error, the execution's output to standard output. Ctrl-C stops the execution.
A run that was killed goes on with --resume.

Exit codes: 0 succeeded, 1 the execution failed, 2 something in what you gave is wrong.`,
		Example: `  stepwell run examples/sales-pipeline
  stepwell run pipeline.asl.json --input '{"day": "2026-03-01"}'
  stepwell run . --machine Nightly --input @input.json --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !c.Flags().Changed("wait-cap") {
				f.waitCap = -1
			} else if f.waitCap < 0 {
				return usageError{errors.New("--wait-cap must not be negative")}
			}
			return run(c.Context(), streams, pathOf(args), f)
		},
	}
	f.projectFlags.add(command)
	flags := command.Flags()
	flags.StringVar(&f.machine, "machine", "", "the state machine to run, where the project has several")
	flags.StringVar(&f.input, "input", "", "the input: JSON, or @FILE (default {})")
	flags.StringVar(&f.name, "name", "", "the execution's name (default: a new one)")
	flags.BoolVar(&f.resume, "resume", false, "go on with the execution that an earlier run left unfinished")
	flags.BoolVar(&f.json, "json", false, "print history events and the result as JSON lines on standard output")
	flags.DurationVar(&f.waitCap, "wait-cap", 0, "shorten every pause of Wait states and retries to this, such as 200ms; 0 leaves them")
	return command
}

func pathOf(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

func run(ctx context.Context, streams Streams, path string, f runFlags) error {
	input, err := readInput(f.input)
	if err != nil {
		return err
	}
	p, err := loadChecked(streams, path, f.projectFlags)
	if err != nil {
		return err
	}
	chosen, err := p.Machine(f.machine)
	if err != nil {
		return err
	}
	if err := p.Prepare(ctx, streams.Err); err != nil {
		return err
	}
	there, err := serverOf(p)
	if err != nil {
		return err
	}
	if there != nil {
		return runThere(ctx, streams, there, chosen, input, f)
	}
	if f.waitCap < 0 {
		f.waitCap = p.Config.WaitCap
	}
	// Work goes on when ctx ends: stopping the execution is work too.
	l, err := open(context.WithoutCancel(ctx), p, f.waitCap)
	if err != nil {
		return err
	}
	defer l.close()
	if p, err = l.make(ctx, p, streams.Err, nil); err != nil {
		return err
	}
	if chosen, err = p.Machine(f.machine); err != nil {
		return err
	}
	if err := l.functions.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	l.bus.begin(false)
	record, err := begin(context.WithoutCancel(ctx), streams, l, chosen, input, f)
	if err != nil {
		return err
	}
	defer awaitJobs(ctx, streams, l.jobs)
	err = follow(ctx, streams, withLoads{l.engine, l.warehouse.Loads}, record, f.json)
	if ctx.Err() != nil {
		l.cancelStatements()
	}
	l.bus.settle(ctx)
	return errors.Join(err, awaitOthers(ctx, streams, l.engine))
}

// runThere runs an execution on the server that owns the data folder.
func runThere(ctx context.Context, streams Streams, there *remote, chosen project.Machine, input string, f runFlags) error {
	if f.waitCap >= 0 {
		return usageError{fmt.Errorf("--wait-cap is for the server on %s to say, which owns the data folder", there.url)}
	}
	working := context.WithoutCancel(ctx)
	record, err := engine.Record{}, error(nil)
	if f.resume {
		record, err = there.open(working, chosen)
	} else {
		record, err = there.start(working, chosen, f.name, input)
	}
	if err != nil {
		return err
	}
	return follow(ctx, streams, there, record, f.json)
}

// awaitOthers waits for the executions that the one run has started without waiting for them: on AWS they would go on by
// themselves. When ctx ends they are left to be resumed.
func awaitOthers(ctx context.Context, streams Streams, e *engine.Engine) error {
	others, _, err := e.List(context.WithoutCancel(ctx), engine.Filter{Status: machine.RunningStatus}, engine.Page{})
	if err != nil {
		return err
	}
	for _, other := range others {
		if !e.Drives(other.ARN) {
			continue // left by an earlier process
		}
		fmt.Fprintf(streams.Err, "stepwell: waiting for execution %s of %s, which it started\n", other.Name, other.StateMachineName)
		ended, err := e.Wait(ctx, other.ARN)
		switch {
		case ctx.Err() != nil:
			fmt.Fprintf(streams.Err, "stepwell: execution %s of %s is unfinished: run --machine %s --resume to go on with it\n",
				other.Name, other.StateMachineName, other.StateMachineName)
		case err != nil:
			return err
		case ended.Status != machine.Succeeded:
			fmt.Fprintf(streams.Err, "stepwell: execution %s of %s %s\n", ended.Name, ended.StateMachineName, ended.Status)
		}
	}
	return nil
}

// awaitJobs waits for the jobs that nobody has waited for. Those that run when ctx ends have lost their host.
func awaitJobs(ctx context.Context, streams Streams, jobs *batch.Service) {
	if n := jobs.Active(); n > 0 {
		fmt.Fprintf(streams.Err, "stepwell: waiting for %d jobs that still run\n", n)
		jobs.Idle(ctx)
	}
}

// readInput returns the text of --input, checked to be JSON so that the place of a mistake can be named.
func readInput(flag string) (string, error) {
	text, file := flag, ""
	if name, ok := strings.CutPrefix(flag, "@"); ok {
		content, err := os.ReadFile(name)
		if err != nil {
			return "", fault.Invalidf("read the input").Because(err)
		}
		text, file = string(content), name
	}
	if text == "" {
		return "{}", nil
	}
	if _, err := value.Parse(text); err != nil {
		var at *value.SyntaxError
		if !errors.As(err, &at) {
			return "", err
		}
		f := fault.Invalidf("the input is not JSON: %s", at.Reason)
		if file == "" {
			file = "--input"
		}
		return "", f.At(fault.Position{File: file, Line: at.Line, Column: at.Column})
	}
	return text, nil
}

// begin starts an execution, or takes one up that an earlier process left.
func begin(ctx context.Context, streams Streams, l *local, chosen project.Machine, input string, f runFlags) (engine.Record, error) {
	open, _, err := l.engine.List(ctx, engine.Filter{StateMachineARN: chosen.ARN, Status: machine.RunningStatus}, engine.Page{Limit: 1})
	if err != nil {
		return engine.Record{}, err
	}
	if f.resume {
		if len(open) == 0 {
			return engine.Record{}, fault.New(fault.NotFound, "no unfinished execution of %s to resume", chosen.Name)
		}
		return l.engine.Resume(ctx, open[0].ARN)
	}
	if len(open) > 0 {
		fmt.Fprintf(streams.Err, "stepwell: execution %s is unfinished: run again with --resume to go on with it\n", open[0].Name)
	}
	return l.engine.Start(ctx, engine.StartRequest{
		StateMachineARN: chosen.ARN, Definition: chosen.Definition, File: chosen.File,
		Name: f.name, Input: input, RoleARN: chosen.RoleARN, Express: chosen.Express,
	})
}

// follow shows an execution until it ends and prints its result. When ctx ends, the execution is stopped.
func follow(ctx context.Context, streams Streams, e executions, record engine.Record, asJSON bool) error {
	working := context.WithoutCancel(ctx)
	stopped := context.AfterFunc(ctx, func() {
		cause := "stopped by the user"
		// An error shows up in Watch, which ends with it too.
		_, _ = e.Stop(working, record.ARN, nil, &cause)
	})
	defer stopped()
	show := show
	if asJSON {
		show = showJSON
	}
	if err := show(working, streams, e, record); err != nil {
		return err
	}
	record, err := e.Describe(working, record.ARN)
	if err != nil {
		return err
	}
	if err := report(streams, record, asJSON); err != nil {
		return err
	}
	if record.Status != machine.Succeeded {
		return errFailed
	}
	return nil
}

// redraw is how often a live tree is drawn anew.
const redraw = 100 * time.Millisecond

// show draws the execution's progress.
func show(ctx context.Context, streams Streams, e executions, record engine.Record) error {
	fmt.Fprintf(streams.Err, "%s\n", record.ARN)
	t, p := tree.New(record.StateMachineName), newProgress(streams)
	if live, ok := p.(*liveTree); ok {
		if local, ok := e.(withLoads); ok {
			live.loads = local.loads
		}
	}
	events := make(chan machine.HistoryEvent)
	ended := make(chan error, 1)
	go func() {
		defer close(events)
		for event, err := range e.Watch(ctx, record.ARN, 0) {
			if err != nil {
				ended <- err
				return
			}
			events <- event
		}
		ended <- nil
	}()
	clock := time.NewTicker(redraw)
	defer clock.Stop()
	for {
		select {
		case event, more := <-events:
			if !more {
				p.end(t)
				return <-ended
			}
			p.event(t, t.Add(event), event)
		case now := <-clock.C:
			p.tick(t, now)
		}
	}
}

// showJSON prints every history event as a line of JSON, in the form of GetExecutionHistory.
func showJSON(ctx context.Context, streams Streams, e executions, record engine.Record) error {
	for event, err := range e.Watch(ctx, record.ARN, 0) {
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(streams.Out, eventLine(record, event)); err != nil {
			return err
		}
	}
	return nil
}

// report prints how the execution ended: the output for people, DescribeExecution's members as JSON.
func report(streams Streams, record engine.Record, asJSON bool) error {
	if asJSON {
		_, err := fmt.Fprintln(streams.Out, describe(record).Compact())
		return err
	}
	if record.Status == machine.Succeeded {
		_, err := fmt.Fprintln(streams.Out, pretty(record.Output))
		return err
	}
	complaint, name, hint := string(record.Status), "", ""
	if record.Error != nil && *record.Error != "" {
		name = *record.Error
		complaint += ": " + name
	}
	if record.Cause != nil && *record.Cause != "" {
		cause := causeOf(name, *record.Cause)
		complaint += ": " + cause
		if cause != *record.Cause {
			hint = fmt.Sprintf("stepwell: stepwell executions show %s has the whole cause\n", record.Name)
		}
	}
	fmt.Fprintf(streams.Err, "stepwell: execution %s %s\n%s", record.Name, printable(complaint, "\n\t"), hint)
	return nil
}
