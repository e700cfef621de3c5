package view

import (
	"cmp"
	"slices"
)

// sheet is a lineage on its way to a picture. It is laid out in layers, as drawings of state machines are: break cycles, assign
// columns, order them by the mean place of the neighbours.
type sheet struct {
	edges   []Edge
	places  []*place
	byName  map[string]*place
	columns [][]*place
	// lines are the places that each edge passes, its ends among them.
	lines [][]*place
}

// place is a box, or where a line passes through a column when it is not real.
type place struct {
	link         Link
	real         bool
	column, row  int
	x, y         int
	left, right  []*place
	visited, out bool // while cycles are looked for: seen, and finished
}

func newSheet(edges []Edge) *sheet {
	s := &sheet{edges: edges, byName: map[string]*place{}}
	for _, e := range edges {
		s.place(e.Source)
		s.place(e.Target)
	}
	return s
}

func (s *sheet) place(l Link) *place {
	if s.byName[l.Text] == nil {
		p := &place{link: l, real: true}
		s.byName[l.Text] = p
		s.places = append(s.places, p)
	}
	return s.byName[l.Text]
}

// assignColumns puts each place right of all its sources. An edge that closes a cycle does not count.
func (s *sheet) assignColumns() {
	targets := map[*place][]*place{}
	for _, e := range s.edges {
		from := s.byName[e.Source.Text]
		targets[from] = append(targets[from], s.byName[e.Target.Text])
	}
	var sorted []*place
	forward := map[*place][]*place{}
	var visit func(p *place)
	visit = func(p *place) {
		p.visited = true
		for _, to := range targets[p] {
			if !to.visited {
				visit(to)
			}
			if to.out {
				forward[p] = append(forward[p], to)
			}
		}
		p.out = true
		sorted = append(sorted, p)
	}
	for _, p := range s.places {
		if !p.visited {
			visit(p)
		}
	}
	last := 0
	for _, p := range slices.Backward(sorted) {
		for _, to := range forward[p] {
			to.column = max(to.column, p.column+1)
			last = max(last, to.column)
		}
	}
	s.columns = make([][]*place, last+1)
	for _, p := range s.places {
		s.columns[p.column] = append(s.columns[p.column], p)
	}
}

// route gives each edge a place in every column that it crosses.
func (s *sheet) route() {
	for _, e := range s.edges {
		from, to := s.byName[e.Source.Text], s.byName[e.Target.Text]
		line := []*place{from}
		for column := from.column + 1; column < to.column; column++ {
			p := &place{column: column}
			s.columns[column] = append(s.columns[column], p)
			line = append(line, p)
		}
		line = append(line, to)
		for i := 1; i < len(line); i++ {
			line[i].left = append(line[i].left, line[i-1])
			line[i-1].right = append(line[i-1].right, line[i])
		}
		s.lines = append(s.lines, line)
	}
}

const orderSweeps = 8

// order sorts each column so that few lines cross.
func (s *sheet) order() {
	s.number()
	for sweep := range orderSweeps {
		for i := range s.columns {
			if sweep%2 == 1 {
				i = len(s.columns) - 1 - i
			}
			column := s.columns[i]
			weight := map[*place]float64{}
			for _, p := range column {
				weight[p] = p.mean(sweep%2 == 0)
			}
			slices.SortStableFunc(column, func(a, b *place) int { return cmp.Compare(weight[a], weight[b]) })
			s.number()
		}
	}
}

func (s *sheet) number() {
	for _, column := range s.columns {
		for row, p := range column {
			p.row = row
		}
	}
}

// mean is the mean height of the neighbours at one side, from the middle of their columns.
func (p *place) mean(left bool) float64 {
	neighbours := p.right
	if left {
		neighbours = p.left
	}
	if len(neighbours) == 0 {
		return float64(p.row)
	}
	total := 0.0
	for _, n := range neighbours {
		total += float64(n.row)
	}
	return total / float64(len(neighbours))
}
