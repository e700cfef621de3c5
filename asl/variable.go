package asl

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepwell/stepwell/asl/intrinsic"
)

// variables is what a workflow's own states assign and read. A nested workflow is an inner scope: it reads what the outer
// ones assign, and may not assign the same names.
type variables struct {
	assigned map[string]bool
	writes   []use
	reads    []use
}

type use struct {
	name    string
	at      place
	dynamic bool // in JSONata, where a variable that is not there is a matter of the run
}

func (r *reader) assigns(name string, at place) {
	v := &r.level.variables
	if v.assigned == nil {
		v.assigned = map[string]bool{}
	}
	v.assigned[name] = true
	v.writes = append(v.writes, use{name: name, at: at})
}

func (r *reader) readsOf(e *intrinsic.Expression, at place) {
	for _, name := range e.Variables() {
		r.level.reads = append(r.level.reads, use{name: name, at: at})
	}
}

// references returns the variables that each state reads.
func (r *reader) references() map[string][]string {
	all := map[string][]string{}
	for _, l := range r.levels {
		for _, read := range l.reads {
			state := read.at.state
			at, known := slices.BinarySearch(all[state], read.name)
			if !known {
				all[state] = slices.Insert(all[state], at, read.name)
			}
		}
	}
	return all
}

func (l *level) assigns(name string) bool {
	return l != nil && (l.assigned[name] || l.outer.assigns(name))
}

func (r *reader) checkVariables(l *level) {
	for _, w := range l.writes {
		if l.outer.assigns(w.name) {
			r.misrouted(SchemaFailed, w.at, "Variable '%s' is already assigned in an outer scope", w.name)
		}
	}
	for _, read := range l.reads {
		if !read.dynamic && !l.assigns(read.name) {
			r.misrouted(SchemaFailed, read.at, "Variable '%s' is read but no state of this scope assigns it", read.name)
		}
	}
}

// warnUnused warns of variables that are assigned and never read.
func (r *reader) warnUnused() {
	type variable struct {
		scope *level
		name  string
	}
	used := map[variable]bool{}
	for _, l := range r.levels {
		for _, read := range l.reads {
			scope := l
			for scope != nil && !scope.assigned[read.name] {
				scope = scope.outer
			}
			used[variable{scope, read.name}] = true
		}
	}
	for _, l := range r.levels {
		for _, w := range l.writes {
			if v := (variable{l, w.name}); !used[v] {
				used[v] = true // said once
				r.warn(UnusedVariable, w.at, "Variable '%s' is assigned, and nothing reads it", w.name)
			}
		}
	}
}

// variableName reports a name that a variable cannot have: States Language, section Variables.
func (r *reader) variableName(name string, at place) {
	switch {
	case name == "states":
		r.refuse(ReservedVariableName, at, "Cannot assign to reserved variable '$states'.")
	case utf8.RuneCountInString(name) > maxNameLength:
		r.refuse(InvalidVariableName, at, "Invalid variable name '%s': the variable name is longer than %d characters.", name, maxNameLength)
	case !isIdentifier(name):
		r.refuse(InvalidVariableName, at, "Invalid variable name '%s': the variable name contains invalid characters.", name)
	}
}

func isIdentifier(name string) bool {
	first, size := utf8.DecodeRuneInString(name)
	if !unicode.IsLetter(first) && !unicode.Is(unicode.Nl, first) {
		return false
	}
	return strings.IndexFunc(name[size:], func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.In(c, unicode.Nl, unicode.Mn, unicode.Mc, unicode.Pc)
	}) < 0
}
