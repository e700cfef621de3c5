package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/template/plan"
)

func planCommand(streams Streams) *cobra.Command {
	var f projectFlags
	var asJSON bool
	command := &cobra.Command{
		Use:   "plan [PATH]",
		Short: "Show what run and up would make, change and leave behind",
		Long: `Compare the project at PATH (default: this folder) with what earlier commands made of it, and show what the next run or up does.
Nothing is touched.

Each line is one resource: + is made, ~ is changed (its changed properties follow), ! is replaced, - has left the template. What has
left the template is kept, but does nothing by itself any more: schedules and rules do not fire. remove deletes it.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return showPlan(c.Context(), streams, pathOf(args), f, asJSON)
		},
	}
	f.add(command)
	command.Flags().BoolVar(&asJSON, "json", false, "print the resources as JSON, one a line, those that stay as they are too")
	return command
}

func showPlan(ctx context.Context, streams Streams, path string, f projectFlags, asJSON bool) error {
	p, err := loadChecked(streams, path, f)
	if err != nil {
		return err
	}
	planned, err := look(ctx, p)
	if err != nil {
		return err
	}
	if asJSON {
		return printPlan(streams, planned)
	}
	for _, s := range planned.Steps {
		if s.Action != plan.Keep {
			fmt.Fprintln(streams.Out, s)
		}
	}
	fmt.Fprintln(streams.Out, planned)
	return nil
}

// look compares a project, which may never have run, with its records.
func look(ctx context.Context, p *project.Project) (planned plan.Plan, err error) {
	if _, err := os.Stat(p.Data()); err != nil {
		return planOf(p, nil)
	}
	err = withRecords(p.Folder, func(kept service.Records) error {
		records, err := service.Stored[plan.Record]{Records: kept, Kind: recordKind}.All(ctx)
		if err != nil {
			return err
		}
		known, err := answered(ctx, p, kept)
		if err != nil {
			return err
		}
		planned, err = planOf(known, records)
		return err
	})
	return planned, err
}

// planLine is one resource of plan --json.
type planLine struct {
	Action    string   `json:"action"` // keep, create, change, replace, leave
	LogicalID string   `json:"logicalId"`
	Type      string   `json:"type"`
	Name      string   `json:"name"`
	Changed   []string `json:"changed,omitempty"`
	Retain    bool     `json:"retain,omitempty"`
	File      string   `json:"file,omitempty"`
	Line      int      `json:"line,omitempty"`
	Column    int      `json:"column,omitempty"`
}

func printPlan(streams Streams, p plan.Plan) error {
	for _, s := range p.Steps {
		text, err := json.Marshal(planLine{
			Action: s.Action.String(), LogicalID: s.LogicalID, Type: s.Type, Name: s.Name, Changed: s.Changed, Retain: s.Retain,
			File: s.Position.File, Line: s.Position.Line, Column: s.Position.Column,
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(streams.Out, string(text))
	}
	return nil
}
