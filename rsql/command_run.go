package rsql

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/rsql/syntax"
)

// quit ends psql's input; in RSQL it ends the whole run, as \exit does.
func (r *interpreter) quit(in *input) outcome {
	if r.Dialect == RSQL {
		return r.exitScript(in)
	}
	return leaves
}

// exitScript ends the whole run with a status, 0 when none is given.
func (r *interpreter) exitScript(in *input) outcome {
	word, ok := r.argument(in, syntax.Normal)
	status := 0
	if ok {
		n, err := strconv.Atoi(word)
		if err != nil {
			r.complain(`\exit: "%s" is no status: a number from 0 to 255 is expected`, word)
			n = exitFailure
		}
		status = n
	}
	in.scanner.Drop()
	r.leave(status)
	return done
}

func (r *interpreter) include(in *input) outcome { return r.includeFrom(in, "") }

func (r *interpreter) includeRelative(in *input) outcome {
	folder := ""
	if in.name != "" {
		folder = path.Dir(in.name)
	}
	return r.includeFrom(in, folder)
}

func (r *interpreter) includeFrom(in *input, folder string) outcome {
	name, ok := r.argument(in, syntax.Normal)
	if !ok {
		r.complain(`\i: missing required argument`)
		return failed
	}
	if folder != "" && !path.IsAbs(name) {
		name = path.Join(folder, name)
	}
	return r.including(name, 0)
}

func (r *interpreter) including(name string, skip int) outcome {
	if status := r.file(name, skip); status != exitSuccess {
		return failed
	}
	return done
}

// runFile is \run file=NAME [skip=N].
func (r *interpreter) runFile(in *input) outcome {
	name, skip := "", ""
	for _, word := range r.remaining(in, syntax.Normal) {
		key, value, _ := strings.Cut(word, "=")
		switch strings.ToLower(key) {
		case "file":
			name = value
		case "skip":
			skip = value
		default:
			r.complain(`\run: unknown option "%s": file=NAME and skip=N are expected`, word)
			return failed
		}
	}
	if name == "" {
		r.complain(`\run: file=NAME is missing`)
		return failed
	}
	lines := 0
	if skip != "" {
		n, err := strconv.Atoi(skip)
		if err != nil || n < 0 {
			r.complain(`\run: skip=%s is no number of lines`, skip)
			return failed
		}
		lines = n
		r.print(skip, " records skipped in RUN file.\n")
	}
	return r.including(name, lines)
}

// execute is \g [FILE]: it runs the statement, or the one before when there is none.
func (r *interpreter) execute(in *input) outcome {
	name, ok := r.argument(in, syntax.Pipe)
	if ok && strings.HasPrefix(name, "(") {
		r.complain(`\g: options in parentheses are not supported`)
		return failed
	}
	if ok {
		out, err := r.Host.Create(name)
		if err != nil {
			r.complain("%s: %s", name, err)
			return failed
		}
		r.once.output = out
	}
	return r.sendOrRepeat(in)
}

func (r *interpreter) sendOrRepeat(in *input) outcome {
	if in.query.Len() == 0 {
		in.query.WriteString(r.previous)
	}
	if in.query.Len() == 0 {
		return done
	}
	return sends
}

func (r *interpreter) executeExpanded(in *input) outcome {
	r.once.expanded = true
	return r.execute(in)
}

func (r *interpreter) executeAndStore(in *input) outcome {
	prefix, _ := r.argument(in, syntax.Normal)
	r.once.gset, r.once.prefix = true, prefix
	return r.sendOrRepeat(in)
}

func (r *interpreter) executeAnswers(in *input) outcome {
	r.once.gexec = true
	return r.sendOrRepeat(in)
}

func (r *interpreter) writeBuffer(in *input) outcome {
	name, ok := r.argument(in, syntax.Pipe)
	if !ok {
		r.complain(`\w: missing required argument`)
		return failed
	}
	text := in.query.String()
	if text == "" {
		text = r.previous
	}
	out, err := r.Host.Create(name)
	if err == nil {
		_, err = fmt.Fprintln(out, text)
		if closing := out.Close(); err == nil {
			err = closing
		}
	}
	if err != nil {
		r.complain("%s: %s", name, err)
		return failed
	}
	return done
}

func (r *interpreter) shell(in *input) outcome {
	_ = r.out.Flush()
	text := in.scanner.Rest(syntax.Skipped)
	status, err := r.Host.Shell(text, r.out)
	_ = r.out.Flush()
	switch {
	case r.Host.Interrupted() != nil:
		r.stop(r.Host.Interrupted())
		return failed
	case err != nil:
		r.complain(`\!: %s`, err)
		return failed
	}
	r.variables.note("SHELL_EXIT_CODE", strconv.Itoa(status))
	return done
}

func (r *interpreter) changeFolder(in *input) outcome {
	folder, _ := r.argument(in, syntax.Normal)
	if err := r.Host.Chdir(folder); err != nil {
		r.complain(`\cd: could not change directory to "%s": %s`, folder, err)
		return failed
	}
	return done
}

// outputTo is \o [FILE]: results go to a file, or to a shell command, until the next \o.
func (r *interpreter) outputTo(in *input) outcome {
	name, _ := r.argument(in, syntax.Pipe)
	if err := r.redirect(name); err != nil {
		r.complain("%s", err)
		return failed
	}
	return done
}

func (r *interpreter) redirect(name string) error {
	if name == "" {
		r.closeOutput()
		return nil
	}
	out, err := r.Host.Create(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	r.closeOutput()
	r.redirected = out
	return nil
}

func (r *interpreter) closeOutput() {
	_ = r.out.Flush()
	if r.redirected == nil {
		return
	}
	if err := r.redirected.Close(); err != nil {
		r.complain("close the output: %s", err)
	}
	r.redirected = nil
}

// export is \export report file='PATH' and \export reset.
func (r *interpreter) export(in *input) outcome {
	words := r.remaining(in, syntax.Normal)
	switch {
	case len(words) == 1 && strings.EqualFold(words[0], "reset"):
		r.closeExport()
		return done
	case len(words) == 2 && strings.EqualFold(words[0], "report"):
		key, name, _ := strings.Cut(words[1], "=")
		if strings.EqualFold(key, "file") && name != "" {
			return r.exportTo(name)
		}
	}
	r.complain(`\export: "report file=NAME" or "reset" is expected`)
	return failed
}

func (r *interpreter) exportTo(name string) outcome {
	out, err := r.Host.Create(name)
	if err != nil {
		r.complain(`\export: %s: %s`, name, err)
		return failed
	}
	r.closeExport()
	r.exported = out
	return done
}

func (r *interpreter) closeExport() {
	if r.exported == nil {
		return
	}
	if err := r.exported.Close(); err != nil {
		r.complain("close the export: %s", err)
	}
	r.exported = nil
}
