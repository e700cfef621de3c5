// Package tree turns the history of an execution into the tree of its states: what ran under what, how often, how long,
// and how it went. It is a view for people, of a running or an ended execution; it decides nothing.
//
//	t := tree.New("RefreshSales")
//	for _, e := range history {
//		t.Add(e)
//	}
//	t.Root.Children[0].Status // succeeded
//
// A state that is entered again, as in a loop that polls, stays one node: its Visits and its Duration grow, and its Status
// is that of the last visit. The same holds for what is inside a Parallel or Map that is entered or tried again.
package tree

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// Status is how a node is doing.
type Status string

// The statuses of nodes. Caught is a state whose error was caught and who went on another way. Failed is also a state that
// waits to be tried again: history tells no difference. Only the execution is ever TimedOut.
const (
	Running   Status = "running"
	Succeeded Status = "succeeded"
	Caught    Status = "caught"
	Failed    Status = "failed"
	TimedOut  Status = "timed out"
	Aborted   Status = "aborted"
)

// Node is a state, a branch of Parallel ("branch 1"), an iteration of Map ("#0") or, at the root, the execution.
type Node struct {
	Name     string
	Type     string // of the state; "" for the others
	Resource string // of a task: "redshiftdata:executeStatement"
	Status   Status
	Visits   int       // how often it was entered
	Retries  int       // how often its work was tried again
	Entered  time.Time // the last time
	// Duration is the time of all visits but one that runs.
	Duration time.Duration
	// Rows is the greatest number of rows that an answer of the task named, 0 when none did.
	Rows int64
	// Error and Cause are those of the last failure in the last visit, also when a later attempt succeeded.
	Error, Cause string
	// Before is how the visit before the last one went; zero: there was none.
	Before   Outcome
	Parent   *Node
	Children []*Node // in the order of their first visits

	attempts int           // of this visit
	earlier  time.Duration // of the visits before this one
	open     bool          // more events of this visit may come
	byName   map[string]*Node
}

// Outcome is how one visit went.
type Outcome struct {
	Status Status
	Error  string
	// Took is how long it took; 0 while it runs.
	Took time.Duration
	// Open says that it is not over: one that Failed waits to be tried again.
	Open bool
}

// Outcome returns how the last visit went.
func (n *Node) Outcome() Outcome { return Outcome{n.Status, n.Error, n.Duration - n.earlier, n.open} }

// Tree grows with every event.
type Tree struct {
	Root    *Node
	owner   map[int64]*Node // whose event it is
	kind    map[int64]string
	culprit map[*Node]*Node // whose failure it was that broke a Parallel or Map
}

// New returns the tree of an execution that has no events yet.
func New(name string) *Tree {
	return &Tree{
		Root:  &Node{Name: name, Status: Running},
		owner: map[int64]*Node{}, kind: map[int64]string{}, culprit: map[*Node]*Node{},
	}
}

// Add takes the next event and returns the node that it is about. An event that fits nowhere changes nothing.
func (t *Tree) Add(e machine.HistoryEvent) *Node {
	before := t.owner[e.PreviousID]
	if before == nil {
		before = t.Root
	}
	n := t.place(e, before)
	if n == nil {
		t.owner[e.ID] = before
		return before
	}
	t.owner[e.ID], t.kind[e.ID] = n, e.Type
	switch kind := e.Type; {
	case strings.HasPrefix(kind, "Execution"):
		t.execution(e, before)
	case strings.HasSuffix(kind, "StateEntered"):
		n.enter(e.At)
	case strings.HasSuffix(kind, "StateExited"):
		n.exit(e.At)
	case strings.HasSuffix(kind, "StateAborted"):
		n.abort(e.At)
	case strings.HasPrefix(kind, "MapIteration"):
		n.iteration(e, before)
	case strings.HasPrefix(kind, "MapState"), strings.HasPrefix(kind, "ParallelState"):
		t.container(n, e, before)
	default:
		n.task(e)
	}
	return n
}

func text(v value.Value, key string) string {
	member, _ := v.Get(key)
	return member.Str()
}

// kept is a text for a node, a copy: a part of an event would keep the whole history in memory.
func kept(v value.Value, key string) string { return strings.Clone(text(v, key)) }

// container takes the events of a Parallel or Map between its entry and its exit. A Started that is not the first is a
// retry; nothing else tells of the failure before it.
func (t *Tree) container(n *Node, e machine.HistoryEvent, before *Node) {
	switch {
	case strings.HasSuffix(e.Type, "Started"):
		n.breakOff(before, e.At)
		n.attempt()
	case strings.HasSuffix(e.Type, "Failed"):
		n.breakOff(before, e.At)
		n.leave(Failed, e.At)
		delete(t.culprit, n)
		if before != n && before.climb(func(at *Node) bool { return at == n }) != nil {
			t.culprit[n] = before
		}
	}
}

var endings = map[string]Status{
	"ExecutionSucceeded": Succeeded, "ExecutionFailed": Failed, "ExecutionTimedOut": TimedOut, "ExecutionAborted": Aborted,
}

func (t *Tree) execution(e machine.HistoryEvent, before *Node) {
	if e.Type == "ExecutionStarted" {
		t.Root.enter(e.At)
		return
	}
	if e.Type == "ExecutionRedriven" {
		t.Root.reopen()
		return
	}
	status, ended := endings[e.Type]
	if !ended {
		return
	}
	t.Root.Error, t.Root.Cause = kept(e.Details, "error"), kept(e.Details, "cause")
	if status == Failed {
		t.blame(before)
		t.Root.breakOff(before, e.At)
	}
	t.Root.settle(Aborted, e.At)
	t.Root.leave(status, e.At)
}

const thresholdExceeded = "States.ExceedToleratedFailureThreshold"

// blame writes the execution's error to the state that raised it, unless that has it already: a Fail state, for one, learns
// its error only here. n is where the failure reached the top.
func (t *Tree) blame(n *Node) {
	guilty := n
	for t.culprit[guilty] != nil && t.Root.Error != thresholdExceeded {
		guilty = t.culprit[guilty]
	}
	if guilty.Error != "" && guilty.Error != t.Root.Error {
		guilty = n
	}
	if guilty != t.Root {
		guilty.Error, guilty.Cause = t.Root.Error, t.Root.Cause
	}
}
