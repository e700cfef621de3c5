package load

// splitEscaped cuts at delimiters, where ESCAPE makes a backslash take the next character as it is, a line end included,
// and REMOVEQUOTES hides delimiters between quotes around a field.
func (r *recordReader) splitEscaped() {
	start := 0
	for {
		end, value, complete := r.escapedField(start)
		if !complete {
			r.record.fields = r.record.fields[:0]
			r.record.scratch = r.record.scratch[:0]
			if r.join() {
				start = 0
				continue
			}
			r.record.problem = problemf(errLine, "Invalid escape at the end of the file")
			return
		}
		r.add(start, end, value)
		if r.record.problem != nil || end == len(r.record.raw) {
			return
		}
		start = end + 1
	}
}

// escapedField reads one field. It is not complete when the line ends behind a backslash.
func (r *recordReader) escapedField(start int) (end int, value []byte, complete bool) {
	raw, mark := r.record.raw, len(r.record.scratch)
	quote := byte(0)
	if r.o.removeQuotes && start < len(raw) && (raw[start] == '\'' || raw[start] == '"') {
		quote = raw[start]
	}
	i := start
	if quote != 0 {
		i++
	}
	for ; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == '\\' && r.o.escape:
			if i++; i == len(raw) {
				return i, nil, false
			}
			r.record.scratch = append(r.record.scratch, raw[i])
			continue
		case quote != 0 && c == quote && (i+1 == len(raw) || raw[i+1] == r.o.delimiter):
			return i + 1, r.record.scratch[mark:], true
		case quote == 0 && c == r.o.delimiter:
			return i, r.record.scratch[mark:], true
		}
		r.record.scratch = append(r.record.scratch, c)
	}
	if quote != 0 {
		r.record.problem = problemf(errLine, "Invalid quote formatting: the quote is not closed")
	}
	return i, r.record.scratch[mark:], true
}
