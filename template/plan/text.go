package plan

import (
	"fmt"
	"strings"
)

// Count returns how many steps have an action.
func (p Plan) Count(a Action) int {
	n := 0
	for _, s := range p.Steps {
		if s.Action == a {
			n++
		}
	}
	return n
}

// Summary says in one line what would be done; it is empty where nothing is.
func (p Plan) Summary() string {
	var parts []string
	for _, one := range []struct {
		action Action
		verb   string
	}{{Create, "creates"}, {Change, "changes"}, {Replace, "replaces"}} {
		if n := p.Count(one.action); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", one.verb, resources(n)))
		}
	}
	for _, one := range []struct {
		vanishes bool
		verb     string
	}{{true, "forgets"}, {false, "keeps"}} {
		if n := p.leaving(one.vanishes); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s that left the template", one.verb, resources(n)))
		}
	}
	return strings.Join(parts, ", ")
}

// String says in one line how many resources there are and what would be done.
func (p Plan) String() string {
	if summary := p.Summary(); summary != "" {
		return summary
	}
	return fmt.Sprintf("nothing changes: %s", resources(p.Count(Keep)))
}

// leaving counts what leaves now; what has left before is no news.
func (p Plan) leaving(vanishes bool) int {
	n := 0
	for _, s := range p.Steps {
		if s.Action == Leave && !s.Old.Left && s.Vanishes() == vanishes {
			n++
		}
	}
	return n
}

func resources(n int) string {
	if n == 1 {
		return "1 resource"
	}
	return fmt.Sprintf("%d resources", n)
}

// marks stand before the lines of a plan.
var marks = [...]string{Keep: "=", Create: "+", Change: "~", Replace: "!", Leave: "-"}

// String returns the step as a line for people: mark, logical id, type, name and what changes.
func (s Step) String() string {
	line := fmt.Sprintf("%s %s (%s) %s", marks[s.Action], s.LogicalID, s.Type, s.Name)
	switch {
	case s.Action == Leave && s.Vanishes():
		return line + ": left the template, its executions stay"
	case s.Action == Leave && s.Old.Retain:
		return line + ": left the template, DeletionPolicy keeps it"
	case s.Action == Leave:
		return line + ": left the template, it is kept until it is removed"
	case s.Action == Replace && s.Old == nil:
		return line + ": under a new name"
	case s.Action == Change && s.Old.Left:
		return line + ": comes back"
	case len(s.Changed) > 0:
		return line + ": " + strings.Join(s.Changed, ", ")
	}
	return line
}
