package rsql

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/rsql/report"
)

// wishes are what a command such as \g asks for the next statement alone.
type wishes struct {
	// output takes the rows instead of the usual place.
	output   io.WriteCloser
	expanded bool
	// gset stores the row in variables with this prefix.
	gset   bool
	prefix string
	// gexec runs every value of the answer as a statement.
	gexec bool
}

var noWishes wishes

// send runs a text of statements and prints the answers. It reports whether all went well.
func (r *interpreter) send(text string) bool {
	if r.session == nil {
		r.complain("You are currently not connected to a database.")
		return false
	}
	if !r.count() {
		return false
	}
	wishes := r.once
	r.once = noWishes
	if wishes.output != nil {
		defer wishes.output.Close()
	}
	if r.variables.choice("ECHO") == "queries" {
		r.print(text, "\n")
	}
	if r.Log != nil {
		fmt.Fprintf(r.Log, "********* QUERY **********\n%s\n**************************\n\n", text)
	}
	if !r.begun(text) {
		return false
	}
	answers := &answers{interpreter: r, wishes: wishes, ok: true}
	start := r.Host.Now()
	err := r.session.Execute(text, answers)
	took := r.Host.Now().Sub(start)
	ok := r.ended(text, err) && answers.ok
	if ok && wishes.gexec {
		ok = r.executeAll(answers.generated)
	}
	if r.timing {
		r.print(timeLine(took))
	}
	_ = r.out.Flush()
	return ok
}

// begun opens a transaction where AUTOCOMMIT is off.
func (r *interpreter) begun(text string) bool {
	if r.variables.isOn("AUTOCOMMIT") || r.session.InBlock() || opensNothing(text) {
		return true
	}
	return r.quietly("BEGIN")
}

// opensNothing names the statements in front of which no transaction is opened.
func opensNothing(text string) bool {
	fields := strings.Fields(strings.TrimRight(text, "; \n"))
	if len(fields) == 0 {
		return true
	}
	switch strings.ToUpper(fields[0]) {
	case "ABORT", "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "VACUUM":
		return true
	}
	return false
}

// ended handles the end of a statement: a failure of the statement or of the connection.
func (r *interpreter) ended(text string, err error) bool {
	var f *Failure
	switch {
	case err == nil:
		return true
	case r.Host.Interrupted() != nil:
		r.stop(r.Host.Interrupted())
	case errors.As(err, &f):
		r.variables.failed(f)
		r.printFailure(f, text)
		r.weigh(f)
	default:
		r.complain("the connection is lost: %s", err)
		_ = r.session.Close()
		r.session = nil
	}
	return false
}

// weigh ends the run when a failure is more severe than MAXERROR allows.
func (r *interpreter) weigh(f *Failure) {
	if severity := r.settings.severity(f.Code); r.settings.stops(severity) {
		r.leave(severity)
	}
}

// leave ends the run with a status.
func (r *interpreter) leave(status int) {
	status = ((status % 256) + 256) % 256
	r.exit = &status
}

func (r *interpreter) executeAll(texts []string) bool {
	for _, text := range texts {
		if !r.send(text) && (r.stopsOnError() || r.over() || r.session == nil) {
			return false
		}
	}
	return true
}

// timeLine says how long a statement took, from a second on also in minutes and hours.
func timeLine(took time.Duration) string {
	milliseconds := float64(took) / float64(time.Millisecond)
	line := fmt.Sprintf("Time: %.3f ms", milliseconds)
	if took < time.Second {
		return line + "\n"
	}
	seconds := float64(took%time.Minute) / float64(time.Second)
	minutes := int(took / time.Minute)
	if minutes < 60 {
		return fmt.Sprintf("%s (%02d:%06.3f)\n", line, minutes, seconds)
	}
	return fmt.Sprintf("%s (%02d:%02d:%06.3f)\n", line, minutes/60, minutes%60, seconds)
}

// answers prints what the statements of a text answer.
type answers struct {
	*interpreter
	wishes    wishes
	generated []string
	ok        bool
}

// Notice prints a message of the server.
func (a *answers) Notice(n Notice) { a.printNotice(n) }

// Answer prints the rows of a statement, or its tag.
func (a *answers) Answer(answer Answer) {
	defer func() {
		if a.ok {
			a.variables.succeeded(answer)
		}
	}()
	switch {
	case !answer.HasRows:
		a.tag(answer.Tag)
	case a.wishes.gset:
		a.store(answer)
	case a.wishes.gexec:
		for _, row := range answer.Rows {
			for _, cell := range row {
				if !cell.Null {
					a.generated = append(a.generated, cell.Text)
				}
			}
		}
	default:
		a.rows(answer)
		if verb, _, _ := strings.Cut(answer.Tag, " "); verb == "INSERT" || verb == "UPDATE" || verb == "DELETE" {
			a.tag(answer.Tag)
		}
	}
}

func (a *answers) tag(tag string) {
	if tag == "" || a.variables.isOn("QUIET") {
		return
	}
	if a.formatNow().Format == report.HTML {
		tag = "<p>" + tag + "</p>"
	}
	fmt.Fprintln(a.results(), tag)
	if a.Log != nil {
		fmt.Fprintln(a.Log, tag)
	}
}

// rows prints a table where results go.
func (a *answers) rows(answer Answer) {
	out := a.results()
	if a.wishes.output != nil {
		out = a.wishes.output
	}
	if a.exported != nil {
		out = a.exported
	}
	format := a.formatNow()
	if a.wishes.expanded {
		format.Expanded = report.Expanded
	}
	a.printTable(out, format, report.Table{Columns: answer.Columns, Rows: answer.Rows})
	if a.exported != nil {
		a.print("(exported ", strconv.Itoa(len(answer.Rows)), " rows)\n")
	}
}

// printTable prints a table with the titles of RSQL above it, and to the log besides.
func (r *interpreter) printTable(out io.Writer, format report.Options, t report.Table) {
	if lines := r.settings.titles(r.Host.Now(), r.width()); lines != "" {
		_, _ = io.WriteString(out, lines)
	}
	if err := format.Print(out, t); err != nil {
		r.complain("write the result: %s", err)
	}
	if r.Log != nil {
		_ = format.Print(r.Log, t)
	}
}

// formatNow is how results are printed: RSQL keeps to the default until RFORMAT is on.
func (r *interpreter) formatNow() report.Options {
	if r.Dialect == PSQL {
		return r.format
	}
	f := r.base
	if r.settings.formatted {
		f = r.format
		f.Columns = r.width()
		f.NoDashes = !r.settings.dashes
	}
	f.Expanded, f.TuplesOnly = r.format.Expanded, r.format.TuplesOnly
	return f
}

// results is where rows and tags go.
func (r *interpreter) results() io.Writer {
	if r.redirected != nil {
		return r.redirected
	}
	return r.out
}

// store puts the one row of an answer into variables; a NULL unsets its variable.
func (a *answers) store(answer Answer) {
	switch {
	case len(answer.Rows) == 0:
		a.complain(`no rows returned for \gset`)
		a.ok = false
		return
	case len(answer.Rows) > 1:
		a.complain(`more than one row returned for \gset`)
		a.ok = false
		return
	}
	for i, cell := range answer.Rows[0] {
		s := Setting{Name: a.wishes.prefix + answer.Columns[i].Name, Value: cell.Text, Unset: cell.Null}
		if err := a.variables.assign(s); err != nil {
			a.complain("%s", err)
			a.ok = false
			return
		}
	}
}
