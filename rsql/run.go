package rsql

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/stepwell/stepwell/rsql/report"
)

// Dialect is the program whose scripts are run.
type Dialect string

// The dialects.
const (
	RSQL Dialect = "rsql"
	PSQL Dialect = "psql"
)

// The exit statuses of a script.
const (
	exitSuccess       = 0
	exitFailure       = 1
	exitBadConnection = 2
	exitStopped       = 3
)

// ActionKind says what an action is.
type ActionKind uint8

// The kinds of actions: SQL or one backslash command (-c), or a file to run (-f).
const (
	Command ActionKind = iota
	File
)

// Action is one -c or -f. The file "-" is the standard input, which errors then name; the file "" is it, too.
type Action struct {
	Kind ActionKind
	Text string
}

// Setting is a variable that is set before the script runs; Unset removes it instead.
type Setting struct {
	Name, Value string
	Unset       bool
}

// Limits bound a run; 0 is no limit.
type Limits struct {
	// Statements is how many statements and commands may be carried out.
	Statements int
}

// maxIncludes is how deep files may include files.
const maxIncludes = 100

// Options say what is run and how. Host and Session are required.
type Options struct {
	Dialect Dialect
	Host    Host
	// Session is the connection that the script begins with. Run closes it.
	Session Session
	// In is read when there is no action, or one names the file "-".
	In       io.Reader
	Out, Err io.Writer
	Actions  []Action
	Settings []Setting
	Format   report.Options
	// Echo is all, queries, errors or none, the default.
	Echo  string
	Quiet bool
	// SingleTransaction puts all actions into one transaction.
	SingleTransaction bool
	// SingleLine ends a statement at the end of a line, too.
	SingleLine bool
	// Output is a file that takes the results, or | and a command.
	Output string
	// Log is a file that takes statements and results besides.
	Log    io.Writer
	Limits Limits
}

// Run runs the actions of the options, or the standard input, and returns the exit status. The error is not nil when a
// limit or an interruption ended the run; it has been printed, and the status is 3.
func Run(o Options) (status int, err error) {
	r := &interpreter{
		Options: o, session: o.Session, out: bufio.NewWriter(o.Out), format: o.Format, base: o.Format,
		commands: scriptCommands(), settings: newSettings(), variables: newVariables(o.Dialect),
	}
	defer func() { r.end() }()
	r.describeConnection()
	if status, err := r.preset(); err != nil || status != exitSuccess {
		return status, err
	}
	if len(r.Actions) == 0 {
		r.Actions = []Action{{Kind: File}}
	}
	status = r.actions()
	switch {
	case r.stopped != nil:
		status = exitStopped
	case r.exit != nil:
		status = *r.exit
	}
	return status, r.stopped
}

func (r *interpreter) preset() (int, error) {
	for name, value := range map[string]string{"ECHO": r.Echo, "QUIET": onIf(r.Quiet), "SINGLELINE": onIf(r.SingleLine)} {
		if value != "" {
			_ = r.variables.set(name, value)
		}
	}
	for _, s := range r.Settings {
		if err := r.variables.assign(s); err != nil {
			r.complain("%s", err)
			return exitFailure, nil
		}
	}
	if r.Output != "" {
		if err := r.redirect(r.Output); err != nil {
			r.complain("%s", err)
			return exitFailure, nil
		}
	}
	return exitSuccess, nil
}

func onIf(on bool) string {
	if on {
		return "on"
	}
	return ""
}

// end gives back what the script left open.
func (r *interpreter) end() {
	r.closeOutput()
	r.closeExport()
	_ = r.out.Flush()
	if r.session != nil {
		_ = r.session.Close()
	}
}

// actions carries out -c and -f in order.
func (r *interpreter) actions() int {
	status := exitSuccess
	if r.SingleTransaction && !r.quietly("BEGIN") && r.stopsOnError() {
		return exitStopped
	}
	for _, a := range r.Actions {
		if status = r.action(a); r.over() || status != exitSuccess && r.stopsOnError() {
			break
		}
	}
	if r.SingleTransaction {
		end := "COMMIT"
		if status != exitSuccess {
			end = "ROLLBACK"
		}
		if !r.quietly(end) && r.stopsOnError() {
			return exitStopped
		}
	}
	return status
}

func (r *interpreter) action(a Action) int {
	switch {
	case a.Kind == Command:
		return r.argumentText(a.Text)
	case a.Text == "":
		return r.script("", r.In)
	case a.Text == "-":
		return r.script("<stdin>", r.In)
	}
	return r.file(a.Text, 0)
}

// argumentText runs the text of -c: SQL that is sent as it is, or one backslash command.
func (r *interpreter) argumentText(text string) int {
	if r.variables.choice("ECHO") == "all" {
		r.print(text, "\n")
	}
	r.direct = true
	defer func() { r.direct = false }()
	ok := false
	if command, found := strings.CutPrefix(strings.TrimLeft(text, " \t\n"), `\`); found {
		ok = r.oneCommand(command)
	} else {
		ok = r.send(text)
	}
	if r.session == nil {
		return exitBadConnection
	}
	if !ok {
		return exitFailure
	}
	return exitSuccess
}

// quietly runs a statement of ours and prints only what goes wrong.
func (r *interpreter) quietly(text string) bool {
	failed := r.session.Execute(text, discarded{})
	var f *Failure
	if errors.As(failed, &f) {
		r.printFailure(f, text)
	}
	return failed == nil
}

type discarded struct{}

func (discarded) Answer(Answer) {}
func (discarded) Notice(Notice) {}

// over reports whether nothing more may run.
func (r *interpreter) over() bool { return r.exit != nil || r.stopped != nil }

func (r *interpreter) stopsOnError() bool { return r.variables.isOn("ON_ERROR_STOP") }
