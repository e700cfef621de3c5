package load

import "bytes"

// plain says that records are lines of fields between delimiters, where nothing else has a meaning.
func (o *options) plain() bool {
	return o.format == delimited && !o.escape && !o.removeQuotes && o.nullAs != "\x00"
}

// plainLine adds a line of delimited text to the batch without making a record of it, as most lines of most files allow. It
// returns false, and adds nothing, for a line that has to be looked at more closely.
func (l *loader) plainLine(line []byte) bool {
	if len(line) == 0 {
		return false
	}
	at := 0
	for i := range l.plan.columns {
		if at > len(line) {
			return l.undo(i)
		}
		end := bytes.IndexByte(line[at:], l.plan.o.delimiter) + at
		if end < at {
			end = len(line)
		}
		if !l.plainValue(i, line[at:end]) {
			return l.undo(i + 1)
		}
		at = end + 1
	}
	if at < len(line) {
		return l.undo(len(l.plan.columns))
	}
	l.batch.Rows++
	return true
}

func (l *loader) plainValue(i int, text []byte) bool {
	column, v := &l.plan.columns[i], &l.batch.Columns[i]
	if string(text) == l.plan.o.nullAs {
		v.null()
	} else if column.convert(v, text) != nil {
		return false
	}
	return !column.notNull || !v.Null[l.batch.Rows]
}

// undo takes the values of the row back that stand in the first columns.
func (l *loader) undo(columns int) bool {
	for i := range columns {
		l.batch.Columns[i].cut(l.batch.Rows)
	}
	return false
}
