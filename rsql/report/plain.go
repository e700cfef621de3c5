package report

import "strings"

// unaligned separates fields and records by texts.
func (w *writer) unaligned(t Table) {
	if !w.TuplesOnly {
		if t.Title != "" {
			w.text(t.Title, w.RecordSep)
		}
		for i, column := range t.Columns {
			if i > 0 {
				w.text(w.FieldSep)
			}
			w.text(column.Name)
		}
		if len(t.Columns) > 0 || len(t.Rows) > 0 {
			w.text(w.between(t))
		}
	}
	for i, row := range t.Rows {
		if i > 0 {
			w.text(w.RecordSep)
		}
		for j, cell := range row {
			if j > 0 {
				w.text(w.FieldSep)
			}
			w.text(cell.Text)
		}
	}
	w.end(t, len(t.Rows) > 0)
}

// between separates the titles from what follows them.
func (w *writer) between(t Table) string {
	if len(t.Rows) == 0 && len(w.footers(t)) == 0 {
		return "\n"
	}
	return w.RecordSep
}

// end prints the footers and ends the last record with a newline.
func (w *writer) end(t Table, begun bool) {
	footers := w.footers(t)
	for _, footer := range footers {
		if begun {
			w.text(w.RecordSep)
		}
		w.text(footer)
		begun = true
	}
	if begun {
		w.text("\n")
	}
}

func (w *writer) unalignedExpanded(t Table) {
	begun := false
	if !w.TuplesOnly && t.Title != "" {
		w.text(t.Title)
		begun = true
	}
	for _, row := range t.Rows {
		if begun {
			w.text(w.RecordSep, w.RecordSep)
		}
		begun = true
		for j, cell := range row {
			if j > 0 {
				w.text(w.RecordSep)
			}
			w.text(t.Columns[j].Name, w.FieldSep, cell.Text)
		}
	}
	if t.Footers != nil && !w.TuplesOnly {
		w.text(w.RecordSep)
		for _, footer := range t.Footers {
			w.text(w.RecordSep, footer)
		}
		begun = true
	}
	if len(t.Rows) == 0 && t.Footers == nil {
		w.end(t, begun)
		return
	}
	if begun {
		w.text("\n")
	}
}

func (w *writer) csv(t Table) {
	if !w.TuplesOnly {
		for i, column := range t.Columns {
			w.csvField(column.Name, i)
		}
		w.text("\n")
	}
	for _, row := range t.Rows {
		for i, cell := range row {
			w.csvField(cell.Text, i)
		}
		w.text("\n")
	}
}

func (w *writer) csvExpanded(t Table) {
	for _, row := range t.Rows {
		for i, cell := range row {
			w.csvField(t.Columns[i].Name, 0)
			w.csvField(cell.Text, 1)
			w.text("\n")
		}
	}
}

// csvField quotes what would be read as something else, also the two characters that end data in the old COPY format.
func (w *writer) csvField(text string, i int) {
	if i > 0 {
		w.text(w.CSVFieldSep)
	}
	if strings.ContainsAny(text, "\"\r\n"+w.CSVFieldSep) || text == `\.` {
		text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	w.text(text)
}
