package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/warehouse"
)

type sqlFlags struct {
	project string
	file    string
	user    string
	json    bool
	csv     bool
}

func sqlCommand(streams Streams) *cobra.Command {
	var f sqlFlags
	command := &cobra.Command{
		Use:   "sql [STATEMENT…]",
		Short: "Run Redshift SQL on a project's warehouse",
		Long: `Run Redshift SQL on the warehouse of a project: the statements given, those of a file, or those on standard input.

All run in one session, each in a transaction of its own unless the text says BEGIN; the first error ends the run.`,
		Example: `  stepwell sql --project examples/sales-pipeline "select count(*) from item"
  stepwell sql --file report.sql --csv > report.csv`,
		RunE: func(c *cobra.Command, args []string) error {
			if f.json && f.csv {
				return usageError{errors.New("--json and --csv exclude each other")}
			}
			text, err := statements(streams, args, f.file)
			if err != nil {
				return err
			}
			return runSQL(c.Context(), streams, text, f)
		},
	}
	flags := command.Flags()
	flags.StringVar(&f.project, "project", ".", "the project's folder or file")
	flags.StringVar(&f.file, "file", "", "a file of statements")
	flags.StringVar(&f.user, "user", "", "the user that current_user names")
	flags.BoolVar(&f.json, "json", false, "print rows as JSON objects, one a line")
	flags.BoolVar(&f.csv, "csv", false, "print rows as CSV with a header")
	return command
}

func statements(streams Streams, args []string, file string) (string, error) {
	switch {
	case len(args) > 0 && file != "":
		return "", usageError{errors.New("give statements or --file, not both")}
	case len(args) > 0:
		return strings.Join(args, ";\n"), nil
	case file != "":
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fault.Invalidf("read the statements").Because(err)
		}
		return string(text), nil
	}
	if isTerminal(streams.In) {
		fmt.Fprintln(streams.Err, "stepwell: type statements; Ctrl-D at the beginning of a line runs them")
	}
	text, err := io.ReadAll(streams.In)
	return string(text), err
}

func runSQL(ctx context.Context, streams Streams, text string, f sqlFlags) error {
	p, err := project.Bare(f.project)
	if err != nil {
		return err
	}
	printer := &printer{streams: streams}
	switch {
	case f.json:
		printer.form = &jsonRows{out: streams.Out}
	case f.csv:
		printer.form = &csvRows{out: csv.NewWriter(streams.Out)}
	default:
		printer.form = &tableRows{out: streams.Out}
	}
	there, err := serverOf(p)
	if err != nil {
		return err
	}
	if there != nil {
		return sqlOutcome(ctx, streams, there.sql(ctx, api.SQLRequest{Text: text, File: f.file, User: f.user}, printer))
	}
	l, err := openWarehouse(context.WithoutCancel(ctx), p)
	if err != nil {
		return err
	}
	defer l.close()
	session, err := l.warehouse.Session(ctx, warehouse.SessionConfig{User: f.user})
	if err != nil {
		return err
	}
	defer session.Close()
	defer watchLoads(streams, l.warehouse)()
	ctx = origin.With(ctx, origin.Origin{Client: "stepwell sql"})
	return sqlOutcome(ctx, streams, session.Run(ctx, text, warehouse.Run{File: f.file}, printer))
}

// sqlOutcome tells how a text failed.
func sqlOutcome(ctx context.Context, streams Streams, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	fmt.Fprintf(streams.Err, "ERROR:  %s\n", printable(err.Error(), "\n\t"))
	if fault.CodeOf(err) == syntaxError {
		return toldError{err}
	}
	return errFailed
}

// syntaxError is Redshift's SQLSTATE for a text that is no statement.
const syntaxError = "42601"
