package console

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/warehouse"
)

func gridColumn(c warehouse.Column) view.GridColumn {
	return view.GridColumn{Name: c.Name, Type: typeText(c), Right: numeric[c.Type]}
}

var numeric = map[string]bool{"int2": true, "int4": true, "int8": true, "float4": true, "float8": true, "numeric": true}

func gridCell(c warehouse.Column, v any) view.Cell {
	text, ok := warehouse.Text(c, v)
	if !ok {
		return view.Cell{Null: true}
	}
	return view.NewCell(text)
}

// typeNames are how Redshift's documentation spells the types whose internal names are others.
var typeNames = map[string]string{"int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision",
	"bpchar": "char", "bool": "boolean"}

func typeText(c warehouse.Column) string {
	name := c.Type
	if spelled := typeNames[name]; spelled != "" {
		name = spelled
	}
	switch {
	case c.Type == "numeric" && c.Precision > 0:
		return fmt.Sprintf("%s(%d,%d)", name, c.Precision, c.Scale)
	case c.Length > 0:
		return fmt.Sprintf("%s(%d)", name, c.Length)
	}
	return name
}

func gridColumns(columns []warehouse.Column) []view.GridColumn {
	list := make([]view.GridColumn, len(columns))
	for i, c := range columns {
		list[i] = gridColumn(c)
	}
	return list
}

func gridRow(columns []warehouse.Column, values []any) []view.Cell {
	row := make([]view.Cell, len(values))
	for i, v := range values {
		row[i] = gridCell(columns[i], v)
	}
	return row
}

// sampleBytes is how many bytes of a page the rows of an answer may take.
const sampleBytes = 300 << 10

// gridOf is an answer as a grid, as much of it as a page takes.
func gridOf(a warehouse.Answer) *view.Grid {
	grid := &view.Grid{Columns: gridColumns(a.Columns)}
	room := sampleBytes
	for _, values := range a.Values {
		room = grid.Add(gridRow(a.Columns, values), room)
	}
	return grid
}

// sqlProblem is an error of SQL in words, and its place in the text unless it is inside of a procedure.
type sqlProblem struct {
	message, code string
	line, column  int64
}

func sqlProblemOf(err error) sqlProblem {
	p := sqlProblem{message: err.Error(), code: fault.CodeOf(err)}
	var f *fault.Fault
	var inside *plpgsql.Failure
	if errors.As(err, &f) {
		p.message = f.At(fault.Position{}).Error()
		p.line, p.column = int64(f.Position.Line), int64(f.Position.Column)
	}
	if errors.As(err, &inside) {
		p.message, p.line, p.column = p.message+"\n"+strings.Join(inside.Context, "\n"), 0, 0
	}
	if fault.KindOf(err) == fault.Internal && p.code == "" {
		p.message = "Something went wrong in the server; its log says what."
	}
	return p
}
