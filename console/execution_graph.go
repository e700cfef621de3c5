package console

import (
	"strconv"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/graph"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/console/view"
)

// severity says which of several statuses a state has that runs in several iterations: the first that one of them has.
var severity = []tree.Status{tree.Running, tree.Failed, tree.TimedOut, tree.Aborted, tree.Caught, tree.Succeeded}

// summary is what all visits of a state come to.
type summary struct {
	view.StateRow
	status tree.Status
}

// summaries returns the states that were entered, by name, at a moment.
func (h *history) summaries(now time.Time) map[string]*summary {
	all := map[string]*summary{}
	var walk func(n *tree.Node)
	walk = func(n *tree.Node) {
		if n.Type != "" {
			h.summarize(all, n, now)
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(h.record.Tree.Root)
	return all
}

func (h *history) summarize(all map[string]*summary, n *tree.Node, now time.Time) {
	s := all[n.Name]
	if s == nil {
		s = &summary{StateRow: view.StateRow{Name: n.Name, Type: n.Type}}
		all[n.Name] = s
	}
	s.Visits, s.Retries, s.Took, s.Rows = s.Visits+n.Visits, s.Retries+n.Retries, s.Took+n.Duration, max(s.Rows, n.Rows)
	status := h.statusOf(n)
	if status == tree.Running {
		s.Took += max(0, now.Sub(n.Entered)) - n.Outcome().Took
	}
	s.status = worse(s.status, status)
	s.Status = string(s.status)
}

// statusOf is a node's status, in which what waits to be tried again runs.
func (h *history) statusOf(n *tree.Node) tree.Status {
	if visits := h.record.At(n); len(visits) > 0 && h.retrying(visits[len(visits)-1]) {
		return tree.Running
	}
	return n.Status
}

// retrying reports whether a visit waits to be tried again: nothing does when the execution is over.
func (h *history) retrying(v *visit.Visit) bool {
	return h.record.Tree.Root.Status == tree.Running && v.Retrying()
}

func worse(a, b tree.Status) tree.Status {
	for _, s := range severity {
		if a == s || b == s {
			return s
		}
	}
	return b
}

// graph draws the definition in the colours of the run.
func (p *executionPage) graph() {
	if p.history.definition == nil {
		p.shown.Note = "The definition that this execution ran cannot be drawn."
		return
	}
	statuses := map[string]graph.Status{}
	for name, s := range p.history.summaries(p.console.Now()) {
		statuses[name] = graphStatus[s.status]
	}
	var problem string
	p.shown.Graph, problem = drawn(p.history.definition, graph.Options{
		Title: p.record.StateMachineName, Bare: true, Status: statuses, Link: p.stateURL, Chosen: p.chosen(),
	})
	if problem != "" {
		p.shown.Note = problem
	}
}

var graphStatus = map[tree.Status]graph.Status{
	tree.Running: graph.Running, tree.Succeeded: graph.Succeeded, tree.Failed: graph.Failed, tree.TimedOut: graph.Failed, tree.Caught: graph.Caught,
	tree.Aborted: graph.Aborted,
}

func (p *executionPage) stateURL(name string) string {
	return view.ExecutionTab(p.shown.Base, view.GraphTab, name, 0)
}

// states lists all states in the order of the definition.
func (p *executionPage) states() {
	if p.history.definition == nil {
		return
	}
	summaries := p.history.summaries(p.console.Now())
	eachState(&p.history.definition.Workflow, func(s *asl.State) {
		row := view.StateRow{Name: s.Name, Type: string(s.Type)}
		if known := summaries[s.Name]; known != nil {
			row = known.StateRow
			row.URL, row.Chosen = p.stateURL(s.Name), s.Name == p.chosen()
			if of := p.sql().byState[s.Name]; of != nil {
				row.SQL, row.Rows, row.Failed = of.took, max(row.Rows, of.written), of.failed
			}
		}
		p.shown.States = append(p.shown.States, row)
	})
	if p.sql().partly {
		p.shown.StatesNote = "Of the statements only the last " + strconv.Itoa(maxStatements) + " are counted."
	}
}

// eachState visits the states of a workflow and of those inside it, but not those that run in child executions.
func eachState(w *asl.Workflow, do func(*asl.State)) {
	for _, s := range w.States {
		do(s)
		switch {
		case s.Parallel != nil:
			for _, branch := range s.Parallel.Branches {
				eachState(branch, do)
			}
		case s.Map != nil && s.Map.Processor != nil && s.Map.Distributed == nil:
			eachState(s.Map.Processor, do)
		}
	}
}

// finds reports whether a machine has a state, in its own executions or in those of its distributed Maps.
func finds(m *asl.StateMachine, name string) (here, inside bool) {
	eachState(&m.Workflow, func(s *asl.State) {
		here = here || s.Name == name
		if s.Map != nil && s.Map.Distributed != nil && s.Map.Processor != nil {
			eachState(s.Map.Processor, func(inner *asl.State) { inside = inside || inner.Name == name })
		}
	})
	return here, inside
}
