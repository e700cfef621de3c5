package plpgsql

import (
	"fmt"

	"github.com/stepwell/stepwell/fault"
)

// text returns the query of a source with everything put in.
func (s source) text(f *frame) (string, error) {
	switch {
	case s.dynamic:
		return f.commandText(s.query)
	case s.cursor == nil:
		return f.bind(s.query)
	}
	for i, slot := range s.cursor.arguments {
		v, err := f.evaluate(s.values[i], f.slots[slot].typ)
		if err != nil {
			return "", err
		}
		f.slots[slot].value = v
	}
	return f.bind(s.cursor.query)
}

// run goes through rows that are all read at the start, as a cursor without hold shows them: a transaction that ends in
// between takes the cursor with it.
func (s *forQueryStatement) run(f *frame) (signal, error) {
	sql, err := s.query.text(f)
	if err != nil {
		return signal{}, err
	}
	result, err := f.host.Query(sql)
	if err != nil {
		return signal{}, inSQL(s.shown(sql), err)
	}
	ended := f.transaction.ended
	f.portals++
	portal := f.portals
	next := signal{}
	for _, row := range result.Rows {
		if f.transaction.ended != ended {
			return signal{}, fault.Invalidf("cursor \"<unnamed portal %d>\" does not exist", portal).WithCode(codeNoCursor)
		}
		if err := f.assign(s.targets, result.Columns, row); err != nil {
			return signal{}, err
		}
		var stop bool
		if stop, next, err = s.iterate(f); stop {
			break
		}
	}
	f.setFound(len(result.Rows) > 0)
	return next, err
}

func (s *forQueryStatement) shown(sql string) string {
	if s.query.dynamic || s.query.cursor != nil {
		return sql
	}
	return s.query.query.shown()
}

func (s *openStatement) run(f *frame) (signal, error) {
	cursor := &f.slots[s.cursor.slot]
	if cursor.value.Null {
		f.portals++
		cursor.value = Value{Text: fmt.Sprintf("<unnamed portal %d>", f.portals)}
	}
	sql, err := s.rows.text(f)
	if err != nil {
		return signal{}, err
	}
	_, err = f.host.Query("DECLARE " + name(cursor.value.Text) + " CURSOR FOR " + sql)
	if err != nil {
		return signal{}, inSQL(sql, err)
	}
	return signal{}, nil
}

func (s *fetchStatement) run(f *frame) (signal, error) {
	cursor, err := f.cursorName(s.cursor)
	if err != nil {
		return signal{}, err
	}
	result, err := f.host.Query("FETCH NEXT FROM " + name(cursor))
	if err != nil {
		return signal{}, err
	}
	return signal{}, f.assignFirst(s.targets, result)
}

func (s *closeStatement) run(f *frame) (signal, error) {
	cursor, err := f.cursorName(s.cursor)
	if err != nil {
		return signal{}, err
	}
	_, err = f.host.Query("CLOSE " + name(cursor))
	return signal{}, err
}

func (f *frame) cursorName(t target) (string, error) {
	v := f.slots[t.slot]
	if v.value.Null {
		return "", fault.Invalidf("cursor variable %q is NULL", v.name).WithCode(codeNullValue)
	}
	return v.value.Text, nil
}
