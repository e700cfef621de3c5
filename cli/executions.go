package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// viewFlags are those of commands that show what is in a project, and of their subcommands.
type viewFlags struct {
	project string
	json    bool
}

// add gives a command the flags; what is what it prints a line of.
func (f *viewFlags) add(command *cobra.Command, what string) {
	command.PersistentFlags().StringVar(&f.project, "project", ".", "the project's folder or file")
	command.PersistentFlags().BoolVar(&f.json, "json", false, "print JSON, one "+what+" a line")
}

func executionsCommand(streams Streams) *cobra.Command {
	var f viewFlags
	command := &cobra.Command{
		Use:   "executions",
		Short: "List, show, follow, stop and redrive executions",
		Long: `List, show, follow, stop and redrive the executions of a project.

EXECUTION is an execution's ARN, its name, or the first characters of its name; "last" is the newest one.`,
		Args: knownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	f.add(command, "value")
	command.AddCommand(
		executionsList(streams, &f),
		executionsOne(streams, &f, "show", "Show an execution: its states, its result", showExecution),
		executionsOne(streams, &f, "history", "Print an execution's history events", printHistory),
		executionsLogs(streams, &f), executionsStop(streams, &f), executionsRedrive(streams, &f),
	)
	return command
}

func executionsList(streams Streams, f *viewFlags) *cobra.Command {
	var status string
	var limit int
	command := &cobra.Command{
		Use: "list", Short: "List executions, newest first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			wanted := machine.Status(strings.ToUpper(status))
			if status != "" && !slices.Contains(statuses, wanted) {
				return usageError{fmt.Errorf("--status %q is none of %q", status, statuses)}
			}
			return withExecutions(f.project, func(e *engine.Engine) error {
				records, _, err := e.List(c.Context(), engine.Filter{Status: wanted}, engine.Page{Limit: limit})
				if err != nil {
					return err
				}
				return printRecords(streams, records, f.json)
			})
		},
	}
	command.Flags().StringVar(&status, "status", "", "only those that are RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED")
	command.Flags().IntVar(&limit, "limit", 100, "how many at most, 0 for all")
	return command
}

// statuses are those that an execution can have here.
var statuses = []machine.Status{machine.RunningStatus, machine.Succeeded, machine.Failed, machine.TimedOut, machine.Aborted}

