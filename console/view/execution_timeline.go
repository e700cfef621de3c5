package view

import "time"

// Timeline is what happened when: a row for each state, branch and iteration, with a bar for each visit.
type Timeline struct {
	Rows []TimelineRow
	// Total is how long the axis is.
	Total time.Duration
	// Hidden counts the rows that are left out.
	Hidden int
}

// TimelineRow is a state, a branch or an iteration.
type TimelineRow struct {
	Depth           int
	Name, Type, URL string
	Status          string
	Chosen          bool
	Visits, Retries int
	Took            time.Duration
	Error           string
	Spans           []Span
}

// Span is a time in which something went on, counted from the start of the execution.
type Span struct {
	From, To time.Duration
	// Kind is how it went, "wait" between two attempts and "queue" before one began, or "sql" for a statement.
	Kind string
	// Text tells what it is, without how long.
	Text string
	URL  string
	// Around says that it is the time of something with states inside.
	Around bool
}

// Indent is the row's depth as far as pages show it.
func (r TimelineRow) Indent() int { return min(r.Depth, 8) }

// Title tells all in words.
func (s Span) Title() string { return s.Text + ", " + took(s.To-s.From) }

// bar is a span as a rectangle in a picture of barScale units.
type bar struct {
	Span
	X, Width, Y, Height int
}

const (
	barScale   = 1000
	leastBar   = 3
	laneHeight = 18
)

// Row draws a row: its bars in a picture of a fixed width. Every bar can be seen, so many short ones move each other on; what a bar
// would cover is left out, but for a failure, which makes that bar one.
func (t Timeline) Row(r TimelineRow) []bar {
	var bars []bar
	for _, s := range r.Spans {
		b := t.bar(s)
		last := len(bars) - 1
		if last < 0 || bars[last].Y != b.Y || b.X >= bars[last].end() {
			bars = append(bars, b)
			continue
		}
		over := b.end() - bars[last].end()
		b.X, b.Width = bars[last].end(), max(over, leastBar)
		if over > 0 && b.end() <= barScale {
			bars = append(bars, b)
		} else if s.Kind == "failed" {
			bars[last].Span = s
		}
	}
	return bars
}

func (b bar) end() int { return b.X + b.Width }

// bar places a span.
func (t Timeline) bar(s Span) bar {
	total := max(t.Total, time.Millisecond)
	b := bar{Span: s, Y: 2, Height: laneHeight - 4}
	b.X = int(min(barScale*s.From/total, barScale-leastBar))
	b.Width = max(leastBar, int(min(barScale*s.To/total, barScale))-b.X)
	switch {
	case s.Around:
		b.Y, b.Height = laneHeight/2-3, 6
	case s.Kind == "sql":
		b.Y, b.Height = laneHeight-4, 4
	}
	return b
}

// Ticks are the times at the axis.
func (t Timeline) Ticks() []time.Duration {
	return []time.Duration{0, t.Total / 4, t.Total / 2, t.Total * 3 / 4, t.Total}
}
