package view

import (
	"fmt"
	"strings"
)

// Lineage is where data came from and went to, as the statements say that ran.
type Lineage struct {
	// Of is the table, or the address in a bucket, that the picture is about; empty: everything.
	Of string
	// Edges are the ways that are drawn and listed.
	Edges []Edge
	// Hidden counts the ways that are left out.
	Hidden int
	// Places are what has lineage, for the choice.
	Places []string
}

// Template names the page's file.
func (Lineage) Template() string { return "lineage" }

// Drawing is the picture of a lineage: boxes in columns, data goes from left to right.
type Drawing struct {
	Width, Height int
	Boxes         []Box
	Ways          []Way
}

// Box is one table or bucket prefix.
type Box struct {
	X, Y   int
	Link   Link
	Kind   string // bucket, table, other
	Chosen bool
}

// Label is the name as the box has room for it: of a long one the end.
func (b Box) Label() string {
	runes := []rune(visible(b.Link.Text))
	if len(runes) <= labelLength {
		return string(runes)
	}
	return "…" + string(runes[len(runes)-labelLength+1:])
}

// Way is the line of an edge; its label stands at LabelX and LabelY.
type Way struct {
	Edge
	Path           string
	LabelX, LabelY int
}

// Measures of the picture, in its own units.
const (
	boxWidth    = 220
	boxHeight   = 34
	columnWidth = 340
	boxPitch    = 52
	margin      = 12
	labelLength = 26
	backDepth   = 70
)

// Drawing lays out the edges: each place stands right of all its sources, lines pass between the boxes of columns that they
// cross, and places stand near their neighbours.
func (l Lineage) Drawing() Drawing {
	s := newSheet(l.Edges)
	s.assignColumns()
	s.route()
	s.order()
	d := Drawing{Width: 2*margin + (len(s.columns)-1)*columnWidth + boxWidth}
	tallest := 0
	for _, column := range s.columns {
		tallest = max(tallest, len(column))
	}
	d.Height = 2*margin + tallest*boxPitch - (boxPitch - boxHeight)
	for x, column := range s.columns {
		for y, n := range column {
			n.x = margin + x*columnWidth
			n.y = margin + y*boxPitch + (tallest-len(column))*boxPitch/2
			if n.real {
				d.Boxes = append(d.Boxes, Box{X: n.x, Y: n.y, Link: n.link, Kind: kindOf(n.link.Text), Chosen: n.link.Text == l.Of})
			}
		}
	}
	for i, e := range l.Edges {
		w := s.way(e, s.lines[i])
		d.Ways = append(d.Ways, w)
		d.Height = max(d.Height, w.LabelY+margin)
	}
	return d
}

func kindOf(name string) string {
	switch {
	case strings.HasPrefix(name, "s3://"):
		return "bucket"
	case strings.HasPrefix(name, "pg_"):
		return "other"
	}
	return "table"
}

// way is the line of an edge through the places of its nodes. One that closes a cycle leads back below the boxes.
func (s *sheet) way(e Edge, line []*place) Way {
	from, to := line[0], line[len(line)-1]
	w := Way{Edge: e}
	if to.column <= from.column {
		x, y, tx, ty := from.x+boxWidth/2, from.y+boxHeight, to.x+boxWidth/2, to.y+boxHeight
		w.Path = fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x, y, x, max(y, ty)+backDepth, tx, max(y, ty)+backDepth, tx, ty)
		w.LabelX, w.LabelY = (x+tx)/2, max(y, ty)+backDepth*3/4+4
		return w
	}
	var path strings.Builder
	x, y := from.x+boxWidth, from.y+boxHeight/2
	fmt.Fprintf(&path, "M%d %d", x, y)
	for i, next := range line[1:] {
		tx, ty := next.x, next.y+boxHeight/2
		bend := (tx - x) / 2
		fmt.Fprintf(&path, " C%d %d %d %d %d %d", x+bend, y, tx-bend, ty, tx, ty)
		if i == 0 {
			w.LabelX, w.LabelY = (x+tx)/2, (y+ty)/2-4
		}
		x, y = tx, ty
		if !next.real {
			x = next.x + boxWidth
			fmt.Fprintf(&path, " L%d %d", x, y)
		}
	}
	w.Path = path.String()
	return w
}
