package cli

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/warehouse"
)

// progress shows an execution while it runs.
type progress interface {
	// event follows one history event; t has it already.
	event(t *tree.Tree, n *tree.Node, e machine.HistoryEvent)
	// tick is called a few times a second.
	tick(t *tree.Tree, now time.Time)
	// end shows how it all went.
	end(t *tree.Tree)
}

func newProgress(s Streams) progress {
	if s.Size != nil {
		return &liveTree{out: s.Err, size: s.Size}
	}
	return &plainLines{out: s.Err, told: map[*tree.Node]tree.Status{}}
}

// plainLines tells when a state ends or fails, and draws the whole tree at the end. It does not tell about pauses, choices
// and what succeeded in an iteration, and of a loop that polls only how it ended.
type plainLines struct {
	out  io.Writer
	told map[*tree.Node]tree.Status // what was told last
}

// plainWidth is where plain lines are cut: a cause may have many thousand characters.
const plainWidth = 240

func (p *plainLines) event(t *tree.Tree, n *tree.Node, e machine.HistoryEvent) {
	if n == t.Root || n.Type == "" {
		return
	}
	switch {
	case strings.HasSuffix(e.Type, "StateEntered"):
		p.polled(t, n, e)
		if n.Type == "Fail" {
			p.tell(t, entry{Node: n}, e)
		}
	case strings.HasSuffix(e.Type, "Failed"), strings.HasSuffix(e.Type, "TimedOut"):
		p.tell(t, entry{Node: n}, e)
	case strings.HasSuffix(e.Type, "StateExited") && p.news(n):
		p.tell(t, entry{Node: n}, e)
	}
}

// polled tells how the loops ended that the entry of n leaves.
func (p *plainLines) polled(t *tree.Tree, n *tree.Node, e machine.HistoryEvent) {
	if iterationOf(n) != nil {
		return
	}
	for _, f := range folded(n.Parent.Children) {
		if len(f.loop) == 3 && p.told[f.loop[1]] == "" && !slices.Contains(f.loop, n) {
			p.tell(t, f, e)
			p.told[f.loop[1]] = f.loop[1].Status
		}
	}
}

// news reports whether the end of a state is worth a line: the first one, or success after a failure.
func (p *plainLines) news(n *tree.Node) bool {
	if told := p.told[n]; told != "" && (told != tree.Failed || n.Status != tree.Succeeded) {
		return false
	}
	if n.Type == "Wait" || n.Type == "Choice" || iterationOf(n) != nil {
		return false
	}
	before := slices.Index(n.Parent.Children, n) - 1
	return before < 0 || !reads(n) || n.Parent.Children[before].Type != "Wait"
}

// iterationOf returns the iteration of a Map in which a state stands, nil when there is none.
func iterationOf(n *tree.Node) *tree.Node {
	for at := n; at.Parent != nil; at = at.Parent {
		if at.Parent.Type == "Map" {
			return at
		}
	}
	return nil
}

func (p *plainLines) tell(t *tree.Tree, of entry, e machine.HistoryEvent) {
	p.told[of.Node] = of.Status
	where := strings.Repeat("  ", depth(of.Node))
	if in := iterationOf(of.Node); in != nil {
		where += in.Name + " "
	}
	o := outline{width: plainWidth, now: e.At}
	fmt.Fprintf(p.out, "%8s  %s\n", duration(e.At.Sub(t.Root.Entered)), o.cut(where+o.entry(of, 0)))
}

func depth(n *tree.Node) int {
	levels := -1
	for at := n.Parent; at != nil; at = at.Parent {
		levels++
	}
	return levels
}

func (p *plainLines) tick(*tree.Tree, time.Time) {}

func (p *plainLines) end(t *tree.Tree) {
	fmt.Fprintln(p.out, strings.Join(outline{width: plainWidth}.lines(t.Root), "\n"))
}

// liveTree draws the tree in place on a terminal.
type liveTree struct {
	out   io.Writer
	size  func() (columns, lines int)
	drawn []string // on the screen; the next drawing replaces them
	// loads, if set, tells the COPYs that run; they stand below the tree.
	loads func() []warehouse.Loading
}

func (l *liveTree) event(*tree.Tree, *tree.Node, machine.HistoryEvent) {}

// screen returns the terminal's size; some know none.
func (l *liveTree) screen() (columns, lines int) {
	columns, lines = l.size()
	if columns <= 0 || lines <= 0 {
		return 80, 24
	}
	return columns, lines
}

func (l *liveTree) tick(t *tree.Tree, now time.Time) {
	columns, rows := l.screen()
	lines := outline{colour: true, width: columns, now: now}.lines(t.Root)
	if l.loads != nil {
		for _, running := range l.loads() {
			line, _ := clip("   "+loadLine(running, now), columns)
			lines = append(lines, line)
		}
	}
	if room := max(rows-2, 1); len(lines) > room {
		hidden := len(lines) - room + 1
		above, _ := clip(fmt.Sprintf("   … %d lines above", hidden-1), columns)
		lines = append([]string{lines[0], above}, lines[min(hidden+1, len(lines)):]...)[:room]
	}
	l.draw(lines, columns)
}

// draw replaces the last drawing. A terminal that became narrower has wrapped its lines.
func (l *liveTree) draw(lines []string, columns int) {
	up := 0
	for _, line := range l.drawn {
		_, width := clip(line, math.MaxInt)
		up += max(1, (width+columns-1)/columns)
	}
	var out strings.Builder
	if up > 0 {
		fmt.Fprintf(&out, "\x1b[%dA\r\x1b[J", up)
	}
	for _, line := range lines {
		out.WriteString(line + "\n")
	}
	l.drawn = lines
	io.WriteString(l.out, out.String())
}

func (l *liveTree) end(t *tree.Tree) {
	columns, _ := l.screen()
	l.draw(outline{colour: true, width: columns}.lines(t.Root), columns)
}
