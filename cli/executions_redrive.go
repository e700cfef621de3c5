package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/project"
)

func executionsRedrive(streams Streams, f *viewFlags) *cobra.Command {
	var of projectFlags
	command := &cobra.Command{
		Use: "redrive EXECUTION", Short: "Go on with an execution that failed, timed out or was stopped, from where it ended",
		Long: `Go on with an execution that failed, timed out or was stopped. What had succeeded stays; the states that failed or were cut off
do their work again, with the definition and the input that the execution began with. The command follows it to its end.

As on AWS, an execution that ended in a Fail state enters that state again, and fails again: run it anew instead.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return redrive(c.Context(), streams, *f, of, args[0]) },
	}
	of.add(command)
	return command
}

func redrive(ctx context.Context, streams Streams, f viewFlags, of projectFlags, which string) error {
	p, err := loadChecked(streams, f.project, of)
	if err != nil {
		return err
	}
	there, err := serverOf(p)
	if err != nil {
		return err
	}
	record, err := lookUp(ctx, f.project, which)
	if err != nil {
		return err
	}
	if there != nil {
		return redriveWith(ctx, streams, there, record, f.json)
	}
	return redriveHere(ctx, streams, p, record, f.json)
}

func redriveWith(ctx context.Context, streams Streams, e executions, record engine.Record, asJSON bool) error {
	record, err := e.Redrive(context.WithoutCancel(ctx), record.ARN, "")
	if err != nil {
		return err
	}
	return follow(ctx, streams, e, record, asJSON)
}

func redriveHere(ctx context.Context, streams Streams, p *project.Project, record engine.Record, asJSON bool) error {
	if err := p.Prepare(ctx, streams.Err); err != nil {
		return err
	}
	l, err := open(context.WithoutCancel(ctx), p, p.Config.WaitCap)
	if err != nil {
		return err
	}
	defer l.close()
	if _, err := l.make(ctx, p, streams.Err, nil); err != nil {
		return err
	}
	if err := l.functions.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	l.bus.begin(false)
	err = redriveWith(ctx, streams, withLoads{l.engine, l.warehouse.Loads}, record, asJSON)
	if ctx.Err() != nil {
		l.cancelStatements()
	}
	l.bus.settle(ctx)
	return errors.Join(err, awaitOthers(ctx, streams, l.engine))
}
