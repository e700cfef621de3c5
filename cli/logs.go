package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/value"
)

func executionsLogs(streams Streams, f *viewFlags) *cobra.Command {
	var follow bool
	command := &cobra.Command{
		Use: "logs [EXECUTION]", Short: "Print what happens in an execution, the newest unless told otherwise; with -f until it ends",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			which := "last"
			if len(args) > 0 {
				which = args[0]
			}
			log := &eventLines{streams: streams, json: f.json}
			if follow {
				return followLogs(c.Context(), f.project, which, log)
			}
			return withExecutions(f.project, func(e *engine.Engine) error {
				record, err := findExecution(c.Context(), e, which)
				if err != nil {
					return err
				}
				return log.rest(c.Context(), e, record)
			})
		},
	}
	command.Flags().BoolVarP(&follow, "follow", "f", false, "go on until the execution ends")
	return command
}

// followLogs follows the event stream of the server. An execution that another process drives, such as stepwell run, is
// followed in what it writes to the data folder.
func followLogs(ctx context.Context, path, which string, log *eventLines) error {
	there, err := serverAt(path)
	if err != nil {
		return err
	}
	return withExecutions(path, func(e *engine.Engine) error {
		record, err := findExecution(ctx, e, which)
		if err != nil {
			return err
		}
		if there == nil {
			return log.poll(ctx, e, record)
		}
		for event, err := range there.Watch(ctx, record.ARN, 0) {
			if err == nil {
				err = log.event(record, event)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// eventLines prints history events, a line each.
type eventLines struct {
	streams Streams
	json    bool
	last    int64 // the id of the last one
}

// pollEvery is how often the data folder of another process is looked at.
const pollEvery = 200 * time.Millisecond

// poll prints events until the execution is closed.
func (l *eventLines) poll(ctx context.Context, e *engine.Engine, record engine.Record) error {
	clock := time.NewTicker(pollEvery)
	defer clock.Stop()
	for {
		// The record is read before the history: when it is closed, the history is whole.
		record, err := e.Describe(ctx, record.ARN)
		if err != nil {
			return err
		}
		if err := l.rest(ctx, e, record); err != nil || record.Status != machine.RunningStatus {
			return err
		}
		select {
		case <-clock.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// rest prints the events behind the last one.
func (l *eventLines) rest(ctx context.Context, e *engine.Engine, record engine.Record) error {
	events, err := e.History(ctx, record.ARN, engine.Page{After: l.last}, false)
	if err != nil {
		return err
	}
	for _, event := range events {
		if err := l.event(record, event); err != nil {
			return err
		}
	}
	return nil
}

// moments of people's lines have no date: that is in executions show.
const lineTime = "15:04:05.000"

func (l *eventLines) event(record engine.Record, event machine.HistoryEvent) error {
	l.last = event.ID
	if l.json {
		_, err := fmt.Fprintln(l.streams.Out, eventLine(record, event))
		return err
	}
	line := strings.TrimRight(fmt.Sprintf("%s  %-24s %s", event.At.Local().Format(lineTime), event.Type, gist(event.Details)), " ")
	_, err := fmt.Fprintln(l.streams.Out, printable(shortened(line), ""))
	return err
}

// eventLine is a history event as the line of JSON that names its execution.
func eventLine(record engine.Record, event machine.HistoryEvent) string {
	return value.OfMembers(named("executionArn", record.ARN), value.Member{Key: "event", Value: event.JSON()}).Compact()
}

// gist is what people want to know first of an event's details: the state or the resource, what went in or came out, what
// went wrong.
func gist(details value.Value) string {
	var parts []string
	for _, name := range []string{"name", "resource", "index", "error", "cause", "parameters", "input", "output"} {
		v, ok := details.Get(name)
		switch {
		case !ok:
		case v.Kind() == value.String:
			parts = append(parts, v.Str())
		default:
			parts = append(parts, v.Compact())
		}
	}
	return strings.Join(parts, "  ")
}
