package report_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/report"
)

// The files of testdata are tables in the formats: the directive print has settings of \pset, its input is one line for the
// columns (a + behind a name aligns at the right) and one for each row, with | between the cells, \n for a newline and NULL.
// What psql prints for the same is compared in rsql/postgres.
func TestPrint(t *testing.T) {
	datadriven.Walk(t, filepath.Join("testdata"), func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			o := report.Default()
			for _, a := range d.CmdArgs {
				if err := rsql.Pset(&o, a.Key+"="+strings.Join(a.Vals, ",")); err != nil {
					return err.Error() + "\n"
				}
			}
			var out strings.Builder
			if err := o.Print(&out, tableOf(d.Input)); err != nil {
				t.Fatal(err)
			}
			return strings.ReplaceAll(out.String(), " \n", " $\n")
		})
	})
}

func tableOf(text string) report.Table {
	var table report.Table
	for i, line := range strings.Split(text, "\n") {
		var row []report.Cell
		for _, cell := range strings.Split(line, "|") {
			cell = strings.ReplaceAll(cell, `\n`, "\n")
			if i == 0 {
				name, right := strings.CutSuffix(cell, "+")
				table.Columns = append(table.Columns, report.Column{Name: name, Right: right})
				continue
			}
			row = append(row, report.Cell{Text: strings.TrimPrefix(cell, "NULL"), Null: cell == "NULL"})
		}
		if i > 0 {
			table.Rows = append(table.Rows, row)
		}
	}
	return table
}
