// Package visit takes down what happened at each visit of each state of an execution: when it was entered and left, how often
// its work was tried, and which events of the history are about it. It keeps numbers of events and none of their payloads, so
// it stays small for the longest history. What stands under what is the matter of its tree.Tree.
//
//	r := visit.New("RefreshSales")
//	for _, e := range history {
//		r.Add(e)
//	}
//	r.Of("LoadFact")[0].Attempts[0].Error // States.TaskFailed
package visit

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
)

// Record grows with every event.
type Record struct {
	Tree *tree.Tree
	// Events are those of the history, in its order: the first has the id 1.
	Events []Event
	// Visits are all visits, of branches and iterations too, in the order in which they began.
	Visits []*Visit

	byNode map[*tree.Node][]*Visit
	byName map[string][]*Visit
	words  map[string]string // types of events, each once
}

// Event is one of a history, without its details.
type Event struct {
	At   time.Time
	Type string
	// Visit is the visit that it is about; nil: the execution.
	Visit *Visit
}

// Visit is one visit of a state, of a branch or of an iteration.
type Visit struct {
	Node *tree.Node
	// Number counts the visits of the states of that name, from 1.
	Number int
	// Entered and Exited are the ids of the events that began and ended it; 0: no event did.
	Entered, Exited int64
	Began           time.Time
	Attempts        []Attempt
	// MapRun is the ARN of the map run that it started last.
	MapRun string

	over *tree.Outcome // nil: it is the last visit of its node, which knows
}

// Attempt is one try of what a state does: of a task, or of all branches or iterations.
type Attempt struct {
	// Scheduled and Ended are the ids of its first and its last event; Ended is 0 while it runs.
	Scheduled, Ended int64
	// At and Over are when it was asked for and when it ended; Over is zero while it runs. Began is when a worker took an
	// activity; zero for all else, of which nobody knows.
	At, Began, Over time.Time
	Failed          bool
	Error           string
}

// New returns the record of an execution that has no events yet.
func New(name string) *Record {
	return &Record{
		Tree: tree.New(name), byNode: map[*tree.Node][]*Visit{}, byName: map[string][]*Visit{}, words: map[string]string{},
	}
}

// Of returns the visits of the states of a name.
func (r *Record) Of(state string) []*Visit { return r.byName[state] }

// At returns the visits of a node.
func (r *Record) At(n *tree.Node) []*Visit { return r.byNode[n] }

// Last is the id of the last event.
func (r *Record) Last() int64 { return int64(len(r.Events)) }

// Outcome is how the visit went so far.
func (v *Visit) Outcome() tree.Outcome {
	if v.over != nil {
		return *v.over
	}
	return v.Node.Outcome()
}

// Last reports whether it is the last visit of its node.
func (v *Visit) Last() bool { return v.over == nil }

// Retrying reports whether the visit waits to try again what failed.
func (v *Visit) Retrying() bool {
	o := v.Outcome()
	return v.over == nil && o.Open && o.Status == tree.Failed && v.Node.Type != "Fail"
}

// Add takes the next event; one that is not the next changes nothing.
func (r *Record) Add(e machine.HistoryEvent) {
	if e.ID != r.Last()+1 {
		return
	}
	e.Type = r.word(e.Type)
	v := r.visit(r.Tree.Add(e), e)
	r.Events = append(r.Events, Event{At: e.At, Type: e.Type, Visit: v})
	switch {
	case v == nil:
	case strings.HasSuffix(e.Type, "StateExited"), strings.HasSuffix(e.Type, "StateAborted"), strings.HasPrefix(e.Type, "MapIteration") && e.ID != v.Entered:
		v.Exited = e.ID
	default:
		v.attempt(e)
	}
}

func (r *Record) word(text string) string {
	if w, ok := r.words[text]; ok {
		return w
	}
	text = strings.Clone(text)
	r.words[text] = text
	return text
}

// visit returns the visit that an event is about, and begins those that it begins.
func (r *Record) visit(n *tree.Node, e machine.HistoryEvent) *Visit {
	if n == nil || n == r.Tree.Root {
		return nil
	}
	if n.Parent != r.Tree.Root && n.Parent.Type == "" {
		r.begin(n.Parent, e) // no event begins a branch but that of its first state
	}
	r.begin(n, e)
	all := r.byNode[n]
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

func (r *Record) begin(n *tree.Node, e machine.HistoryEvent) {
	all := r.byNode[n]
	if len(all) >= n.Visits {
		return
	}
	if len(all) > 0 {
		before := n.Before
		before.Open = false
		all[len(all)-1].over = &before
	}
	v := &Visit{Node: n, Entered: e.ID, Began: e.At}
	r.byNode[n] = append(all, v)
	if n.Type != "" {
		r.byName[n.Name] = append(r.byName[n.Name], v)
		v.Number = len(r.byName[n.Name])
	}
	r.Visits = append(r.Visits, v)
}

// States are the names of the states that were entered, in the order in which they were.
func (r *Record) States() []string {
	var names []string
	for _, v := range r.Visits {
		if v.Node.Type != "" && v.Number == 1 {
			names = append(names, v.Node.Name)
		}
	}
	return names
}
