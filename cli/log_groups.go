package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

func logsCommand(streams Streams) *cobra.Command {
	var path string
	command := &cobra.Command{
		Use: "logs [GROUP [STREAM]]", Short: "Print the log groups, such as that of batch jobs, or the lines of one",
		Example: `  stepwell logs
  stepwell logs /aws/batch/job`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return withLogs(path, func(groups *service.Service) error {
				if len(args) == 0 {
					return printGroups(c.Context(), streams, groups)
				}
				return printLines(c.Context(), streams, groups, args[0], strings.Join(args[1:], ""))
			})
		},
	}
	command.Flags().StringVar(&path, "project", ".", "the project's folder or file")
	return command
}

// pages calls an operation until it has no further page, and visits the items of its list.
func pages(ctx context.Context, s *service.Service, operation, list string, visit func(value.Value), given ...value.Member) error {
	row, ok := s.Operation(operation)
	if !ok {
		return fault.New(fault.Unsupported, "%s has no %s", s.Name, operation)
	}
	request := value.OfMembers(given...)
	for {
		answer, err := s.CallJSON(ctx, row, request)
		if err != nil {
			return err
		}
		items, _ := answer.Get(list)
		for _, item := range items.Items() {
			visit(item)
		}
		next, more := answer.Get("nextToken")
		if !more {
			return nil
		}
		request = request.With("nextToken", next)
	}
}

func printGroups(ctx context.Context, streams Streams, s *service.Service) error {
	names, err := groupNames(ctx, s)
	if err == nil && len(names) == 0 {
		fmt.Fprintln(streams.Err, "there are no log groups: no job and no function has run")
	}
	for _, name := range names {
		fmt.Fprintln(streams.Out, printable(name, ""))
	}
	return err
}

func groupNames(ctx context.Context, s *service.Service) (names []string, err error) {
	err = pages(ctx, s, "DescribeLogGroups", "logGroups", func(group value.Value) {
		name, _ := group.Get("logGroupName")
		names = append(names, name.Str())
	})
	return names, err
}

type logLine struct {
	at           int64
	stream, text string
}

// printLines prints a group in the order of time, with the stream before each line unless one is asked for.
func printLines(ctx context.Context, streams Streams, s *service.Service, group, stream string) error {
	given := []value.Member{named("logGroupName", group)}
	if stream != "" {
		given = append(given, value.Member{Key: "logStreamNames", Value: value.OfStrings(stream)})
	}
	names, err := groupNames(ctx, s)
	if err != nil {
		return err
	}
	if !slices.Contains(names, group) {
		return fault.New(fault.NotFound, "there is no log group %s; 'stepwell logs' lists those that there are", group)
	}
	var lines []logLine
	err = pages(ctx, s, "FilterLogEvents", "events", func(event value.Value) {
		at, _ := event.Get("timestamp")
		from, _ := event.Get("logStreamName")
		text, _ := event.Get("message")
		moment, _ := at.Int()
		lines = append(lines, logLine{moment, from.Str(), text.Str()})
	}, given...)
	slices.SortStableFunc(lines, func(a, b logLine) int { return int(a.at - b.at) })
	for _, line := range lines {
		prefix := time.UnixMilli(line.at).Format(lineTime) + "  "
		if stream == "" {
			prefix += line.stream + "  "
		}
		fmt.Fprintln(streams.Out, printable(prefix+line.text, "\t"))
	}
	return err
}
