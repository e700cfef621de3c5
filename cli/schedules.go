package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/events"
	"github.com/stepwell/stepwell/service/scheduler"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

func schedulesCommand(streams Streams) *cobra.Command {
	var f viewFlags
	command := &cobra.Command{
		Use:   "schedules",
		Short: "Show the schedules and their next runs",
		Long: `Show the schedules of a project, and its rules that have one, the next run first: those that its template declares, since the
first 'stepwell up', and those that clients made.

Schedules fire while 'stepwell up' serves the project. What passed meanwhile is caught up with one run, for the newest of the
missed times, unless that is older than the retry policy's MaximumEventAgeInSeconds (a day).`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return withRecords(f.project, func(records service.Records) error {
				plans, err := readPlans(c.Context(), records)
				if err != nil {
					return err
				}
				if f.json {
					return printPlansJSON(streams, plans)
				}
				return printPlans(streams, plans, time.Now())
			})
		},
	}
	f.add(command, "schedule")
	return command
}

// readPlans returns what is planned, the next first.
func readPlans(ctx context.Context, records service.Records) ([]target.Plan, error) {
	rules, err := events.Open(ctx, records, nil, events.Options{Region: project.Region, Account: project.Account})
	if err != nil {
		return nil, err
	}
	schedules, err := scheduler.Open(ctx, records, nil, scheduler.Options{Region: project.Region, Account: project.Account})
	if err != nil {
		return nil, err
	}
	plans := append(rules.Plans(), schedules.Plans()...)
	slices.SortFunc(plans, func(a, b target.Plan) int {
		if a.Next.IsZero() != b.Next.IsZero() {
			return b.Next.Compare(a.Next) // those without a next run last
		}
		return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(a.ARN, b.ARN))
	})
	return plans, nil
}

func printPlans(streams Streams, plans []target.Plan, now time.Time) error {
	if len(plans) == 0 {
		_, err := fmt.Fprintln(streams.Err, "there are no schedules; those of a template are there once 'stepwell up' has served it")
		return err
	}
	table := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NEXT RUN\tIN\tSCHEDULE\tEXPRESSION\tCALLS\tLAST RUN")
	for _, p := range plans {
		next, expression, last := "-", p.Expression, "-"
		switch {
		case !p.Next.IsZero():
			next = p.Next.Local().Format(time.DateTime)
		case p.State == "DISABLED":
			next = "disabled"
		}
		if p.Zone != "UTC" {
			expression += " " + p.Zone
		}
		if !p.Last.IsZero() {
			last = p.Last.Local().Format(time.DateTime)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", next, until(p.Next, now), p.Name, expression, strings.Join(callees(p.Targets), ", "), last)
	}
	return table.Flush()
}

// until says how long it is to a moment.
func until(t, now time.Time) string {
	left := t.Sub(now)
	switch {
	case t.IsZero():
		return "-"
	case left <= 0:
		return "now"
	case left >= 72*time.Hour:
		return fmt.Sprintf("%d days", left/(24*time.Hour))
	}
	return left.Round(time.Second).String()
}

// callees are targets in short: stateMachine:load.
func callees(arns []string) []string {
	short := make([]string, len(arns))
	for i, arn := range arns {
		parts := strings.SplitN(arn, ":", 6)
		short[i] = parts[len(parts)-1]
		if len(parts) == 6 && !strings.ContainsAny(parts[5], ":/") {
			short[i] = parts[2] + ":" + parts[5]
		}
	}
	return short
}

func printPlansJSON(streams Streams, plans []target.Plan) error {
	for _, p := range plans {
		moment := func(t time.Time) value.Value {
			if t.IsZero() {
				return value.NullValue()
			}
			return value.OfString(t.UTC().Format(time.RFC3339))
		}
		line := value.OfMembers(
			named("name", p.Name), named("arn", p.ARN), named("scheduleExpression", p.Expression), named("scheduleExpressionTimezone", p.Zone),
			named("state", p.State), value.Member{Key: "targets", Value: value.OfStrings(p.Targets...)},
			value.Member{Key: "nextRun", Value: moment(p.Next)}, value.Member{Key: "lastRun", Value: moment(p.Last)},
		)
		if _, err := fmt.Fprintln(streams.Out, line.Compact()); err != nil {
			return err
		}
	}
	return nil
}
