package load

import (
	"context"
	"strconv"
	"unicode/utf8"
)

// loader turns the records of blocks into batches.
type loader struct {
	run    *run
	plan   *Plan
	reader *recordReader
	batch  *Batch
	// replaced names the column of the row in which ACCEPTINVCHARS replaced characters, -1 for none.
	replaced int
}

func newLoader(r *run) *loader {
	return &loader{run: r, plan: r.plan, reader: newRecordReader(r.plan), batch: r.pool.Get().(*Batch)}
}

// block takes the records of a block. Once the COPY fails they are only looked at, up to the first one that is wrong.
func (l *loader) block(ctx context.Context, b *block) {
	defer b.release()
	if b.problem != nil {
		l.reader.begin(b.line, b.data)
		l.reader.record.problem = b.problem
		l.run.reject(b.file, l.reject(b.file, &l.reader.record, -1, b.problem))
		return
	}
	l.reader.open(b)
	var rows int64
	for l.reader.more() {
		added, more := l.next(b.file)
		if added {
			rows++
		}
		if !more {
			break
		}
		if l.batch.full() {
			l.send(ctx)
		}
	}
	l.run.mu.Lock()
	l.run.outcome.Files[b.file].Rows += rows
	l.run.mu.Unlock()
}

// next takes one record of the block. more is false when the rest of the block need not be looked at.
func (l *loader) next(file int) (added, more bool) {
	if l.plan.o.plain() && l.plainLine(l.reader.peek()) {
		l.reader.pass()
		return true, true
	}
	record := l.reader.next()
	if record == nil {
		return false, true
	}
	field, bad := l.take(record)
	if bad != nil {
		l.run.reject(file, l.reject(file, record, field, bad))
		return false, !l.run.enough(file, 0)
	}
	if l.replaced >= 0 {
		l.replacement(file, record)
	}
	return true, true
}

// send gives the batch to the sink.
func (l *loader) send(ctx context.Context) {
	if l.batch.Rows == 0 {
		return
	}
	if l.run.failed() {
		l.batch.Release()
	} else {
		select {
		case l.run.batches <- l.batch:
		case <-ctx.Done():
		}
	}
	l.batch = l.run.pool.Get().(*Batch)
}

// take adds a record to the batch, or returns why it is rejected and by which field, -1 when the whole record is at fault.
func (l *loader) take(r *record) (field int, bad *problem) {
	l.replaced = -1
	if r.problem == nil {
		r.problem = l.plan.shape(r)
	}
	if r.problem != nil {
		return -1, r.problem
	}
	for i := range l.plan.columns {
		if bad := l.value(i, r); bad != nil {
			l.undo(i + 1)
			return i, bad
		}
	}
	l.batch.Rows++
	return 0, nil
}

// shape compares the number of fields with that of columns. One empty field too many is what a delimiter at the end of
// the line leaves.
func (p *Plan) shape(r *record) *problem {
	have, want := len(r.fields), len(p.columns)
	switch {
	case have == want:
		return nil
	case have == want+1 && len(r.fields[want].raw) == 0:
		r.fields = r.fields[:want]
		return nil
	case have > want:
		return problemf(errExtra, "Extra column(s) found")
	case p.o.fillRecord:
		return nil
	case len(r.raw) == 0:
		return problemf(errEmptyLine, "Line has no data")
	case p.o.format == delimited:
		return problemf(errNoDelimiter, "Delimiter not found")
	}
	return problemf(errFewColumns, "Missing data: %d column(s) found, %d expected", have, want)
}

// value adds the value of a column to the batch.
func (l *loader) value(i int, r *record) *problem {
	column, v := &l.plan.columns[i], &l.batch.Columns[i]
	if bad := l.convert(column, v, i, r); bad != nil {
		return bad
	}
	if column.notNull && v.Null[l.batch.Rows] {
		return problemf(errNoData, "Missing data for not-null field")
	}
	return nil
}

func (l *loader) convert(column *column, v *Vector, i int, r *record) *problem {
	o := l.plan.o
	if i >= len(r.fields) {
		if column.typ.Name == "character varying" && !o.emptyAsNull {
			return v.text(nil)
		}
		return v.null()
	}
	f := &r.fields[i]
	switch {
	case f.null:
		return v.null()
	case o.json():
	case string(f.raw) == o.nullAs || string(f.value) == o.nullAs:
		return v.null()
	case o.nullAs == "\x00" && len(f.value) > 1 && f.value[0] == 0:
		return problemf(errNul, "Field contains NUL and further bytes with NULL AS '\\0'")
	}
	text := f.value
	if column.super && o.json() {
		text = f.raw
	}
	bad := column.convert(v, text)
	if bad == errReplaced {
		l.replaced, bad = i, nil
	}
	return bad
}

// The lengths that stl_load_errors has room for, in bytes.
const (
	maxRawLine  = 1024
	maxRawValue = 1024
	maxReason   = 100
)

// reject describes a record that cannot be loaded; field is -1 when the whole record is at fault.
func (l *loader) reject(file int, r *record, field int, bad *problem) Rejection {
	rejection := Rejection{File: l.run.outcome.Files[file].Object.String(), fileNumber: file, Line: r.line,
		RawLine: cut(r.raw, maxRawLine), Code: bad.code, Reason: cut([]byte(bad.reason), maxReason)}
	for i := range r.fields[:min(max(field+1, 0), len(r.fields))] {
		rejection.Fields = append(rejection.Fields, l.plan.rejected(i, &r.fields[i]))
	}
	if field < 0 {
		return rejection
	}
	c := l.plan.columns[field]
	rejection.Column, rejection.Type, rejection.Length = c.name, shortType(c.typ.Name), c.shownLength()
	if field < len(r.fields) {
		f := r.fields[field]
		rejection.Position = utf8.RuneCount(r.raw[:f.start])
		rejection.RawValue = cut(f.raw, maxRawValue)
	}
	return rejection
}

func (p *Plan) rejected(i int, f *field) RejectedField {
	c := p.columns[i]
	return RejectedField{Column: c.name, Value: cut(f.value, maxRawValue), Type: shortType(c.typ.Name), Length: c.shownLength(),
		Null: f.null || string(f.raw) == p.o.nullAs}
}

func (c *column) shownLength() string {
	if c.length == 0 {
		return ""
	}
	return strconv.Itoa(c.length)
}

func (l *loader) replacement(file int, r *record) {
	l.run.mu.Lock()
	defer l.run.mu.Unlock()
	o := l.run.outcome
	o.Replaced++
	if len(o.Replacements) < maxReplaced {
		o.Replacements = append(o.Replacements, Replacement{File: o.Files[file].Object.String(), Line: r.line,
			Column: l.plan.columns[l.replaced].name, RawLine: cut(r.raw, maxRawLine)})
	}
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

var shortTypes = map[string]string{"smallint": "int2", "integer": "int4", "bigint": "int8", "real": "float4", "double precision": "float8",
	"character": "char", "character varying": "varchar", "timestamp without time zone": "timestamp",
	"timestamp with time zone": "timestampt", "boolean": "bool", "time without time zone": "time", "time with time zone": "timetz",
	"binary varying": "varbyte"}

// shortType is the type as stl_load_errors names it.
func shortType(name string) string {
	if short, ok := shortTypes[name]; ok {
		return short
	}
	return cut([]byte(name), 10)
}
