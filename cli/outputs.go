package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/value"
)

func outputsCommand(streams Streams) *cobra.Command {
	var f projectFlags
	var asJSON bool
	command := &cobra.Command{
		Use:   "outputs [PATH]",
		Short: "Show the outputs of a project's template",
		Long: `Show the outputs of the template of the project at PATH (default: this folder) with their values. Those of nested stacks are
named Nested.Name. A reference to a secret stays one: its value is not shown.`,
		Example: `  stepwell outputs
  stepwell outputs --json | jq -r .Machine`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := loadProject(pathOf(args), f)
			if err != nil {
				return err
			}
			if p, err = madeProject(c.Context(), p); err != nil {
				return err
			}
			if asJSON {
				return printOutputsJSON(streams, p.Stack.Outputs)
			}
			if len(p.Stack.Outputs) == 0 {
				_, err := fmt.Fprintln(streams.Err, "the template has no outputs")
				return err
			}
			return printOutputs(streams.Out, p.Stack.Outputs)
		},
	}
	f.add(command)
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object: the values by their names")
	return command
}

// madeProject is the project with what its custom resources have answered, if it has been run.
func madeProject(ctx context.Context, p *project.Project) (*project.Project, error) {
	if _, err := os.Stat(p.Data()); err != nil {
		return p, nil
	}
	err := withRecords(p.Folder, func(kept service.Records) (err error) {
		p, err = answered(ctx, p, kept)
		return err
	})
	return p, err
}

func outputText(v value.Value) string {
	if v.Kind() == value.String {
		return v.Str()
	}
	return v.Compact()
}

func printOutputs(w io.Writer, outputs []template.Output) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, o := range outputs {
		fmt.Fprintf(table, "%s\t%s\n", o.Name, strings.TrimSpace(outputText(o.Value)))
	}
	return table.Flush()
}

func printOutputsJSON(streams Streams, outputs []template.Output) error {
	all := value.EmptyObject()
	for _, o := range outputs {
		all = all.With(o.Name, o.Value)
	}
	_, err := fmt.Fprintln(streams.Out, all.Compact())
	return err
}

// tellOutputs shows the outputs of the outermost stacks.
func tellOutputs(w io.Writer, outputs []template.Output) error {
	var own []template.Output
	for _, o := range outputs {
		if !strings.Contains(o.Name, ".") {
			o.Name = "  " + o.Name
			own = append(own, o)
		}
	}
	if len(own) == 0 {
		return nil
	}
	fmt.Fprintln(w, "outputs:")
	return printOutputs(w, own)
}