func printRecords(streams Streams, records []engine.Record, asJSON bool) error {
	if asJSON {
		for _, r := range records {
			if _, err := fmt.Fprintln(streams.Out, describe(r).Compact()); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tSTATE MACHINE\tSTATUS\tSTARTED\tTOOK")
	for _, r := range records {
		took := "-"
		if !r.StopTime.IsZero() {
			took = duration(r.StopTime.Sub(r.StartTime))
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.Name, r.StateMachineName, r.Status, r.StartTime.Local().Format(time.DateTime), took)
	}
	return table.Flush()
}

// executionAction does something with one execution.
type executionAction func(ctx context.Context, streams Streams, e *engine.Engine, record engine.Record, asJSON bool) error

// executionsOne makes a command about one execution.
func executionsOne(streams Streams, f *viewFlags, name, short string, do executionAction) *cobra.Command {
	return &cobra.Command{
		Use: name + " EXECUTION", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withExecutions(f.project, func(e *engine.Engine) error {
				record, err := findExecution(c.Context(), e, args[0])
				if err != nil {
					return err
				}
				return do(c.Context(), streams, e, record, f.json)
			})
		},
	}
}

// findExecution finds an execution by ARN, name, beginning of a name, or "last".
func findExecution(ctx context.Context, e *engine.Engine, which string) (engine.Record, error) {
	if _, err := arn.Parse(which); err == nil {
		return e.Describe(ctx, which)
	}
	records, _, err := e.List(ctx, engine.Filter{}, engine.Page{})
	if err != nil {
		return engine.Record{}, err
	}
	if which == "last" && len(records) > 0 {
		return records[0], nil
	}
	var found []engine.Record
	for _, r := range records {
		if r.Name == which {
			return r, nil
		}
		if strings.HasPrefix(r.Name, which) {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return engine.Record{}, fault.New(fault.NotFound, "no execution %q here", which)
	case 1:
		return found[0], nil
	}
	return engine.Record{}, fault.New(fault.Invalid, "%d executions begin with %q: write more of the name", len(found), which)
}

func showExecution(ctx context.Context, streams Streams, e *engine.Engine, record engine.Record, asJSON bool) error {
	if asJSON {
		_, err := fmt.Fprintln(streams.Out, describe(record).Compact())
		return err
	}
	history, err := e.History(ctx, record.ARN, engine.Page{}, false)
	if err != nil {
		return err
	}
	t := tree.New(record.StateMachineName)
	for _, event := range history {
		t.Add(event)
	}
	fmt.Fprintf(streams.Out, "%s\nstarted %s\n%s\n", record.ARN, record.StartTime.Local().Format(time.DateTime),
		strings.Join(outline{now: time.Now()}.lines(t.Root), "\n"))
	switch {
	case record.Status == machine.Succeeded:
		fmt.Fprintln(streams.Out, pretty(record.Output))
	case record.Cause != nil:
		fmt.Fprintln(streams.Out, printable(view.Pretty(*record.Cause), "\n"))
	}
	return nil
}

func printHistory(ctx context.Context, streams Streams, e *engine.Engine, record engine.Record, asJSON bool) error {
	history, err := e.History(ctx, record.ARN, engine.Page{}, false)
	if err != nil {
		return err
	}
	for _, event := range history {
		line := shortened(event.String())
		if asJSON {
			line = event.JSON().Compact()
		}
		if _, err := fmt.Fprintln(streams.Out, line); err != nil {
			return err
		}
	}
	return nil
}

// historyWidth is how much of an event people see; --json has all of it.
const historyWidth = 200

func shortened(line string) string {
	if runes := []rune(line); len(runes) > historyWidth {
		return string(runes[:historyWidth]) + "…"
	}
	return line
}

func executionsStop(streams Streams, f *viewFlags) *cobra.Command {
	var errorName, cause string
	command := &cobra.Command{
		Use: "stop EXECUTION", Short: "Stop an execution: of the running server, or one that an interrupted run left unfinished",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withOwner(c.Context(), f.project, args[0], func(e executions, record engine.Record) error {
				if record.Status != machine.RunningStatus {
					return fault.New(fault.Conflict, "execution %s is %s already", record.Name, record.Status)
				}
				record, err := e.Stop(c.Context(), record.ARN, optional(errorName), optional(cause))
				if err != nil {
					return err
				}
				return printRecords(streams, []engine.Record{record}, f.json)
			})
		},
	}
	command.Flags().StringVar(&errorName, "error", "", "the error name to record")
	command.Flags().StringVar(&cause, "cause", "", "the cause to record")
	return command
}

// withOwner finds an execution, and who may change it: the server that owns the data folder, or else this process.
func withOwner(ctx context.Context, path, which string, do func(e executions, record engine.Record) error) error {
	there, err := serverAt(path)
	if err != nil {
		return err
	}
	if there == nil {
		return withOwnExecutions(path, func(e *engine.Engine) error {
			record, err := findExecution(ctx, e, which)
			if err != nil {
				return err
			}
			return do(e, record)
		})
	}
	record, err := lookUp(ctx, path, which)
	if err != nil {
		return err
	}
	return do(there, record)
}

// lookUp finds an execution, also while another process drives it.
func lookUp(ctx context.Context, path, which string) (record engine.Record, err error) {
	err = withExecutions(path, func(e *engine.Engine) error {
		record, err = findExecution(ctx, e, which)
		return err
	})
	return record, err
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// describe is an execution in the members of DescribeExecution.
func describe(r engine.Record) value.Value {
	member := func(key, text string) value.Member { return value.Member{Key: key, Value: value.OfString(text)} }
	members := []value.Member{
		member("executionArn", r.ARN), member("stateMachineArn", r.StateMachineARN), member("name", r.Name),
		member("status", string(r.Status)), member("startDate", r.StartTime.UTC().Format(time.RFC3339Nano)),
	}
	if !r.StopTime.IsZero() {
		members = append(members, member("stopDate", r.StopTime.UTC().Format(time.RFC3339Nano)))
	}
	members = append(members, member("input", r.Input.Text()))
	if !r.Output.IsZero() {
		members = append(members, member("output", r.Output.Text()))
	}
	if r.Error != nil {
		members = append(members, member("error", *r.Error))
	}
	if r.Cause != nil {
		members = append(members, member("cause", *r.Cause))
	}
	return value.OfMembers(members...)
}
