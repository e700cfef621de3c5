package rsql

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/syntax"
)

// interpreter is one run of scripts.
type interpreter struct {
	Options
	session   Session
	commands  map[string]command
	variables *variables
	settings  *settings
	out       *bufio.Writer
	// format is what \pset says, base what the command line said; RSQL prints with format only while RFORMAT is on.
	format, base report.Options
	// redirected is where \o sends results, exported where \export does; nil is the standard output.
	redirected, exported io.WriteCloser
	previous             string
	timing               bool
	// inputs are the files that are open, the innermost last.
	inputs []*input
	// direct says that the text of a -c is running.
	direct bool
	// once are the wishes of \g, \gx and \gset for the next statement.
	once wishes
	ran  int
	// exit is the status that \exit asked for; stopped is the limit or interruption that ended the run.
	exit    *int
	stopped error
	// lastHost and lastPort are those that the last \logon named.
	lastHost, lastPort string
}

// input is one script while it is read.
type input struct {
	name    string
	line    int
	scanner *syntax.Scanner
	query   strings.Builder
	// branches are the open \if blocks, jump the \goto that looks for its label.
	branches []branch
	jump     *jump
	// broken says that an argument of the current command could not be read.
	broken bool
}

// outcome is what a command leaves to do.
type outcome uint8

const (
	done outcome = iota
	failed
	// sends asks to run the statement that is collected.
	sends
	// leaves ends the input.
	leaves
)

func (r *interpreter) newInput(name string) *input {
	in := &input{name: name, scanner: &syntax.Scanner{}}
	in.scanner.Shell = r.backquoted
	in.scanner.Warn = func(message string) { r.warn("%s", message) }
	r.inputs = append(r.inputs, in)
	return in
}

func (r *interpreter) current() *input {
	if len(r.inputs) == 0 {
		return &input{}
	}
	return r.inputs[len(r.inputs)-1]
}

// file runs a script by its name after skipping some of its lines.
func (r *interpreter) file(name string, skip int) int {
	if len(r.inputs) >= maxIncludes {
		r.stop(fault.New(fault.Throttled, "%s: files include files more than %d deep; does it include itself?", name, maxIncludes))
		return exitStopped
	}
	f, err := r.Host.Open(name)
	if err != nil {
		r.complain("%s: %s", name, err)
		return exitFailure
	}
	defer f.Close()
	buffered := bufio.NewReader(f)
	for range skip {
		if _, err := buffered.ReadString('\n'); err != nil {
			break
		}
	}
	return r.scriptFrom(name, buffered, skip)
}

// script runs what a reader holds; the name "" is the standard input.
func (r *interpreter) script(name string, from io.Reader) int {
	return r.scriptFrom(name, bufio.NewReader(from), 0)
}

func (r *interpreter) scriptFrom(name string, from *bufio.Reader, line int) int {
	in := r.newInput(name)
	in.line = line
	status := r.lines(in, from)
	r.inputs = r.inputs[:len(r.inputs)-1]
	return status
}

// maxLine is how long a line of a script may be, in bytes.
const maxLine = 64 << 20

var errNUL = fault.Invalidf("the line holds a NUL character: this is no script")

// readable looks for a NUL in what has come so far, so that no piece of a binary is carried out as a command.
func readable(in *input, from *bufio.Reader) error {
	if _, err := from.Peek(1); err != nil {
		return nil
	}
	head, _ := from.Peek(from.Buffered())
	at := bytes.IndexByte(head, 0)
	if at < 0 {
		return nil
	}
	in.line += 1 + bytes.Count(head[:at], []byte("\n"))
	return errNUL
}

var errLongLine = fault.Invalidf("the line has more than 64 MB: this is no script")

// readLine returns the next line without its end.
func readLine(from *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := from.ReadSlice('\n')
		line = append(line, part...)
		if err != nil && len(line) > 0 && !errors.Is(err, bufio.ErrBufferFull) {
			return string(line), nil
		}
		if err == nil {
			return string(line[:len(line)-1]), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
		if len(line) > maxLine {
			return "", errLongLine
		}
	}
}

// lines is the loop over one input. It returns the status that the input ends with.
func (r *interpreter) lines(in *input, from *bufio.Reader) int {
	if err := readable(in, from); err != nil {
		r.complain("%s", err)
		return exitFailure
	}
	for {
		line, err := readLine(from)
		if errors.Is(err, io.EOF) {
			break
		}
		in.line++
		if err == nil && strings.Contains(line, "\x00") {
			err = errNUL
		}
		if err != nil {
			r.complain("%s", err)
			return exitFailure
		}
		if in.line == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		stops := r.stopsOnError()
		result, ok := r.line(in, line)
		switch {
		case r.over():
			return exitStopped
		case result == leaves:
			return exitSuccess
		case !ok && stops:
			return exitStopped
		case r.session == nil:
			return exitBadConnection
		}
	}
	return r.finish(in)
}

