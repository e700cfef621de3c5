package report

import "strings"

// grid is the measured form of a table: the lines of every cell and the widths of the columns.
type grid struct {
	border  int
	headers [][]line
	// titles are the widths of the headers, widest those of the columns, average those of the values alone.
	titles, widest, average []int
}

func widestOf(of []line) int {
	n := 0
	for _, l := range of {
		n = max(n, l.width)
	}
	return n
}

func measure(t Table, border int) *grid {
	g := &grid{border: border}
	for i, column := range t.Columns {
		header := lines(column.Name)
		title, widest, sum := widestOf(header), 0, 0
		for _, row := range t.Rows {
			n := widestOf(lines(row[i].Text))
			widest = max(widest, n)
			sum += n
		}
		if len(t.Rows) > 0 {
			sum /= len(t.Rows)
		}
		g.headers = append(g.headers, header)
		g.titles = append(g.titles, title)
		g.widest = append(g.widest, max(title, widest))
		g.average = append(g.average, sum)
	}
	return g
}

// frame is how many columns of the terminal the borders take.
func (g *grid) frame() int {
	n := len(g.widest)
	switch {
	case g.border == 0:
		return n
	case g.border == 1:
		return 3*n - min(n, 1)
	}
	return 3*n + 1
}

func (g *grid) total() int { return g.frame() + sum(g.widest) }

func sum(numbers []int) int {
	n := 0
	for _, one := range numbers {
		n += one
	}
	return n
}

// wrapped returns the widths after shrinking columns until the table fits; columns do not get narrower than their titles.
// The column that loses least is the one whose widest value is furthest from its average.
func (g *grid) wrapped(target int) []int {
	widths := append([]int(nil), g.widest...)
	if target <= 0 || target < g.frame()+sum(g.titles) {
		return widths
	}
	for excess := g.total() - target; excess > 0; excess-- {
		worst := g.worst(widths)
		if worst < 0 {
			break
		}
		widths[worst]--
	}
	return widths
}

func (g *grid) worst(widths []int) int {
	worst, highest := -1, 0.0
	for i, n := range widths {
		if g.average[i] == 0 || n <= g.titles[i] {
			continue
		}
		if ratio := float64(n)/float64(g.average[i]) + float64(g.widest[i])*0.01; ratio > highest {
			worst, highest = i, ratio
		}
	}
	return worst
}

// aligned prints a table of columns; in the wrapped format long values go on in the next line.
func (w *writer) aligned(t Table) {
	g := measure(t, w.Border)
	widths := g.widest
	if w.Format == Wrapped {
		widths = g.wrapped(w.Columns)
	}
	if !w.TuplesOnly {
		w.title(t.Title, g.frame()+sum(widths))
		w.header(g, widths)
	}
	for _, row := range t.Rows {
		w.row(t, row, widths)
	}
	if w.Border == 2 {
		w.rule(widths)
	}
	for _, footer := range w.footers(t) {
		w.text(footer, "\n")
	}
	w.text("\n")
}

// title stands in the middle above the table.
func (w *writer) title(title string, total int) {
	if title == "" {
		return
	}
	if n := widestOf(lines(title)); n < total {
		w.blanks((total - n) / 2)
	}
	w.text(title, "\n")
}

func (w *writer) rule(widths []int) {
	w.text([]string{"", "-", "+-"}[w.Border])
	for i, n := range widths {
		w.text(strings.Repeat("-", n))
		if i < len(widths)-1 {
			w.text([]string{" ", "-+-", "-+-"}[w.Border])
		}
	}
	w.text([]string{"\n", "-\n", "-+\n"}[w.Border])
}

func (w *writer) header(g *grid, widths []int) {
	if w.Border == 2 {
		w.rule(widths)
	}
	height := 1
	for _, header := range g.headers {
		height = max(height, len(header))
	}
	for n := range height {
		w.headerLine(g, widths, n)
	}
	if !w.NoDashes {
		w.rule(widths)
	}
}

// headerLine prints line n of the titles, each in the middle of its column; + marks a title that goes on.
func (w *writer) headerLine(g *grid, widths []int, n int) {
	if w.Border == 2 {
		w.text("|")
	}
	for i, header := range g.headers {
		if w.Border > 0 {
			w.text(" ")
		}
		if n < len(header) {
			space := widths[i] - header[n].width
			w.blanks(space / 2)
			w.text(header[n].text)
			w.blanks((space + 1) / 2)
		} else {
			w.blanks(widths[i])
		}
		if n < len(header)-1 {
			w.text("+")
		} else {
			w.text(" ")
		}
		if w.Border > 0 && i < len(g.headers)-1 {
			w.text("|")
		}
	}
	if w.Border == 2 {
		w.text("|")
	}
	w.text("\n")
}

// progress is how far one cell of a row is printed.
type progress struct {
	left []line
	// mark stands before the next piece: a point where a line was cut.
	mark string
}

func (w *writer) row(t Table, row []Cell, widths []int) {
	cells := make([]progress, len(row))
	for i, cell := range row {
		cells[i] = progress{left: lines(cell.Text), mark: " "}
	}
	for more := true; more; {
		more = false
		if w.Border == 2 {
			w.text("|")
		}
		for i := range cells {
			if w.Border > 0 {
				w.text(cells[i].mark)
			}
			w.piece(&cells[i], widths[i], t.Columns[i].Right, i == len(cells)-1)
			if w.Border > 0 && i < len(cells)-1 {
				w.text("|")
			}
			more = more || len(cells[i].left) > 0
		}
		if w.Border == 2 {
			w.text("|")
		}
		w.text("\n")
	}
}

// piece prints the next piece of a cell and what stands at its right: + where a line ends, a point where one was cut.
func (w *writer) piece(p *progress, columns int, right, last bool) {
	pad := !last || w.Border == 2
	p.mark = " "
	if len(p.left) == 0 {
		if pad {
			w.blanks(columns + 1)
		}
		return
	}
	first, rest := p.left[0].cut(columns)
	end := " "
	switch {
	case rest.text != "":
		p.left[0] = rest
		p.mark, end = ".", "."
	case len(p.left) > 1:
		p.left = p.left[1:]
		end = "+"
	default:
		p.left = nil
	}
	pad = pad || end != " "
	if right {
		w.blanks(columns - first.width)
	}
	w.text(first.text)
	if !right && pad {
		w.blanks(columns - first.width)
	}
	if pad {
		w.text(end)
	}
}
