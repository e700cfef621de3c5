package cli

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/graph"
	"github.com/stepwell/stepwell/fault"
)

func graphCommand(streams Streams) *cobra.Command {
	var f projectFlags
	var machine, output string
	command := &cobra.Command{
		Use:     "graph [PATH]",
		Short:   "Draw a state machine as SVG",
		Example: "  stepwell graph examples/sales-pipeline -o pipeline.svg",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := loadProject(pathOf(args), f)
			if err != nil {
				return err
			}
			chosen, err := p.Machine(machine)
			if err != nil {
				return err
			}
			definition, err := asl.Parse(chosen.Definition, asl.Options{File: chosen.File, Express: chosen.Express})
			if err != nil {
				return err
			}
			picture := graph.SVG(definition, graph.Options{})
			if output == "" {
				_, err = streams.Out.Write(picture)
				return err
			}
			if err := os.WriteFile(output, picture, 0o644); err != nil {
				return fault.Invalidf("write the drawing").Because(err)
			}
			return nil
		},
	}
	f.add(command)
	command.Flags().StringVar(&machine, "machine", "", "the state machine to draw, where the project has several")
	command.Flags().StringVarP(&output, "output", "o", "", "the file to write (default: standard output)")
	return command
}
