package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/console/view"
)

// outline draws a tree of states as text, one line a node. A loop that polls is drawn in the line of its task.
type outline struct {
	colour bool
	width  int // columns; longer lines are cut, 0: none is
	now    time.Time
}

const (
	// iterationsShown is how many iterations of a Map are drawn: those that run or failed before others.
	iterationsShown = 8
	// longestName is up to where names are padded.
	longestName = 40
)

var marks = map[tree.Status]struct{ sign, colour string }{
	tree.Running:   {"●", "36"},
	tree.Succeeded: {"✔", "32"},
	tree.Caught:    {"↷", "33"},
	tree.Failed:    {"✖", "31"},
	tree.TimedOut:  {"✖", "31"},
	tree.Aborted:   {"■", "33"},
}

// lines returns the drawing of the tree below and with its root.
func (o outline) lines(root *tree.Node) []string {
	head := fmt.Sprintf("%s %s %s %s", o.mark(root.Status), printable(root.Name, ""), root.Status, duration(o.spent(root)))
	return append([]string{o.cut(head + o.complaint(root))}, o.below(root, "")...)
}

func (o outline) below(n *tree.Node, indent string) []string {
	children, hidden := chosen(n.Children)
	shown := folded(children)
	names := 0
	for _, e := range shown {
		names = max(names, min(longestName, columnsIn(printable(e.Name, ""))))
	}
	var out []string
	for i, e := range shown {
		arm, deeper := "├─ ", "│  "
		if i == len(shown)-1 && hidden == "" {
			arm, deeper = "└─ ", "   "
		}
		out = append(out, o.cut(indent+arm+o.entry(e, names)))
		out = append(out, o.below(e.Node, indent+deeper)...)
	}
	if hidden != "" {
		out = append(out, o.cut(indent+"└─ … and "+hidden))
	}
	return out
}

// chosen leaves out iterations when there are many, and says what it left out.
func chosen(children []*tree.Node) (shown []*tree.Node, hidden string) {
	if len(children) <= iterationsShown || children[0].Type != "" {
		return children, ""
	}
	special := 0
	for _, c := range children {
		if c.Status != tree.Succeeded {
			special++
		}
	}
	special = min(special, iterationsShown)
	plain, left := iterationsShown-special, map[tree.Status]int{}
	for _, c := range children {
		room := &special
		if c.Status == tree.Succeeded {
			room = &plain
		}
		if *room == 0 {
			left[c.Status]++
			continue
		}
		*room--
		shown = append(shown, c)
	}
	return shown, tally(left) + " more"
}

// tally prints counts by status: "990 succeeded, 2 failed".
func tally(counts map[tree.Status]int) string {
	var parts []string
	for _, status := range []tree.Status{tree.Succeeded, tree.Failed, tree.Aborted, tree.Running} {
		if n := counts[status]; n > 0 {
			parts = append(parts, grouped(int64(n))+" "+string(status))
		}
	}
	return strings.Join(parts, ", ")
}

// entry is a node with the loop that polls for its end: Wait, a task that reads, Choice, as far as they were entered.
type entry struct {
	*tree.Node
	loop []*tree.Node
}

// folded joins tasks with the loops behind them. A loop in which something went wrong stays apart.
func folded(children []*tree.Node) []entry {
	var out []entry
	for i := 0; i < len(children); i++ {
		e := entry{Node: children[i]}
		if e.Type == "Task" && e.Status == tree.Succeeded {
			e.loop = loopOf(children[i+1:])
		}
		i += len(e.loop)
		out = append(out, e)
	}
	return out
}

func loopOf(next []*tree.Node) []*tree.Node {
	for i, kind := range []string{"Wait", "Task", "Choice"} {
		switch {
		case i == len(next) && i > 0 && next[i-1].Status == tree.Running:
			return next[:i]
		case i >= len(next) || next[i].Type != kind || kind == "Task" && !reads(next[i]):
			return nil
		case next[i].Status != tree.Succeeded && next[i].Status != tree.Running:
			return nil
		}
	}
	return next[:3]
}

// reads reports whether a task only asks for how something is.
func reads(n *tree.Node) bool {
	_, operation, _ := strings.Cut(n.Resource, ":")
	return strings.HasPrefix(operation, "describe") || strings.HasPrefix(operation, "get")
}