// line carries out one line. ok is false when its last statement or command failed.
func (r *interpreter) line(in *input, line string) (result outcome, ok bool) {
	open, _ := in.scanner.Unclosed()
	if line == "" && (open == syntax.Nothing || open == syntax.Parenthesis) {
		return done, true
	}
	if r.variables.choice("ECHO") == "all" {
		r.print(line, "\n")
	}
	added := -1
	if in.query.Len() > 0 {
		in.query.WriteByte('\n')
		added = in.query.Len()
	}
	stops := r.stopsOnError()
	in.scanner.Feed(line)
	for ok = true; ok || !stops; {
		r.prepare(in)
		switch in.scanner.Next(&in.query) {
		case syntax.LineEnd:
			if r.variables.isOn("SINGLELINE") && in.query.Len() > 0 && r.alive(in) {
				ok = r.sendCollected(in)
			}
			return done, ok
		case syntax.Semicolon:
			added = -1
			if r.alive(in) {
				ok = r.sendCollected(in)
			}
		case syntax.Command:
			if in.query.Len() == added {
				cut(&in.query, added-1)
			}
			added = -1
			result = r.command(in)
			ok = result != failed
			if result == sends {
				ok = r.sendCollected(in)
				in.scanner.Reset()
			}
			if result == leaves {
				return leaves, true
			}
		}
		if r.over() || r.session == nil {
			return done, ok
		}
	}
	return done, ok
}

// prepare tells the scanner what holds where it goes on.
func (r *interpreter) prepare(in *input) {
	in.scanner.Lookup = nil
	if r.alive(in) {
		in.scanner.Lookup = r.variables.lookup
	}
	in.scanner.Escapes = r.session != nil && r.session.Peer().Redshift
}

// cut shortens a text to n bytes.
func cut(text *strings.Builder, n int) {
	kept := text.String()[:n]
	text.Reset()
	text.WriteString(kept)
}

func (r *interpreter) sendCollected(in *input) bool {
	text := in.query.String()
	in.query.Reset()
	ok := r.send(text)
	r.previous = text
	return ok
}

// finish runs a last statement without a semicolon and complains about what is left open.
func (r *interpreter) finish(in *input) int {
	status := exitSuccess
	stops := r.stopsOnError()
	if open, line := in.scanner.Unclosed(); r.Dialect == RSQL && open != syntax.Nothing && r.alive(in) {
		r.complain("unclosed %s, opened in line %d", open, line)
		return r.statusOf(stops)
	}
	if in.query.Len() > 0 && r.alive(in) {
		if ok := r.sendCollected(in); !ok && stops {
			return exitStopped
		}
		if r.session == nil {
			return exitBadConnection
		}
	}
	if r.over() {
		return exitStopped
	}
	if in.jump != nil {
		in.line = in.jump.line
		r.complain(`\goto: there is no label %s behind this line`, in.jump.label)
		return r.statusOf(stops)
	}
	if len(in.branches) > 0 {
		r.complain(`reached EOF without finding closing \endif(s)`)
		status = r.statusOf(stops)
	}
	return status
}

func (r *interpreter) statusOf(stops bool) int {
	if stops {
		return exitStopped
	}
	return exitSuccess
}

// stop ends the whole run.
func (r *interpreter) stop(why error) {
	if r.stopped == nil {
		r.complain("%s", why)
		r.stopped = why
	}
}

// count counts a statement or command against the limits and looks whether the run may go on.
func (r *interpreter) count() bool {
	r.ran++
	if err := r.Host.Interrupted(); err != nil {
		r.stop(err)
	} else if limit := r.Limits.Statements; limit > 0 && r.ran > limit {
		r.stop(fault.New(fault.Throttled, "more than %d statements and commands: the limit of this run", limit))
	}
	return r.stopped == nil
}

// print writes to the standard output.
func (r *interpreter) print(parts ...string) {
	for _, part := range parts {
		_, _ = r.out.WriteString(part)
	}
}

// complain prints an error of the script's own commands, with the place where it stands.
func (r *interpreter) complain(format string, args ...any) { r.log("error", format, args...) }

func (r *interpreter) warn(format string, args ...any) { r.log("warning", format, args...) }

func (r *interpreter) log(level, format string, args ...any) {
	_ = r.out.Flush()
	prefix := r.place(level + ": ")
	fmt.Fprintf(r.Err, "%s%s\n", prefix, fmt.Sprintf(format, args...))
}

// place returns what stands before a message: the program, the file and the line. psql leaves it out for what comes from
// its standard input or from -c.
func (r *interpreter) place(level string) string {
	in := r.current()
	switch {
	case r.direct && in.name == "" && r.Dialect == PSQL:
		return ""
	case len(r.inputs) == 0, r.direct && in.name == "":
		return string(r.Dialect) + ": " + level
	case in.name != "":
		return fmt.Sprintf("%s:%s:%d: %s", r.Dialect, in.name, in.line, level)
	case r.Dialect == PSQL:
		return ""
	}
	return fmt.Sprintf("%s:<stdin>:%d: %s", r.Dialect, in.line, level)
}
