package tree

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

func (n *Node) enter(at time.Time) {
	if n.Visits++; n.Visits > 1 {
		n.Before = n.Outcome()
	}
	n.Status, n.open, n.Entered, n.earlier = Running, true, at, n.Duration
	n.Error, n.Cause, n.attempts = "", "", 0
	if n.Type == "Fail" {
		n.leave(Failed, at)
	}
	if n.Parent.isBranch() {
		n.Parent.resume()
	}
}

// exit leaves a state. No event ends a branch: it is taken as done until another state of it is entered.
func (n *Node) exit(at time.Time) {
	status, inside := Succeeded, Succeeded
	if n.Status == Failed {
		status, inside = Caught, Aborted
	}
	n.settle(inside, at)
	n.leave(status, at)
	if n.Parent.isBranch() {
		n.Parent.leave(Succeeded, at)
	}
}

// resume takes a visit for running that seemed to be over.
func (n *Node) resume() { n.Status, n.Duration = Running, n.earlier }

// reopen takes the states that had not succeeded for running again.
func (n *Node) reopen() {
	if n.Status == Succeeded || n.Status == Caught {
		return
	}
	n.resume()
	n.open, n.Error, n.Cause = true, "", ""
	for _, c := range n.Children {
		c.reopen()
	}
}

func (n *Node) isBranch() bool {
	return n != nil && n.Type == "" && n.Parent != nil && n.Parent.Type == "Parallel"
}

func (n *Node) isContainer() bool { return n.Type == "Parallel" || n.Type == "Map" }

func (n *Node) leave(status Status, at time.Time) {
	n.Status, n.open = status, false
	n.spend(at)
}

// spend counts this visit's time. Clocks may be set back while an execution runs.
func (n *Node) spend(at time.Time) {
	if !n.Entered.IsZero() {
		n.Duration = n.earlier + max(0, at.Sub(n.Entered))
	}
}

// abort keeps the status of a task that failed: AWS calls it aborted when the failure breaks what is around it.
func (n *Node) abort(at time.Time) {
	if n.Status == Running {
		n.Status = Aborted
	}
	n.leave(n.Status, at)
}

// settle ends what still runs below n.
func (n *Node) settle(status Status, at time.Time) {
	for _, c := range n.Children {
		if c.Status == Running {
			c.leave(status, at)
		}
		c.open = false
		c.settle(status, at)
	}
}

// breakOff ends everything below n because of a failure in from: what stands between the two failed, the rest is aborted.
func (n *Node) breakOff(from *Node, at time.Time) {
	for f := from; f != n && f != nil; f = f.Parent {
		if f.Status == Running || f.open {
			f.leave(Failed, at)
		}
	}
	n.settle(Aborted, at)
}

func (n *Node) iteration(e machine.HistoryEvent, before *Node) {
	switch e.Type {
	case "MapIterationStarted":
		n.enter(e.At)
	case "MapIterationSucceeded":
		n.settle(Succeeded, e.At)
		n.leave(Succeeded, e.At)
	case "MapIterationFailed":
		n.breakOff(before, e.At)
		n.leave(Failed, e.At)
	case "MapIterationAborted":
		n.abort(e.At)
	}
}

func (n *Node) attempt() {
	if n.attempts++; n.attempts > 1 {
		n.Retries++
		n.resume()
	}
}

func (n *Node) task(e machine.HistoryEvent) {
	switch {
	case strings.HasSuffix(e.Type, "Scheduled"):
		n.attempt()
		if kind, name := text(e.Details, "resourceType"), text(e.Details, "resource"); kind != "" {
			n.Resource = strings.TrimPrefix(kind, "aws-sdk:") + ":" + name
		}
	case strings.HasSuffix(e.Type, "Succeeded"):
		n.rows(text(e.Details, "output"))
	case strings.HasSuffix(e.Type, "Failed"), strings.HasSuffix(e.Type, "TimedOut"):
		n.Status = Failed
		n.Error, n.Cause = kept(e.Details, "error"), kept(e.Details, "cause")
		n.spend(e.At)
	}
}

// rows reads the ResultRows that the Redshift Data API's DescribeStatement answers.
func (n *Node) rows(output string) {
	answer, err := value.Parse(output)
	if err != nil {
		return
	}
	if rows, ok := answer.Get("ResultRows"); ok {
		count, _ := rows.Int()
		n.Rows = max(n.Rows, count)
	}
}