// joined is the node that stands for a task and its loop. Its Duration has what still runs.
func (o outline) joined(e entry) *tree.Node {
	sum := *e.Node
	sum.Duration = o.spent(e.Node)
	for _, n := range e.loop {
		sum.Duration += o.spent(n)
		sum.Rows, sum.Retries = max(sum.Rows, n.Rows), sum.Retries+n.Retries
		if n.Status == tree.Running {
			sum.Status = n.Status
		}
	}
	sum.Entered = time.Time{}
	return &sum
}

// entry is one line: mark, name, how long it took, what the state does, how often and how it went.
func (o outline) entry(e entry, names int) string {
	n := o.joined(e)
	name := printable(n.Name, "")
	parts := []string{o.mark(n.Status), name + strings.Repeat(" ", max(0, names-columnsIn(name))), fmt.Sprintf("%7s", duration(o.spent(n)))}
	if what := cmp.Or(n.Resource, n.Type); what != "" {
		parts = append(parts, o.faint(printable(what, "")))
	}
	if n.Visits > 1 {
		parts = append(parts, "×"+strconv.Itoa(n.Visits))
	}
	if n.Type == "Map" && len(n.Children) > 0 { // a distributed one has its items elsewhere
		parts = append(parts, iterations(n))
	}
	if len(e.loop) > 1 {
		parts = append(parts, "polled ×"+strconv.Itoa(e.loop[1].Visits))
	}
	if n.Rows > 0 {
		parts = append(parts, counted(n.Rows, "row"))
	}
	if n.Retries > 0 {
		parts = append(parts, strconv.Itoa(n.Retries)+" retried")
	}
	return strings.Join(parts, " ") + o.complaint(n)
}

func iterations(n *tree.Node) string {
	counts := map[tree.Status]int{}
	for _, c := range n.Children {
		counts[c.Status]++
	}
	if counts[tree.Succeeded] == len(n.Children) {
		return counted(int64(len(n.Children)), "iteration")
	}
	return tally(counts)
}

func (o outline) complaint(n *tree.Node) string {
	if n.Error == "" && n.Cause == "" || n.Status == tree.Running || n.Status == tree.Succeeded {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimSpace(causeOf(n.Error, n.Cause)), "\n")
	text := strings.TrimPrefix(strings.TrimSuffix(n.Error+": "+first, ": "), ": ")
	return "  " + o.paint(printable(text, ""), marks[n.Status].colour)
}

// causeOf is a cause in a sentence: what is JSON is unfolded, and an error within it is named unless it is the one outside.
func causeOf(name, cause string) string {
	c := view.Unfold(cause)
	if c.Kind != "" && c.Kind != name && c.Kind != c.Message {
		return c.Kind + ": " + c.Message
	}
	return c.Message
}

func (o outline) spent(n *tree.Node) time.Duration {
	if n.Status == tree.Running && !n.Entered.IsZero() && !o.now.IsZero() {
		return n.Duration + max(0, o.now.Sub(n.Entered))
	}
	return n.Duration
}

func (o outline) mark(s tree.Status) string { return o.paint(marks[s].sign, marks[s].colour) }

func (o outline) faint(text string) string { return o.paint(text, "2") }

func (o outline) paint(text, colour string) string {
	if !o.colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// cut shortens a line to the width.
func (o outline) cut(line string) string {
	if o.width <= 0 {
		return line
	}
	short, _ := clip(line, o.width)
	if o.colour && short != line {
		short += "\x1b[0m"
	}
	return short
}

// duration prints a time as people read it: 12ms, 3.4s, 2m05s.
func duration(d time.Duration) string {
	tenths := d.Round(100 * time.Millisecond)
	switch {
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
	case tenths < time.Minute:
		return strconv.FormatFloat(tenths.Seconds(), 'f', 1, 64) + "s"
	case tenths < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(tenths.Minutes()), int(tenths.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(tenths.Hours()), int(tenths.Minutes())%60)
}

// grouped prints a number with commas between thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// counted prints how many of something there are: "1 row", "1,234 rows".
func counted(n int64, what string) string {
	if n != 1 {
		what += "s"
	}
	return grouped(n) + " " + what
}
