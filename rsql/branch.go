package rsql

import (
	"strings"

	"github.com/stepwell/stepwell/rsql/syntax"
)

// branch is one open \if block.
type branch struct {
	// active says that the present branch is carried out, taken that one was, and closed that \else was seen.
	active, taken, closed bool
	// dead says that the whole block stands in a branch that is not carried out.
	dead bool
	// query and parens are how the statement stood where the branch began; what a dead branch adds is dropped.
	query, parens int
}

// alive reports whether statements and commands are carried out.
func (r *interpreter) alive(in *input) bool {
	return in.jump == nil && (len(in.branches) == 0 || in.branches[len(in.branches)-1].active)
}

func (r *interpreter) beginIf(in *input) outcome {
	b := branch{query: in.query.Len(), parens: in.scanner.Depth(), dead: !r.alive(in)}
	if b.dead {
		in.scanner.Expression(syntax.Skipped)
	} else {
		b.active = r.condition(in, `\if expression`)
		b.taken = b.active
	}
	in.branches = append(in.branches, b)
	return done
}

// condition evaluates the rest of the line. An expression that cannot be read is false.
func (r *interpreter) condition(in *input, name string) bool {
	if r.Dialect == RSQL {
		value, err := syntax.Evaluate(in.scanner.Expression(syntax.Normal))
		if err != nil {
			r.complain("%s", err)
		}
		return value && err == nil
	}
	var words []string
	for {
		word, ok := r.argument(in, syntax.Normal)
		if !ok {
			break
		}
		words = append(words, word)
	}
	text := strings.Join(words, " ")
	value, ok := syntax.Boolean(text)
	if !ok {
		r.complain(`unrecognized value "%s" for "%s": Boolean expected`, text, name)
	}
	return value
}

func (r *interpreter) elseIf(in *input) outcome {
	b := r.innermost(in)
	switch {
	case b == nil:
		in.scanner.Expression(syntax.Skipped)
		r.complain(`\elif: no matching \if`)
		return failed
	case b.closed:
		in.scanner.Expression(syntax.Skipped)
		r.complain(`\elif: cannot occur after \else`)
		return failed
	}
	r.leaveBranch(in, b)
	if b.taken || b.dead || in.jump != nil {
		in.scanner.Expression(syntax.Skipped)
		b.active = false
		return done
	}
	// The condition is read with the variables that an active branch has.
	in.scanner.Lookup = r.variables.lookup
	b.active = r.condition(in, `\elif expression`)
	b.taken = b.active
	return done
}

func (r *interpreter) elseBranch(in *input) outcome {
	b := r.innermost(in)
	switch {
	case b == nil:
		r.complain(`\else: no matching \if`)
		return failed
	case b.closed:
		r.complain(`\else: cannot occur after \else`)
		return failed
	}
	r.leaveBranch(in, b)
	b.active = !b.taken && !b.dead
	b.taken, b.closed = true, true
	return done
}

func (r *interpreter) endIf(in *input) outcome {
	b := r.innermost(in)
	if b == nil {
		r.complain(`\endif: no matching \if`)
		return failed
	}
	r.leaveBranch(in, b)
	in.branches = in.branches[:len(in.branches)-1]
	return done
}

func (r *interpreter) innermost(in *input) *branch {
	if len(in.branches) == 0 {
		return nil
	}
	return &in.branches[len(in.branches)-1]
}

// leaveBranch drops what a branch that was not carried out added to the statement.
func (r *interpreter) leaveBranch(in *input, b *branch) {
	if r.alive(in) {
		b.query, b.parens = in.query.Len(), in.scanner.Depth()
		return
	}
	if in.query.Len() > b.query {
		cut(&in.query, b.query)
	}
	in.scanner.SetDepth(b.parens)
}

// jump is a \goto that looks for its label.
type jump struct {
	label string
	line  int
	// query is how long the statement was where the jump began.
	query, parens int
}

func (r *interpreter) goTo(in *input) outcome {
	label, ok := r.argument(in, syntax.Normal)
	if !ok {
		r.complain(`\goto: missing required argument`)
		return failed
	}
	in.jump = &jump{label: label, line: in.line, query: in.query.Len(), parens: in.scanner.Depth()}
	return done
}

// label is where a jump may end. Blocks that the jump led into count as taken.
func (r *interpreter) label(in *input) outcome {
	name, ok := r.argument(in, syntax.Normal)
	switch {
	case !ok:
		r.complain(`\label: missing required argument`)
		return failed
	case in.jump == nil:
		return done
	case !strings.EqualFold(name, in.jump.label):
		r.print(`\label `, name, " ignored\n")
		return done
	}
	cut(&in.query, min(in.jump.query, in.query.Len()))
	in.scanner.SetDepth(in.jump.parens)
	in.jump = nil
	for i := range in.branches {
		b := &in.branches[i]
		b.active, b.taken, b.dead = true, true, false
	}
	r.print(`\label `, name, " processed\n")
	return done
}
