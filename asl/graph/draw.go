package graph

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	margin   = 20
	corner   = 7 // radius where a lane turns
	portGap  = 16
	portEdge = 16 // how far from a box's corner an edge may begin
)

// pen writes SVG. x and y are where the corner of the current sheet lies in the picture.
type pen struct {
	out  []byte
	x, y float64
	Options
}

func (p *pen) print(format string, args ...any) { p.out = fmt.Appendf(p.out, format, args...) }

// px prints a coordinate with one decimal at most.
func px(f float64) string {
	return strconv.FormatFloat(math.Round(f*10)/10+0, 'f', -1, 64)
}

func escape(text string) string {
	var out strings.Builder
	// A strings.Builder takes everything that it is given.
	_ = xml.EscapeText(&out, []byte(text))
	return out.String()
}

func (p *pen) document(title string, s *sheet) {
	width, height := s.width+2*margin, s.height+2*margin
	role := "img"
	if p.Link != nil {
		role = "group" // a picture hides what is in it from screen readers
	}
	p.print(`<svg xmlns="http://www.w3.org/2000/svg" class="stepwell-graph" role="%s" viewBox="0 0 %s %s" width="%s" height="%s">`,
		role, px(width), px(height), px(width), px(height))
	if title != "" {
		p.print("<title>%s</title>", escape(title))
	}
	if !p.Bare {
		p.print("<style>%s</style>\n", style)
	}
	p.print("%s\n", markers)
	p.sheet(s, margin, margin)
	p.print("</svg>\n")
}

func (p *pen) sheet(s *sheet, x, y float64) {
	outerX, outerY := p.x, p.y
	p.x, p.y = x, y
	rows := rowsOf(s)
	starts, ends := s.ports()
	for _, g := range s.segments {
		p.segment(g, rows, starts[g], ends[g])
	}
	for _, l := range s.lanes {
		p.lane(l, rows)
	}
	for _, layer := range s.layers {
		for _, n := range layer {
			p.node(n)
		}
	}
	p.x, p.y = outerX, outerY
}

// row is the space of one layer.
type row struct{ top, bottom float64 }

func rowsOf(s *sheet) []row {
	rows := make([]row, len(s.layers))
	for i, layer := range s.layers {
		rows[i] = row{math.Inf(1), math.Inf(-1)}
		for _, n := range layer {
			rows[i] = row{min(rows[i].top, n.top()), max(rows[i].bottom, n.bottom())}
		}
	}
	return rows
}

// ports says where on its nodes each segment begins and ends.
func (s *sheet) ports() (starts, ends map[*segment]float64) {
	starts, ends = map[*segment]float64{}, map[*segment]float64{}
	for _, layer := range s.layers {
		for _, n := range layer {
			n.attach(n.below, func(g *segment) *node { return g.lower }, starts)
			n.attach(n.above, func(g *segment) *node { return g.upper }, ends)
		}
	}
	return starts, ends
}

// attach spreads segments over a side of a box, each towards its other end.
func (n *node) attach(segments []*segment, other func(*segment) *node, ports map[*segment]float64) {
	if n.kind != stateNode || len(segments) < 2 {
		for _, g := range segments {
			ports[g] = n.line()
		}
		return
	}
	sorted := slices.Clone(segments)
	slices.SortStableFunc(sorted, func(a, b *segment) int { return cmp.Compare(other(a).line(), other(b).line()) })
	reach := n.width/2 - portEdge
	gap := min(portGap, 2*reach/float64(len(sorted)-1))
	wish, weight, gaps := make([]float64, len(sorted)), make([]float64, len(sorted)), make([]float64, len(sorted))
	for i, g := range sorted {
		wish[i] = min(reach, max(-reach, (other(g).line()-n.x)/2))
		weight[i], gaps[i] = 1, gap
	}
	gaps[0] = 0
	for i, x := range spread(wish, weight, gaps) {
		ports[sorted[i]] = n.x + min(reach, max(-reach, x))
	}
}

func (p *pen) segment(g *segment, rows []row, x1, x2 float64) {
	upper, lower := rows[g.upper.layer], rows[g.lower.layer]
	y1, y2 := g.upper.bottom(), g.lower.top()
	if g.lower.kind == bendNode {
		y2 = lower.bottom
	}
	path := p.move(x1, y1)
	// A line of no length would turn the arrow head.
	if y1 < upper.bottom {
		path += p.line(x1, upper.bottom)
	}
	path += p.curve(x1, upper.bottom, x2, lower.top)
	if y2 > lower.top {
		path += p.line(x2, y2)
	}
	p.edge(path, g.dashed, g.arrow)
}

func (p *pen) edge(path string, dashed, arrow bool) {
	class, marker := "edge", ""
	if dashed {
		class = "edge catch"
	}
	if arrow {
		marker = ` marker-end="url(#stepwell-arrow)"`
		if dashed {
			marker = ` marker-end="url(#stepwell-arrow-catch)"`
		}
	}
	p.print(`<path class="%s" d="%s"%s/>`+"\n", class, path, marker)
}

func (p *pen) move(x, y float64) string { return "M" + p.point(x, y) }
func (p *pen) line(x, y float64) string { return "L" + p.point(x, y) }

func (p *pen) point(x, y float64) string { return px(p.x+x) + " " + px(p.y+y) }

// curve leads from one height to another and is vertical at both ends.
func (p *pen) curve(x1, y1, x2, y2 float64) string {
	if math.Abs(x1-x2) < 0.5 {
		return p.line(x2, y2)
	}
	middle := (y1 + y2) / 2
	return "C" + p.point(x1, middle) + " " + p.point(x2, middle) + " " + p.point(x2, y2)
}

func (p *pen) turn(x1, y1, x2, y2 float64) string {
	return "Q" + p.point(x1, y1) + " " + p.point(x2, y2)
}

// lane draws a back edge: out of the right side of its source, up its bends, into the right side of its target.
func (p *pen) lane(l *lane, rows []row) {
	from, to := l.edge.from, l.edge.to
	last := l.bends[len(l.bends)-1]
	x, y1, y2 := last.line(), from.y+corner+1, to.y-corner-1
	path := p.move(from.right(), y1) + p.line(x-corner, y1) + p.turn(x, y1, x, y1-corner)
	for i := len(l.bends) - 2; i >= 0; i-- {
		bend := l.bends[i]
		path += p.line(x, rows[bend.layer+1].top) + p.curve(x, rows[bend.layer+1].top, bend.line(), rows[bend.layer].bottom)
		x = bend.line()
	}
	path += p.line(x, y2+corner) + p.turn(x, y2, x-corner, y2) + p.line(to.right(), y2)
	p.edge(path, l.edge.dashed, true)
}
