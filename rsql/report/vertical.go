package report

import (
	"fmt"
	"strings"
)

// vertical prints every column in a line of its own.
func (w *writer) vertical(t Table) {
	if !w.TuplesOnly && t.Title != "" {
		w.text(t.Title, "\n")
	}
	if len(t.Rows) == 0 {
		for _, footer := range w.footers(t) {
			w.text(footer, "\n")
		}
		w.text("\n")
		return
	}
	headers, names, values := w.verticalWidths(t)
	for i, row := range t.Rows {
		switch {
		case !w.TuplesOnly:
			w.recordRule(i+1, names, values)
		case i == 0 && w.Border == 2, i > 0:
			w.recordRule(0, names, values)
		}
		for j, cell := range row {
			w.verticalCell(headers[j], lines(cell.Text), names, values)
		}
	}
	if w.Border == 2 {
		w.recordRule(0, names, values)
	}
	if t.Footers != nil && !w.TuplesOnly {
		if w.Border < 2 {
			w.text("\n")
		}
		for _, footer := range t.Footers {
			w.text(footer, "\n")
		}
	}
	w.text("\n")
}

// verticalWidths measures the names and the values. A name of several lines makes room for the mark of its lines.
func (w *writer) verticalWidths(t Table) (headers [][]line, names, values int) {
	tall := false
	for _, column := range t.Columns {
		header := lines(column.Name)
		headers = append(headers, header)
		names = max(names, widestOf(header))
		tall = tall || len(header) > 1
	}
	for _, row := range t.Rows {
		for _, cell := range row {
			values = max(values, widestOf(lines(cell.Text)))
		}
	}
	if tall && w.Border == 0 {
		names++
	}
	return headers, names, values
}

// recordRule prints the line above record n; 0 is a line without a number.
func (w *writer) recordRule(n, names, values int) {
	fill := "-"
	label := ""
	switch {
	case w.Border == 0 && n > 0:
		label = fmt.Sprintf("* Record %d", n)
	case n > 0:
		label = fmt.Sprintf("[ RECORD %d ]", n)
	}
	if w.Border == 0 {
		fill = " "
	}
	rule := strings.Repeat(fill, names+values)
	switch w.Border {
	case 1:
		rule = strings.Repeat("-", names+1) + "+" + strings.Repeat("-", values+1)
		label = "-" + label
	case 2:
		rule = "+-" + strings.Repeat("-", names) + "-+-" + strings.Repeat("-", values) + "-+"
		label = "+-" + label
	}
	if n == 0 {
		label = ""
	}
	if len(label) < len(rule) {
		label += rule[len(label):]
	} else if w.Border == 2 {
		label += "-+"
	}
	w.text(label, "\n")
}

func (w *writer) verticalCell(header, value []line, names, values int) {
	for i := range max(len(header), len(value)) {
		var name line
		var text *line
		nameMark, textMark := " ", " "
		if i < len(header) {
			name = header[i]
		}
		if i < len(value) {
			text = &value[i]
		}
		if i < len(header)-1 {
			nameMark = "+"
		}
		if i < len(value)-1 {
			textMark = "+"
		}
		w.verticalLine(name, nameMark, names, text, textMark, values)
	}
}

// verticalLine prints one line of a name and of its value; a value that has no more lines is nil.
func (w *writer) verticalLine(name line, nameMark string, names int, text *line, textMark string, values int) {
	if w.Border == 2 {
		w.text("| ")
	}
	w.text(name.text)
	w.blanks(names - name.width)
	w.text(nameMark)
	if w.Border > 0 {
		w.text("|")
	}
	if text == nil && w.Border < 2 {
		w.text("\n")
		return
	}
	if text == nil {
		text = &line{}
	}
	if w.Border > 0 {
		w.text(" ")
	}
	w.text(text.text)
	if textMark != " " || w.Border == 2 {
		w.blanks(values - text.width)
		w.text(textMark)
	}
	if w.Border == 2 {
		w.text("|")
	}
	w.text("\n")
}
