package plpgsql

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

func integer(n int64) Value { return Value{Text: strconv.FormatInt(n, 10)} }

func (f *frame) setFound(found bool) { f.slots[f.procedure.found()].value = boolean(found) }

// query runs a statement with its variables put in.
func (f *frame) query(g fragment) (Result, error) {
	sql, err := f.bind(g)
	if err != nil {
		return Result{}, err
	}
	result, err := f.host.Query(sql)
	if err != nil {
		return Result{}, inSQL(g.shown(), err)
	}
	return result, nil
}

// evaluateAny gives the value of an expression with the type that the host finds for it.
func (f *frame) evaluateAny(g fragment) (typeName, Value, error) {
	if g.plain != nil {
		if t, v, ok := g.plain.value(f); ok {
			return t, v, nil
		}
	}
	result, err := f.query(g.wrapped("SELECT ", ""))
	if err != nil {
		return typeName{}, Value{}, err
	}
	v, err := single(result)
	if err != nil {
		return typeName{}, Value{}, err
	}
	return parseTypeName(result.Columns[0].Type), v, nil
}

// evaluate gives the value of an expression as a type.
func (f *frame) evaluate(g fragment, want typeName) (Value, error) {
	if g.plain != nil || g.query || want.isCharacter() {
		t, v, err := f.evaluateAny(g)
		if err != nil {
			return Value{}, err
		}
		return f.convert(v, t, want)
	}
	result, err := f.query(g.wrapped("SELECT CAST((", ") AS "+want.literalType()+")"))
	if err != nil {
		return Value{}, err
	}
	return single(result)
}

// wrapped puts text around a fragment.
func (g fragment) wrapped(before, after string) fragment {
	parts := make([]part, 0, len(g.parts)+2)
	parts = append(parts, part{text: before})
	parts = append(parts, g.parts...)
	return fragment{place: g.place, parts: append(parts, part{text: after})}
}

func single(r Result) (Value, error) {
	switch {
	case len(r.Columns) != 1:
		return Value{}, fault.Invalidf("query returned %d columns", len(r.Columns)).WithCode(codeSyntax)
	case len(r.Rows) == 0:
		return Value{Null: true}, nil
	case len(r.Rows) > 1:
		return Value{}, fault.Invalidf("query returned more than one row").WithCode("21000")
	}
	return r.Rows[0][0], nil
}

// convert makes a value of one type a value of another. Only what needs no thought is done here.
func (f *frame) convert(v Value, from, to typeName) (Value, error) {
	switch {
	case to.isCharacter():
		return fit(to, v)
	case v.Null || from.same(to):
		return v, nil
	}
	if n, ok := from.integer(v); ok {
		if fitted, ok := to.integer(integer(n)); ok {
			return integer(fitted), nil
		}
	}
	sql := "SELECT CAST(" + literal(from, v) + " AS " + to.literalType() + ")"
	result, err := f.host.Query(sql)
	if err != nil {
		return Value{}, inSQL(sql, err)
	}
	return single(result)
}

// assign stores one row. A record takes the row as it is; else there must be a column for every target.
func (f *frame) assign(targets []target, columns []Column, row []Value) error {
	if len(targets) == 1 && targets[0].field == "" && f.slots[targets[0].slot].typ.isRecord() {
		record := &f.slots[targets[0].slot]
		record.columns, record.fields = columns, append([]Value(nil), row...)
		return nil
	}
	if len(columns) != len(targets) {
		return fault.Invalidf("query returned %d columns for %d variables (%s)", len(columns), len(targets), spelledTargets(targets)).WithCode(codeMismatch)
	}
	for i, t := range targets {
		want, err := f.typeOf(t)
		if err != nil {
			return err
		}
		v, err := f.convert(row[i], parseTypeName(columns[i].Type), want)
		if err != nil {
			return err
		}
		if err := f.store(t, v); err != nil {
			return err
		}
	}
	return nil
}

func spelledTargets(targets []target) string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = t.name
	}
	return strings.Join(names, ", ")
}

// assignFirst stores the first row, or nulls when there is none, and sets FOUND.
func (f *frame) assignFirst(targets []target, r Result) error {
	f.setFound(len(r.Rows) > 0)
	if len(r.Rows) > 0 {
		return f.assign(targets, r.Columns, r.Rows[0])
	}
	nulls := make([]Value, len(r.Columns))
	for i := range nulls {
		nulls[i].Null = true
	}
	return f.assign(targets, r.Columns, nulls)
}

// variable returns the variable that a fragment is, nil when it is anything else.
func (g fragment) variable() *reference {
	if r, ok := g.plain.(reference); ok {
		return &r
	}
	return nil
}
