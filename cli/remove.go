package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/template/plan"
)

type removeFlags struct {
	projectFlags
	all, yes bool
}

func removeCommand(streams Streams) *cobra.Command {
	var f removeFlags
	command := &cobra.Command{
		Use:   "remove [PATH]",
		Short: "Delete what has left a project's template",
		Long: `Delete what earlier commands made of the template of the project at PATH (default: this folder) and the template does not name any
more: tables with their items, functions, topics, schedules, rules, jobs' queues and definitions, secrets, parameters, log groups, what the
functions of custom resources made, and buckets that are empty. What has a DeletionPolicy that retains it stays. The warehouse,
executions and logs of runs are not touched.

On a terminal it asks before it deletes anything; elsewhere it does not ask.`,
		Example: `  stepwell plan
  stepwell remove
  stepwell remove --all --yes`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return remove(c.Context(), streams, pathOf(args), f)
		},
	}
	f.add(command)
	command.Flags().BoolVar(&f.all, "all", false, "delete also what the template still names; the next run makes it again")
	command.Flags().BoolVar(&f.yes, "yes", false, "do not ask")
	return command
}

func remove(ctx context.Context, streams Streams, path string, f removeFlags) error {
	p, err := ranProject(path)
	if err != nil {
		return err
	}
	if err := refuseOwned(p, ": end it first, or have it started with --remove"); err != nil {
		return err
	}
	if !f.all {
		if p, err = loadProject(path, f.projectFlags); err != nil {
			return err
		}
	}
	l, err := open(ctx, p, 0)
	if err != nil {
		return err
	}
	defer l.close()
	a := &applier{local: l, project: p, told: streams.Err, records: service.Stored[plan.Record]{Records: l.store, Kind: recordKind}}
	doomed, err := a.doomed(ctx, f.all)
	if err != nil {
		return err
	}
	if len(doomed) == 0 {
		fmt.Fprintln(streams.Err, "stepwell: nothing is to be removed")
		return nil
	}
	if !f.yes && !agrees(ctx, streams, doomed) {
		fmt.Fprintln(streams.Err, "stepwell: nothing is deleted")
		return errFailed
	}
	return a.deleteAll(ctx, doomed)
}

// doomed are the records of what has left the template, or of everything, the last made first.
func (a *applier) doomed(ctx context.Context, all bool) ([]plan.Record, error) {
	if !all {
		p, err := a.again(ctx)
		return p.Left(), err
	}
	records, err := a.records.All(ctx)
	slices.SortFunc(records, func(a, b plan.Record) int { return b.Order - a.Order })
	return records, err
}

// deleteAll deletes what can be deleted, and says why the rest cannot.
func (a *applier) deleteAll(ctx context.Context, doomed []plan.Record) error {
	var wrong []error
	for _, r := range doomed {
		if err := a.delete(ctx, &r); err != nil {
			wrong = append(wrong, err)
		} else if !r.Retain {
			fmt.Fprintf(a.told, "deleted %s (%s) %s\n", r.LogicalID, r.Type, r.Name)
		}
	}
	return errors.Join(wrong...)
}

// agrees asks a user on a terminal whether things may be deleted. Who is not asked agrees.
func agrees(ctx context.Context, streams Streams, doomed []plan.Record) bool {
	if !isTerminal(streams.In) {
		return true
	}
	for _, r := range doomed {
		if !r.Retain {
			fmt.Fprintf(streams.Err, "- %s (%s) %s\n", r.LogicalID, r.Type, r.Name)
		}
	}
	fmt.Fprint(streams.Err, "Delete this? Type yes: ")
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(streams.In).ReadString('\n') // an end of the input is no yes
		said <- strings.TrimSpace(line)
	}()
	select {
	case answer := <-said:
		return answer == "yes"
	case <-ctx.Done(): // Ctrl-C
		return false
	}
}
