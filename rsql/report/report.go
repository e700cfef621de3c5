// Package report prints result tables in the formats of psql, byte for byte: aligned, wrapped, unaligned, csv, html and
// asciidoc, each also with one line a column (expanded). It prints the page titles of RSQL, too.
//
// It runs nothing and knows no script:
//
//	err := report.Default().Print(out, report.Table{Columns: columns, Rows: rows})
package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Column is a column of a table.
type Column struct {
	Name string
	// Right aligns the values at the right, as numbers are.
	Right bool
}

// Cell is a value as text.
type Cell struct {
	Text string
	Null bool
}

// Table is what is printed.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]Cell
	// Footers replace the line that counts the rows.
	Footers []string
}

// Format is the name of a format.
type Format string

// The formats.
const (
	Aligned   Format = "aligned"
	Wrapped   Format = "wrapped"
	Unaligned Format = "unaligned"
	CSV       Format = "csv"
	HTML      Format = "html"
	Asciidoc  Format = "asciidoc"
)

// Expansion says whether every column gets a line of its own.
type Expansion string

// The settings of expanded output. Auto expands what is wider than Columns.
const (
	Flat     Expansion = "off"
	Expanded Expansion = "on"
	Auto     Expansion = "auto"
)

// Options are the settings of \pset.
type Options struct {
	Format     Format
	Expanded   Expansion
	TuplesOnly bool
	// Footer prints the number of rows.
	Footer bool
	// Border is 0, 1 or 2; HTML writes any number.
	Border int
	// Null stands for a NULL.
	Null string
	// Separators of unaligned and csv output.
	FieldSep, RecordSep, CSVFieldSep string
	// Columns is the width that wrapped output keeps to; 0 is no limit.
	Columns int
	// Title stands above every table that has none of its own.
	Title string
	// TableAttr are attributes of the table in HTML.
	TableAttr string
	// NumericLocale puts commas into numbers.
	NumericLocale bool
	// NoDashes leaves out the line below the column titles of aligned output.
	NoDashes bool
}

// Default returns psql's settings.
func Default() Options {
	return Options{Format: Aligned, Expanded: Flat, Footer: true, Border: 1, FieldSep: "|", RecordSep: "\n", CSVFieldSep: ","}
}

// Print writes a table.
func (o Options) Print(out io.Writer, t Table) error {
	w := &writer{Writer: bufio.NewWriter(out), Options: o, htmlBorder: o.Border}
	w.Border = min(o.Border, 2)
	if t.Title == "" {
		t.Title = o.Title
	}
	t = o.filled(t)
	print := w.printer(t)
	print(t)
	return w.Flush()
}

// filled puts the text for NULL and the commas into the cells.
func (o Options) filled(t Table) Table {
	if o.Null == "" && !o.NumericLocale {
		return t
	}
	rows := make([][]Cell, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = make([]Cell, len(row))
		for j, cell := range row {
			switch {
			case cell.Null:
				cell.Text = o.Null
			case o.NumericLocale && t.Columns[j].Right:
				cell.Text = grouped(cell.Text)
			}
			rows[i][j] = cell
		}
	}
	t.Rows = rows
	return t
}

// grouped puts a comma between every three digits before the point.
func grouped(number string) string {
	sign := ""
	if strings.HasPrefix(number, "-") {
		sign, number = "-", number[1:]
	}
	whole, fraction, _ := strings.Cut(number, ".")
	if strings.Trim(whole, "0123456789") != "" {
		return sign + number
	}
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	return sign + b.String()
}

// writer prints one table; an error of the output is found when it is flushed.
type writer struct {
	*bufio.Writer
	Options
	// htmlBorder is the border as it was set; the other formats know three.
	htmlBorder int
}

func (w *writer) printer(t Table) func(Table) {
	expanded := w.Expanded == Expanded
	switch w.Format {
	case Unaligned:
		return choose(expanded, w.unalignedExpanded, w.unaligned)
	case CSV:
		return choose(expanded, w.csvExpanded, w.csv)
	case HTML:
		return choose(expanded, w.htmlExpanded, w.html)
	case Asciidoc:
		return choose(expanded, w.asciidocExpanded, w.asciidoc)
	}
	if w.Expanded == Auto && w.Columns > 0 && measure(t, w.Border).total() > w.Columns {
		expanded = true
	}
	return choose(expanded, w.vertical, w.aligned)
}

func choose(expanded bool, yes, no func(Table)) func(Table) {
	if expanded {
		return yes
	}
	return no
}

// footers returns the lines below a table: its own, or the number of its rows.
func (w *writer) footers(t Table) []string {
	switch {
	case w.TuplesOnly:
		return nil
	case t.Footers != nil:
		return t.Footers
	case !w.Footer:
		return nil
	case len(t.Rows) == 1:
		return []string{"(1 row)"}
	}
	return []string{fmt.Sprintf("(%d rows)", len(t.Rows))}
}

func (w *writer) text(parts ...string) {
	for _, part := range parts {
		_, _ = w.WriteString(part)
	}
}

func (w *writer) blanks(n int) { w.text(strings.Repeat(" ", max(0, n))) }
