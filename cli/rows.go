package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse"
)

// form prints one answer's rows.
type form interface {
	columns(columns []warehouse.Column) error
	row(columns []warehouse.Column, values []any) error
	end(tag string, answered bool) error
}

// printer is the sink of a run; notices go to standard error.
type printer struct {
	streams Streams
	form    form
	now     []warehouse.Column
}

func (p *printer) Columns(columns []warehouse.Column) error {
	p.now = columns
	return p.form.columns(columns)
}

func (p *printer) Row(values []any) error { return p.form.row(p.now, values) }

func (p *printer) Notice(n warehouse.Notice) {
	fmt.Fprintf(p.streams.Err, "%s:  %s\n", n.Level, printable(n.Message, "\n\t"))
}

func (p *printer) Done(r warehouse.Result) error {
	p.now = nil
	return p.form.end(r.Tag, r.Columns != nil)
}

// tableRows prints an aligned table under a header. The widths are those of the first rows, so that a large answer streams.
type tableRows struct {
	out    io.Writer
	header []string
	right  []bool
	held   [][]string
	widths []int
	rows   int64
}

// heldRows is how many rows are looked at for the widths.
const heldRows = 500

func (t *tableRows) columns(columns []warehouse.Column) error {
	*t = tableRows{out: t.out}
	for _, c := range columns {
		t.header = append(t.header, printable(c.Name, ""))
		t.right = append(t.right, isNumber(c.Type))
	}
	return nil
}

func isNumber(kind string) bool {
	switch kind {
	case "int2", "int4", "int8", "float4", "float8", "numeric":
		return true
	}
	return false
}

func (t *tableRows) row(columns []warehouse.Column, values []any) error {
	cells := make([]string, len(values))
	for i, v := range values {
		text, _ := warehouse.Text(columns[i], v)
		cells[i] = printable(text, "")
	}
	t.rows++
	if t.widths != nil {
		return t.line(cells, " ", t.right)
	}
	if t.held = append(t.held, cells); len(t.held) < heldRows {
		return nil
	}
	return t.flush()
}

func (t *tableRows) flush() error {
	t.widths = make([]int, len(t.header))
	for _, cells := range append(t.held, t.header) {
		for i, cell := range cells {
			t.widths[i] = max(t.widths[i], columnsIn(cell))
		}
	}
	rule := make([]string, len(t.header))
	for i, width := range t.widths {
		rule[i] = strings.Repeat("-", width)
	}
	if err := t.line(t.header, " ", make([]bool, len(t.header))); err != nil {
		return err
	}
	if err := t.line(rule, "-", t.right); err != nil {
		return err
	}
	for _, cells := range t.held {
		if err := t.line(cells, " ", t.right); err != nil {
			return err
		}
	}
	t.held = nil
	return nil
}

func (t *tableRows) line(cells []string, fill string, right []bool) error {
	parts := make([]string, len(cells))
	for i, cell := range cells {
		padding := strings.Repeat(fill, max(0, t.widths[i]-columnsIn(cell)))
		if right[i] {
			parts[i] = padding + cell
		} else {
			parts[i] = cell + padding
		}
	}
	between := fill + "|" + fill
	if fill == "-" {
		between = "-+-"
	}
	_, err := fmt.Fprintln(t.out, strings.TrimRight(fill+strings.Join(parts, between), " "))
	return err
}

func (t *tableRows) end(tag string, answered bool) error {
	if !answered {
		_, err := fmt.Fprintln(t.out, tag)
		return err
	}
	if t.widths == nil {
		if err := t.flush(); err != nil {
			return err
		}
	}
	plural := "s"
	if t.rows == 1 {
		plural = ""
	}
	_, err := fmt.Fprintf(t.out, "(%d row%s)\n", t.rows, plural)
	return err
}

// jsonRows prints each row as an object. Numbers and booleans keep their types, everything else is text. A column whose name
// came before gets a number: a, a_2.
type jsonRows struct {
	out  io.Writer
	keys []string
}

func (j *jsonRows) columns(columns []warehouse.Column) error {
	j.keys = nil
	for _, c := range columns {
		key := c.Name
		for n := 2; slices.Contains(j.keys, key); n++ {
			key = c.Name + "_" + strconv.Itoa(n)
		}
		j.keys = append(j.keys, key)
	}
	return nil
}

func (j *jsonRows) row(columns []warehouse.Column, values []any) error {
	members := make([]value.Member, len(values))
	for i, v := range values {
		members[i] = value.Member{Key: j.keys[i], Value: jsonOf(columns[i], v)}
	}
	_, err := fmt.Fprintln(j.out, safeJSON(value.OfMembers(members...).Compact()))
	return err
}

// jsonOf writes numbers as the table does. NaN and the infinities, which JSON lacks, are text.
func jsonOf(c warehouse.Column, v any) value.Value {
	if b, ok := v.(bool); ok {
		return value.OfBool(b)
	}
	text, ok := warehouse.Text(c, v)
	if !ok {
		return value.NullValue()
	}
	if number, err := value.Parse(text); err == nil && isNumber(c.Type) && number.Kind() == value.Number {
		return number
	}
	return value.OfString(text)
}

func (j *jsonRows) end(string, bool) error { return nil }

// csvRows prints comma-separated values (RFC 4180).
type csvRows struct{ out *csv.Writer }

func (r *csvRows) columns(columns []warehouse.Column) error {
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	return r.out.Write(header)
}

func (r *csvRows) row(columns []warehouse.Column, values []any) error {
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i], _ = warehouse.Text(columns[i], v)
	}
	return r.out.Write(cells)
}

func (r *csvRows) end(string, bool) error {
	r.out.Flush()
	return r.out.Error()
}
