package tree_test

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/value"
)

// recorded returns the histories that AWS recorded, by case. Those whose branches lost their ids cannot be read.
func recorded(t *testing.T) map[string][]machine.HistoryEvent {
	t.Helper()
	out := map[string][]machine.HistoryEvent{}
	for _, c := range conformance.Cases(t, "execution") {
		if !c.HasHistory() || c.Ordering == "parallel-normalised" {
			continue
		}
		list, _ := c.Expected.Get("history")
		for _, item := range list.Items() {
			e, err := machine.HistoryEventOf(item.With("timestamp", value.OfInt(int64(1000+len(out[c.ID])))))
			if err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			out[c.ID] = append(out[c.ID], e)
		}
	}
	return out
}

// TestRecordedHistories checks the rules of every tree on every recorded history.
func TestRecordedHistories(t *testing.T) {
	histories := recorded(t)
	for id, history := range histories {
		check(t, id, history)
	}
	t.Logf("%d histories", len(histories))
}

var finals = map[string]tree.Status{
	"ExecutionSucceeded": tree.Succeeded, "ExecutionFailed": tree.Failed,
	"ExecutionAborted": tree.Aborted, "ExecutionTimedOut": tree.TimedOut,
}

func check(t *testing.T, id string, history []machine.HistoryEvent) {
	t.Helper()
	built, entered := tree.New("x"), map[*tree.Node]int{}
	for _, e := range history {
		n := built.Add(e)
		name, _ := e.Details.Get("name")
		switch {
		case strings.HasSuffix(e.Type, "StateEntered"):
			entered[n]++
			if n.Name != name.Str() || n.Type+"StateEntered" != e.Type {
				t.Errorf("%s: event %s is about %q", id, e, n.Name)
			}
		case strings.HasSuffix(e.Type, "StateExited"):
			if n.Name != name.Str() || n.Status == tree.Running {
				t.Errorf("%s: event %s is about %q, %s", id, e, n.Name, n.Status)
			}
		}
	}
	status, ended := finals[history[len(history)-1].Type]
	if !ended {
		status = tree.Running
	}
	if built.Root.Status != status {
		t.Errorf("%s: the execution %s, want %s", id, built.Root.Status, status)
	}
	walk(built.Root, func(n *tree.Node) {
		if ended && (n.Status == tree.Running || n.Status == "") {
			t.Errorf("%s: %q is %q after the end", id, n.Name, n.Status)
		}
		if n.Duration < 0 || n.Duration > built.Root.Duration && ended {
			t.Errorf("%s: %q took %s of %s", id, n.Name, n.Duration, built.Root.Duration)
		}
		if n.Type != "" && n.Visits != entered[n] {
			t.Errorf("%s: %q has %d visits, was entered %d times", id, n.Name, n.Visits, entered[n])
		}
		delete(entered, n)
	})
	if len(entered) > 0 {
		t.Errorf("%s: %d states are not in the tree", id, len(entered))
	}
}

func walk(n *tree.Node, visit func(*tree.Node)) {
	visit(n)
	for _, c := range n.Children {
		walk(c, visit)
	}
}

// Whatever comes, in whatever order, a tree takes it: histories that lack events, in disorder, mixed up with others.
func TestDamagedHistories(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	var earlier []machine.HistoryEvent
	for _, history := range recorded(t) {
		damaged := append(append([]machine.HistoryEvent{}, history...), earlier...)
		random.Shuffle(len(damaged), func(i, j int) { damaged[i], damaged[j] = damaged[j], damaged[i] })
		for _, list := range [][]machine.HistoryEvent{damaged, history[len(history)/2:], history[:len(history)/2]} {
			built := tree.New("x")
			for _, e := range list {
				built.Add(e)
			}
			walk(built.Root, func(n *tree.Node) {
				if n.Duration < 0 {
					t.Errorf("%q took %s", n.Name, n.Duration)
				}
			})
		}
		earlier = history
	}
}
