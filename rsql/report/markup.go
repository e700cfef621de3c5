package report

import (
	"fmt"
	"strings"
)

// escaped writes a text for HTML; blanks at the start of a line are kept.
func escaped(text string) string {
	var b strings.Builder
	leading := true
	for _, r := range text {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '"':
			b.WriteString("&quot;")
		case '\n':
			b.WriteString("<br />\n")
		case ' ':
			if leading {
				b.WriteString("&nbsp;")
			} else {
				b.WriteByte(' ')
			}
		default:
			b.WriteRune(r)
		}
		leading = leading && r == ' '
	}
	return b.String()
}

func align(right bool) string {
	if right {
		return "right"
	}
	return "left"
}

func (w *writer) htmlOpen(t Table) {
	w.text(fmt.Sprintf("<table border=\"%d\"", w.htmlBorder))
	if w.TableAttr != "" {
		w.text(" ", w.TableAttr)
	}
	w.text(">\n")
	if !w.TuplesOnly && t.Title != "" {
		w.text("  <caption>", escaped(t.Title), "</caption>\n")
	}
}

func (w *writer) htmlClose(footers []string) {
	w.text("</table>\n")
	if len(footers) > 0 {
		w.text("<p>")
		for _, footer := range footers {
			w.text(escaped(footer), "<br />\n")
		}
		w.text("</p>")
	}
	w.text("\n")
}

func htmlCell(text string) string {
	if strings.Trim(text, " \t") == "" {
		return "&nbsp; "
	}
	return escaped(text)
}

func (w *writer) html(t Table) {
	w.htmlOpen(t)
	if !w.TuplesOnly {
		w.text("  <tr>\n")
		for _, column := range t.Columns {
			w.text(`    <th align="center">`, escaped(column.Name), "</th>\n")
		}
		w.text("  </tr>\n")
	}
	for _, row := range t.Rows {
		w.text("  <tr valign=\"top\">\n")
		for i, cell := range row {
			w.text(`    <td align="`, align(t.Columns[i].Right), `">`, htmlCell(cell.Text), "</td>\n")
		}
		w.text("  </tr>\n")
	}
	w.htmlClose(w.footers(t))
}

func (w *writer) htmlExpanded(t Table) {
	w.htmlOpen(t)
	for i, row := range t.Rows {
		if w.TuplesOnly {
			w.text("\n  <tr><td colspan=\"2\">&nbsp;</td></tr>\n")
		} else {
			w.text(fmt.Sprintf("\n  <tr><td colspan=\"2\" align=\"center\">Record %d</td></tr>\n", i+1))
		}
		for j, cell := range row {
			w.text("  <tr valign=\"top\">\n    <th>", escaped(t.Columns[j].Name), "</th>\n",
				`    <td align="`, align(t.Columns[j].Right), `">`, htmlCell(cell.Text), "</td>\n  </tr>\n")
		}
	}
	if w.TuplesOnly {
		t.Footers = nil
	}
	w.htmlClose(t.Footers)
}

func pipes(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// asciidocOpen writes the title and the attributes of a table; columns is the list of how columns stand.
func (w *writer) asciidocOpen(t Table, options []string, columns string) {
	w.text("\n")
	if !w.TuplesOnly && t.Title != "" {
		w.text(".", t.Title, "\n")
	}
	w.text("[")
	if len(options) > 0 {
		w.text(`options="`, strings.Join(options, ","), `",`)
	}
	w.text(`cols="`, columns, `"`)
	switch w.Border {
	case 0:
		w.text(`,frame="none",grid="none"`)
	case 1:
		w.text(`,frame="none"`)
	case 2:
		w.text(`,frame="all",grid="all"`)
	}
	w.text("]\n|====\n")
}

func (w *writer) asciidocClose(footers []string) {
	w.text("|====\n")
	if len(footers) > 0 {
		w.text("\n....\n")
		for _, footer := range footers {
			w.text(footer, "\n")
		}
		w.text("....\n")
	}
}

func asciidocCell(text string) string {
	if strings.Trim(text, " \t") == "" {
		return " "
	}
	return pipes(text)
}

func (w *writer) asciidoc(t Table) {
	var stand []string
	for _, column := range t.Columns {
		if column.Right {
			stand = append(stand, ">l")
		} else {
			stand = append(stand, "<l")
		}
	}
	var options []string
	if !w.TuplesOnly {
		options = []string{"header"}
	}
	w.asciidocOpen(t, options, strings.Join(stand, ","))
	if !w.TuplesOnly {
		for i, column := range t.Columns {
			if i > 0 {
				w.text(" ")
			}
			w.text("^l|", pipes(column.Name))
		}
		w.text("\n")
	}
	for _, row := range t.Rows {
		for i, cell := range row {
			if i > 0 {
				w.text(" ")
			}
			w.text("|", asciidocCell(cell.Text))
		}
		w.text("\n")
	}
	w.asciidocClose(w.footers(t))
}

func (w *writer) asciidocExpanded(t Table) {
	w.asciidocOpen(t, nil, "h,l")
	for i, row := range t.Rows {
		if w.TuplesOnly {
			w.text("2+|\n")
		} else {
			w.text(fmt.Sprintf("2+^|Record %d\n", i+1))
		}
		for j, cell := range row {
			stand := "<l"
			if t.Columns[j].Right {
				stand = ">l"
			}
			w.text("<l|", pipes(t.Columns[j].Name), " ", stand, "|", asciidocCell(cell.Text), "\n")
		}
	}
	if w.TuplesOnly {
		t.Footers = nil
	}
	w.asciidocClose(t.Footers)
}
