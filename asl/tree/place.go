package tree

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/asl/machine"
)

// place finds the node of an event; nil when there is none. Most events name no state, and the event before need not be one
// of the same state: an iteration follows an event inside another one, and what a failure cuts follows that failure.
func (t *Tree) place(e machine.HistoryEvent, before *Node) *Node {
	name := text(e.Details, "name")
	switch kind := e.Type; {
	case strings.HasPrefix(kind, "Execution"):
		return t.Root
	case strings.HasSuffix(kind, "StateEntered"):
		return t.scope(e, before, name).child(name, strings.TrimSuffix(kind, "StateEntered"))
	case strings.HasSuffix(kind, "StateExited"):
		return before.climb(func(n *Node) bool { return n.Name == name && n.Type != "" })
	case strings.HasSuffix(kind, "StateAborted"):
		return before.cut(strings.TrimSuffix(kind, "StateAborted"))
	case strings.HasPrefix(kind, "MapIteration"):
		return before.iterationOf(e, name)
	case strings.HasPrefix(kind, "MapState"), strings.HasPrefix(kind, "ParallelState"):
		return before.climb(func(n *Node) bool { return n.open && n.isContainer() && strings.HasPrefix(kind, n.Type) })
	case kind == "EvaluationFailed":
		return t.evaluated(e, before)
	}
	return before
}

// scope is the node under which a state stands.
func (t *Tree) scope(e machine.HistoryEvent, before *Node, name string) *Node {
	switch kind := t.kind[e.PreviousID]; {
	case kind == "ParallelStateStarted":
		branch := before.branch(name)
		branch.enter(e.At)
		return branch
	case kind == "MapIterationStarted", before.Parent == nil:
		return before
	}
	return before.Parent
}

// branch returns the branch of a Parallel that starts at a state. AWS does not enter branches in their order.
func (n *Node) branch(startAt string) *Node {
	for _, b := range n.Children {
		if b.Children[0].Name == startAt {
			return b
		}
	}
	return n.child("branch "+strconv.Itoa(len(n.Children)+1), "")
}

func (n *Node) child(name, kind string) *Node {
	key := kind + " " + name
	if c := n.byName[key]; c != nil {
		return c
	}
	if n.byName == nil {
		n.byName = map[string]*Node{}
	}
	// The parts of key are copies of what may be parts of a whole history.
	c := &Node{Name: key[len(kind)+1:], Type: key[:len(kind)], Parent: n}
	n.byName[key] = c
	n.Children = append(n.Children, c)
	return c
}

// climb returns the nearest of n and the nodes around it that fits.
func (n *Node) climb(fits func(*Node) bool) *Node {
	for at := n; at != nil; at = at.Parent {
		if fits(at) {
			return at
		}
	}
	return nil
}

// running returns the first node below n that runs and fits.
func (n *Node) running(fits func(*Node) bool) *Node {
	for _, c := range n.Children {
		if c.Status == Running && fits(c) {
			return c
		}
		if found := c.running(fits); found != nil {
			return found
		}
	}
	return nil
}

// broken is the Parallel or Map that a failure in n breaks.
func (n *Node) broken() *Node {
	return n.climb(func(at *Node) bool { return at.open && at.isContainer() })
}

// cut returns the state of a type that is aborted: the one that failed, or one beside it.
func (n *Node) cut(kind string) *Node {
	if n.Type == kind && n.open && !n.isContainer() {
		return n
	}
	if around := n.broken(); around != nil {
		return around.running(func(c *Node) bool { return c.Type == kind })
	}
	return nil
}

func (n *Node) iterationOf(e machine.HistoryEvent, name string) *Node {
	index, _ := e.Details.Get("index")
	iteration := "#" + index.Spelling()
	if e.Type == "MapIterationAborted" {
		around := n.broken()
		if around == nil {
			return nil
		}
		return around.running(func(c *Node) bool { return c.Name == iteration && c.Type == "" && c.Parent.Name == name })
	}
	in := n.climb(func(at *Node) bool { return at.Type == "Map" && at.Name == name })
	if in == nil {
		return nil
	}
	return in.child(iteration, "")
}

// evaluated finds the state whose JSONata failed. The event may follow what its state's entry follows.
func (t *Tree) evaluated(e machine.HistoryEvent, before *Node) *Node {
	state := text(e.Details, "state")
	if before.Name == state {
		return before
	}
	around := before.Parent
	if kind := t.kind[e.PreviousID]; around == nil || strings.HasSuffix(kind, "Started") {
		around = before
	}
	return around.running(func(n *Node) bool { return n.Name == state })
}
