package rsql

import (
	"fmt"
	"io"
	"strings"

	"github.com/stepwell/stepwell/rsql/syntax"
)

// echoed joins the arguments of an echo by blanks; -n as the first leaves the newline out.
func (r *interpreter) echoed(in *input) string {
	end := "\n"
	words := r.remaining(in, syntax.Normal)
	if len(words) > 0 && words[0] == "-n" {
		words, end = words[1:], ""
	}
	return strings.Join(words, " ") + end
}

func (r *interpreter) echo(in *input) outcome {
	r.print(r.echoed(in))
	return done
}

func (r *interpreter) echoToResults(in *input) outcome {
	_, _ = io.WriteString(r.results(), r.echoed(in))
	return done
}

func (r *interpreter) echoToErrors(in *input) outcome {
	text := r.echoed(in)
	_ = r.out.Flush()
	fmt.Fprint(r.Err, text)
	return done
}

// remark prints its arguments; // begins a new line.
func (r *interpreter) remark(in *input) outcome {
	text := strings.Join(r.remaining(in, syntax.Normal), " ")
	r.print(strings.ReplaceAll(text, "//", "\n"), "\n")
	return done
}

func (r *interpreter) setVariable(in *input) outcome {
	name, ok := r.argument(in, syntax.Normal)
	if !ok {
		if !in.broken {
			r.print(r.variables.list())
		}
		return done
	}
	value := strings.Join(r.remaining(in, syntax.Normal), "")
	if len(value) > maxLine {
		r.complain(`\set: the value of %s has more than 64 MB`, name)
		return failed
	}
	if err := r.variables.set(name, value); err != nil {
		r.complain("%s", err)
		return failed
	}
	return done
}

func (r *interpreter) unsetVariable(in *input) outcome {
	name, ok := r.argument(in, syntax.Normal)
	if !ok {
		r.complain(`\unset: missing required argument`)
		return failed
	}
	r.variables.unset(name)
	return done
}

func (r *interpreter) printBuffer(in *input) outcome {
	switch {
	case in.query.Len() > 0:
		r.print(in.query.String(), "\n")
	case r.previous != "":
		r.print(r.previous, "\n")
	case !r.variables.isOn("QUIET"):
		r.print("Query buffer is empty.\n")
	}
	return done
}

func (r *interpreter) resetBuffer(in *input) outcome {
	in.query.Reset()
	in.scanner.Reset()
	if !r.variables.isOn("QUIET") {
		r.print("Query buffer reset (cleared).\n")
	}
	return done
}

func (r *interpreter) setTiming(in *input) outcome {
	result := done
	word, ok := r.argument(in, syntax.Normal)
	value, isBoolean := syntax.Boolean(word)
	switch {
	case !ok:
		r.timing = !r.timing
	case isBoolean:
		r.timing = value
	default:
		r.complain(`unrecognized value "%s" for "\timing": Boolean expected`, word)
		result = failed
	}
	if !r.variables.isOn("QUIET") {
		r.print("Timing is ", onOff(r.timing), ".\n")
	}
	return result
}

// history is empty: nothing is typed here.
func (r *interpreter) history(in *input) outcome {
	r.argument(in, syntax.Normal)
	return done
}

func (r *interpreter) encoding(in *input) outcome {
	name, ok := r.argument(in, syntax.Normal)
	switch {
	case !ok:
		r.print("UTF8\n")
	case !strings.EqualFold(strings.ReplaceAll(name, "-", ""), "UTF8") && !strings.EqualFold(name, "unicode"):
		r.complain("%s: invalid encoding name or conversion procedure not found", name)
		return failed
	}
	return done
}

const helpText = `Commands of scripts: \! \? \a \C \c \cd \conninfo \d… \echo \f \g \gexec \gset \gx \H \i \if \ir \l \o \p \pset \q
\qecho \r \set \sv \t \T \timing \unset \w \warn \x \z
`

const rsqlHelpText = `and those of RSQL: \exit \export \goto \label \logon \os \remark \rset \run
`

func (r *interpreter) help(in *input) outcome {
	r.argument(in, syntax.Normal)
	r.print(helpText)
	if r.Dialect == RSQL {
		r.print(rsqlHelpText)
	}
	return done
}
