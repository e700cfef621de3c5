package console

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/console/view"
)

const (
	// maxTimelineRows is how many rows a timeline has; maxIterations how many of a Map's iterations are among them.
	maxTimelineRows = 300
	maxIterations   = 12
)

// timeline makes the rows of the tree, and of each visit its bars.
func (p *executionPage) timeline() *view.Timeline {
	end := p.record.StopTime
	if end.IsZero() {
		end = p.console.Now()
	}
	d := &timelineDrawer{page: p, start: p.record.StartTime, end: end, timeline: &view.Timeline{Total: max(end.Sub(p.record.StartTime), time.Millisecond)}}
	d.children(p.history.record.Tree.Root, 0)
	return d.timeline
}

type timelineDrawer struct {
	page       *executionPage
	start, end time.Time
	timeline   *view.Timeline
}

func (d *timelineDrawer) children(n *tree.Node, depth int) {
	left := maxIterations
	for _, child := range n.Children {
		iteration := n.Type == "Map"
		// What is in trouble or at work is shown before the rest.
		if iteration && left <= 0 && (child.Status == tree.Succeeded || left <= -maxIterations) || len(d.timeline.Rows) >= maxTimelineRows {
			d.timeline.Hidden++
			continue
		}
		if iteration {
			left--
		}
		d.timeline.Rows = append(d.timeline.Rows, d.row(child, depth))
		d.children(child, depth+1)
	}
}

func (d *timelineDrawer) row(n *tree.Node, depth int) view.TimelineRow {
	row := view.TimelineRow{
		Depth: depth, Name: n.Name, Type: n.Type, Status: string(d.page.history.statusOf(n)), Visits: n.Visits, Retries: n.Retries,
		Took: n.Duration, Error: n.Error,
	}
	visits := d.page.history.record.At(n)
	if len(visits) == 0 {
		return row
	}
	last := visits[len(visits)-1]
	if row.Status == string(tree.Running) {
		row.Took += max(0, d.end.Sub(last.Began)) - last.Outcome().Took
	}
	if n.Type != "" {
		row.URL = view.ExecutionTab(d.page.shown.Base, view.TimelineTab, n.Name, last.Number)
		row.Chosen = n.Name == d.page.chosen()
	}
	for _, v := range visits {
		row.Spans = d.visit(row.Spans, v)
	}
	row.Spans = d.statements(row.Spans, visits)
	return row
}

// statements adds those that the visits asked for and that went on when the state was left: it is them that take the time where
// a pipeline polls.
func (d *timelineDrawer) statements(spans []view.Span, visits []*visit.Visit) []view.Span {
	of := d.page.sql().byState[visits[0].Node.Name]
	if of == nil || visits[0].Node.Type == "" {
		return spans
	}
	tasks := map[int64]bool{}
	for _, v := range visits {
		for _, a := range v.Attempts {
			tasks[a.Scheduled] = true
		}
	}
	for _, q := range of.statements {
		if tasks[q.Origin.Task] {
			s := d.span(q.Started, q.Started.Add(q.Duration(d.end)), "sql")
			s.Text = "SQL " + statementWord(q.Status) + ": " + oneLine(q.Text)
			spans = append(spans, s)
		}
	}
	return spans
}

// visit adds the bars of one visit: its whole time where there are states inside or nothing is tried, else each attempt with
// the pauses between them.
func (d *timelineDrawer) visit(spans []view.Span, v *visit.Visit) []view.Span {
	o := v.Outcome()
	whole := d.span(v.Began, v.Began.Add(o.Took), string(o.Status))
	if o.Status == tree.Running || d.page.history.retrying(v) {
		whole.To, whole.Kind = d.end.Sub(d.start), string(tree.Running)
	}
	if v.Node.Type != "" {
		whole.URL = view.ExecutionTab(d.page.shown.Base, view.TimelineTab, v.Node.Name, v.Number)
	}
	whole.Around = v.Node.Type == "" || v.Node.Type == "Parallel" || v.Node.Type == "Map"
	if v.Node.Type == "Wait" {
		whole.Kind += " pause"
	}
	whole.Text = v.Node.Name + ": " + string(o.Status)
	if whole.Around || len(v.Attempts) == 0 {
		return append(spans, whole)
	}
	for i := range v.Attempts {
		spans = d.attempt(spans, v, i, whole)
	}
	if last := v.Attempts[len(v.Attempts)-1]; d.page.history.retrying(v) {
		spans = append(spans, d.part(whole, last.Over, d.end, "wait", "waits to be tried again"))
	}
	return spans
}

// attempt adds the bars of one attempt: the pause before it, the time until it began, and itself.
func (d *timelineDrawer) attempt(spans []view.Span, v *visit.Visit, i int, whole view.Span) []view.Span {
	a := v.Attempts[i]
	if i > 0 && !v.Attempts[i-1].Over.IsZero() && a.At.After(v.Attempts[i-1].Over) {
		spans = append(spans, d.part(whole, v.Attempts[i-1].Over, a.At, "wait", "waited to be tried again"))
	}
	began := a.At
	if a.Began.After(a.At) {
		spans = append(spans, d.part(whole, a.At, a.Began, "queue", "waited to begin"))
		began = a.Began
	}
	kind, over := d.page.history.attemptStatus(v, a), a.Over
	if over.IsZero() {
		over = d.start.Add(whole.To)
	}
	words := string(kind)
	if a.Error != "" {
		words += ", " + a.Error
	}
	return append(spans, d.part(whole, began, over, string(kind), words))
}

// attemptStatus is how an attempt went; one without an end was cut off with its visit.
func (h *history) attemptStatus(v *visit.Visit, a visit.Attempt) tree.Status {
	switch {
	case a.Failed:
		return tree.Failed
	case a.Ended > 0:
		return tree.Succeeded
	}
	return v.Outcome().Status
}

// part is a part of a visit's time.
func (d *timelineDrawer) part(whole view.Span, from, to time.Time, kind, words string) view.Span {
	s := d.span(from, to, kind)
	name, _, _ := strings.Cut(whole.Text, ":")
	s.URL, s.Text = whole.URL, name+": "+words
	return s
}

func (d *timelineDrawer) span(from, to time.Time, kind string) view.Span {
	start := max(0, from.Sub(d.start))
	return view.Span{From: start, To: max(start, to.Sub(d.start)), Kind: kind}
}
