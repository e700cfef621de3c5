package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/rsql/bteq"
)

func convertCommand(streams Streams) *cobra.Command {
	command := &cobra.Command{
		Use:   "convert",
		Short: "Turn scripts of other databases into scripts for Redshift",
		Args:  knownCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(bteqCommand(streams))
	return command
}

func bteqCommand(streams Streams) *cobra.Command {
	var out string
	command := &cobra.Command{
		Use:   "bteq FILE",
		Short: "Turn a Teradata BTEQ script into an RSQL script",
		Long: `Turn a Teradata BTEQ script into an RSQL script: control commands, labels, tests of ERRORCODE and ACTIVITYCOUNT, imports
and exports, and those differences of the SQL dialects that are mechanical.

The script goes to standard output or to a file; what a person must look at goes to standard error, with positions in the
BTEQ script.`,
		Example: "  stepwell convert bteq load.bteq -o load.rsql",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return convertBTEQ(streams, args[0], out) },
	}
	command.Flags().StringVarP(&out, "out", "o", "", "the file for the RSQL script")
	return command
}

func convertBTEQ(streams Streams, file, out string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fault.Invalidf("read the script").Because(err)
	}
	script, notes := bteq.Convert(string(text), file)
	for _, n := range notes {
		fmt.Fprintf(streams.Err, "%s: %s\n", n.Position, printable(n.Message, ""))
	}
	fmt.Fprintf(streams.Err, "%d notes\n", len(notes))
	if out == "" {
		_, err = fmt.Fprint(streams.Out, script)
		return err
	}
	if err := os.WriteFile(out, []byte(script), 0o644); err != nil {
		return fault.New(fault.Unavailable, "write the RSQL script").Because(err)
	}
	return nil
}
