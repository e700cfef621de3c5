package plpgsql

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// variable is a named place of a procedure: its declared type and rules, and what it holds.
type variable struct {
	name     string
	typ      typeName
	constant bool
	notNull  bool
	value    Value
	cursor   *cursorQuery // of a bound cursor
	columns  []Column     // of a record; nil before the first assignment
	fields   []Value
}

// read returns the type and value behind a reference.
func (f *frame) read(r reference) (typeName, Value, error) {
	v := &f.slots[r.slot]
	if r.field == "" {
		return v.typ, v.value, nil
	}
	i, err := v.field(r.field)
	if err != nil {
		return typeName{}, Value{}, err
	}
	return parseTypeName(v.columns[i].Type), v.fields[i], nil
}

// field finds a column of a record.
func (v *variable) field(name string) (int, error) {
	if v.columns == nil {
		return 0, fault.Invalidf("record %q is not assigned yet", v.name).WithCode(codeNotAssigned)
	}
	for i, c := range v.columns {
		if strings.EqualFold(c.Name, name) {
			return i, nil
		}
	}
	return 0, fault.Invalidf("record %q has no field %q", v.name, name).WithCode(codeNoField)
}

// store gives a target a value that already has its type.
func (f *frame) store(t target, v Value) error {
	variable := &f.slots[t.slot]
	if t.field != "" {
		i, err := variable.field(t.field)
		if err == nil {
			variable.fields[i] = v
		}
		return err
	}
	if v.Null && variable.notNull {
		return fault.Invalidf("null value cannot be assigned to variable %q declared NOT NULL", variable.name).WithCode(codeNullValue)
	}
	variable.value = v
	return nil
}

// typeOf returns the type that a target's values have.
func (f *frame) typeOf(t target) (typeName, error) {
	typ, _, err := f.read(reference{slot: t.slot, field: t.field})
	return typ, err
}

// fit checks and shapes a text for a character type: bytes count, blanks beyond the end are cut, CHAR is not padded here.
func fit(t typeName, v Value) (Value, error) {
	limit := t.length()
	if v.Null || limit == 0 || len(v.Text) <= limit {
		return v, nil
	}
	if strings.TrimRight(v.Text[limit:], " ") == "" {
		return Value{Text: v.Text[:limit]}, nil
	}
	return v, fault.Invalidf("value too long for type %s(%d)", t.display(), limit).WithCode(codeTooLong)
}
