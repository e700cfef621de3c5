package load

import (
	"strconv"
	"unicode/utf8"
)

// loader turns the records of one file into batches.
type loader struct {
	plan  *Plan
	file  int
	name  string
	batch *Batch
	cells []cell
	// replaced counts rows with replaced characters, errors the rejected ones.
	replaced, errors int64
}

func (l *loader) fresh() *Batch {
	b := &Batch{Columns: make([]Vector, len(l.plan.columns))}
	for i, c := range l.plan.target.Columns {
		b.Columns[i].Null = make([]bool, 0, BatchSize)
		if c.Encoding == Text || c.Encoding == Hex {
			b.Columns[i].Texts = make([]string, 0, BatchSize)
		} else {
			b.Columns[i].Integers = make([]int64, 0, BatchSize)
		}
	}
	return b
}

// take adds a record to the batch, or returns why it is rejected.
func (l *loader) take(r *record) *Rejection {
	l.cells = l.cells[:0]
	if r.problem == nil {
		r.problem = l.plan.shape(r)
	}
	if r.problem != nil {
		return l.reject(r, -1, r.problem)
	}
	for i := range l.plan.columns {
		c, bad := l.plan.cell(i, r)
		if bad != nil {
			return l.reject(r, i, bad)
		}
		l.cells = append(l.cells, c)
	}
	l.store()
	return nil
}

func (l *loader) store() {
	replaced := false
	for i, c := range l.cells {
		v := &l.batch.Columns[i]
		v.Null = append(v.Null, c.null)
		if v.Texts != nil {
			v.Texts = append(v.Texts, c.text)
		} else {
			v.Integers = append(v.Integers, c.integer)
		}
		replaced = replaced || c.replaced
	}
	if replaced {
		l.replaced++
	}
	l.batch.Rows++
}

// shape compares the number of fields with that of columns. One empty field too many is what a delimiter at the end of
// the line leaves.
func (p *Plan) shape(r *record) *problem {
	have, want := len(r.fields), len(p.columns)
	switch {
	case have == want+1 && len(r.fields[want].raw) == 0:
		r.fields = r.fields[:want]
	case have > want:
		return problemf(errExtra, "Extra column(s) found")
	case have < want && !p.o.fillRecord && p.o.format == delimited:
		return problemf(errNoDelimiter, "Delimiter not found")
	case have < want && !p.o.fillRecord:
		return problemf(errFewColumns, "Missing data: %d column(s) found, %d expected", have, want)
	}
	return nil
}

// cell converts the field of a column.
func (p *Plan) cell(i int, r *record) (cell, *problem) {
	column := &p.columns[i]
	c, bad := p.value(column, i, r)
	if bad == nil && c.null && column.notNull {
		bad = problemf(errNoData, "Missing data for not-null field")
	}
	return c, bad
}

func (p *Plan) value(column *column, i int, r *record) (cell, *problem) {
	if i >= len(r.fields) {
		return cell{null: column.typ.Name != "character varying" || p.o.emptyAsNull}, nil
	}
	f := r.fields[i]
	if string(f.raw) == p.o.nullAs || string(f.value) == p.o.nullAs {
		return cell{null: true}, nil
	}
	if p.o.nullAs == "\x00" && len(f.value) > 1 && f.value[0] == 0 {
		return cell{}, problemf(errNul, "Field contains NUL and further bytes with NULL AS '\\0'")
	}
	return column.convert(f.value)
}

// The lengths that stl_load_errors has room for, in bytes.
const (
	maxRawLine  = 1024
	maxRawValue = 1024
	maxReason   = 100
)

// reject describes a record that cannot be loaded; field is -1 when the whole line is at fault.
func (l *loader) reject(r *record, field int, bad *problem) *Rejection {
	l.errors++
	rejection := &Rejection{File: l.name, fileNumber: l.file, Line: r.line, RawLine: cut(r.raw, maxRawLine), Code: bad.code, Reason: cut([]byte(bad.reason), maxReason)}
	if field < 0 {
		return rejection
	}
	c := l.plan.columns[field]
	rejection.Column, rejection.Type = c.name, shortType(c.typ.Name)
	if c.length > 0 {
		rejection.Length = strconv.Itoa(c.length)
	}
	if field < len(r.fields) {
		f := r.fields[field]
		rejection.Position = utf8.RuneCount(r.raw[:f.start])
		rejection.RawValue = cut(f.raw, maxRawValue)
	}
	return rejection
}

func cut(b []byte, length int) string {
	if len(b) <= length {
		return string(b)
	}
	for length > 0 && !utf8.RuneStart(b[length]) {
		length--
	}
	return string(b[:length])
}

// shortType is the type as stl_load_errors names it.
func shortType(name string) string {
	switch name {
	case "smallint":
		return "int2"
	case "integer":
		return "int4"
	case "bigint":
		return "int8"
	case "real":
		return "float4"
	case "double precision":
		return "float8"
	case "character":
		return "char"
	case "character varying":
		return "varchar"
	case "timestamp without time zone":
		return "timestamp"
	case "timestamp with time zone":
		return "timestampt"
	case "boolean":
		return "bool"
	}
	return cut([]byte(name), 10)
}
