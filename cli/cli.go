// Package cli is the command line. Main takes arguments and streams and returns an exit code: 0 when all went well, 1 when
// an execution or a statement failed, 2 when what the user gave is wrong. Results go to standard output; progress and
// faults to standard error.
//
// One file holds one command; serve.go is the only place that wires the parts of Stepwell together.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/stepwell/stepwell/fault"
)

// Streams are what a command talks to. Size returns the columns and lines of the terminal behind Err; nil when it is none.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Size     func() (columns, lines int)
}

// System returns the process' own streams.
func System() Streams {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		s.Size = func() (int, int) {
			columns, lines, err := term.GetSize(int(os.Stderr.Fd()))
			if err != nil {
				return 80, 24
			}
			return columns, lines
		}
	}
	return s
}

// isTerminal reports whether a person types what is read.
func isTerminal(in io.Reader) bool {
	file, ok := in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// Arguments returns the arguments of the process: called as rsql, psql or aws, it is that command.
func Arguments(process []string) []string {
	switch name := filepath.Base(process[0]); name {
	case "rsql", "psql", "aws":
		return append([]string{name}, process[1:]...)
	}
	return process[1:]
}

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// errFailed ends a command whose work failed and who has already said so.
var errFailed = errors.New("failed")

// Main runs the command line and returns the exit code.
func Main(args []string, streams Streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := rootCommand(streams)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var status scriptStatus
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	case errors.Is(err, errFailed):
		return exitFailed
	case !errors.As(err, new(toldError)):
		fmt.Fprintf(streams.Err, "stepwell: %s\n", printable(err.Error(), "\n\t"))
	}
	return exitCode(err)
}

func exitCode(err error) int {
	var f *fault.Fault
	if !errors.As(err, &f) {
		var usage usageError
		if errors.As(err, &usage) {
			return exitUsage
		}
		return exitFailed
	}
	switch f.Kind {
	case fault.Internal, fault.Unavailable, fault.Throttled:
		return exitFailed
	}
	return exitUsage
}

// toldError is an error that has been printed already.
type toldError struct{ error }

// Unwrap returns the error that was told.
func (e toldError) Unwrap() error { return e.error }

// usageError is a command line that cannot be understood.
type usageError struct{ error }

func rootCommand(streams Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "stepwell",
		Short: "Run Redshift ETL anywhere",
		Long: `Stepwell runs Step Functions state machines, Redshift SQL and stored procedures on this machine:
the templates, definitions and scripts that you use on AWS, unchanged, over an embedded warehouse.`,
		SilenceErrors: true, SilenceUsage: true,
		Version: versionLine(),
		Args:    knownCommand,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.SetVersionTemplate("{{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SuggestionsMinimumDistance = 2
	root.AddCommand(
		runCommand(streams), testCommand(streams), validateCommand(streams), sqlCommand(streams), executionsCommand(streams), auditCommand(streams), schedulesCommand(streams),
		graphCommand(streams), upCommand(streams), planCommand(streams), removeCommand(streams), versionCommand(streams),
		rsqlCommand(streams), psqlCommand(streams), awsCommand(streams), logsCommand(streams), outputsCommand(streams), convertCommand(streams),
	)
	for _, command := range root.Commands() {
		tellUsage(command)
	}
	return root
}

// knownCommand refuses a word after a command that only holds other commands.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{unknownCommand(c, args[0])}
	}
	return nil
}

func unknownCommand(c *cobra.Command, name string) error {
	if near := c.SuggestionsFor(name); len(near) > 0 {
		return fmt.Errorf("unknown command %q: did you mean %s?", name, strings.Join(near, " or "))
	}
	return fmt.Errorf("unknown command %q; see '%s --help'", name, c.CommandPath())
}

// tellUsage makes wrong arguments a usageError.
func tellUsage(command *cobra.Command) {
	if check := command.Args; check != nil {
		command.Args = func(c *cobra.Command, args []string) error {
			err := check(c, args)
			if err == nil || errors.As(err, new(usageError)) {
				return err
			}
			return usageError{fmt.Errorf("%w; see '%s --help'", err, c.CommandPath())}
		}
	}
	for _, inner := range command.Commands() {
		tellUsage(inner)
	}
}
