package load

import (
	"bytes"
	"fmt"
)

// cutJSON cuts behind the last object or array that stands at the root.
func cutJSON(data []byte) int {
	end, depth, quoted := 0, 0, false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case quoted:
			next := bytes.IndexByte(data[i:], '"')
			if next < 0 {
				return end
			}
			if escape := bytes.IndexByte(data[i:i+next], '\\'); escape >= 0 {
				i += escape + 1
			} else {
				i, quoted = i+next, false
			}
		case c == '"':
			quoted = depth > 0
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth <= 0 {
				end, depth = i+1, 0
			}
		case c == '\n' && depth == 0:
			end = i + 1
		}
	}
	return end
}

// nextJSON reads the next value at the root.
func (r *recordReader) nextJSON() *record {
	r.passSpace()
	if r.at == len(r.data) {
		return nil
	}
	r.start = r.at
	end, ok := jsonValue(r.data, r.start, 0)
	group := r.data[r.start] == '{' || r.data[r.start] == '['
	if !ok || !group {
		return r.malformed(end)
	}
	line := r.lines + 1
	r.lines += int64(bytes.Count(r.data[r.start:end], newline))
	r.at = end
	r.begin(line, r.data[r.start:end])
	r.fill()
	return &r.record
}

func (r *recordReader) passSpace() {
	for r.at < len(r.data) && jsonSpace(r.data, r.at) > r.at {
		if r.data[r.at] == '\n' {
			r.lines++
		}
		r.at++
	}
}

// malformed makes a record of what is no JSON object: up to the end of the line on which the mistake stands, which is the
// line that Redshift names.
func (r *recordReader) malformed(mistake int) *record {
	r.at = len(r.data)
	if at := bytes.IndexByte(r.data[min(mistake, len(r.data)):], '\n'); at >= 0 {
		r.at = mistake + at
	}
	raw := withoutEnd(r.data[r.start:r.at])
	r.lines += int64(bytes.Count(raw, newline))
	r.begin(r.lines+1, raw)
	r.record.problem = problemf(errLine, "Invalid JSON: unexpected %s at location %d", shownByte(r.data, mistake), mistake-r.start)
	return &r.record
}

func shownByte(b []byte, at int) string {
	if at >= len(b) {
		return "end of file"
	}
	return fmt.Sprintf("character 0x%02x", b[at])
}

// fill makes the fields of a JSON value: one for each column.
func (r *recordReader) fill() {
	rec := &r.record
	switch {
	case r.o.noShred:
		rec.fields = append(rec.fields, field{raw: rec.raw, value: rec.raw})
		return
	case r.o.paths != nil:
		r.follow()
		return
	}
	for range r.columns {
		rec.fields = append(rec.fields, field{null: true})
	}
	if rec.raw[0] != '{' {
		rec.problem = problemf(errLine, "Invalid JSON: an array at the root needs a JSONPaths file")
		return
	}
	for at := jsonSpace(rec.raw, 1); rec.raw[at] != '}'; {
		quoted, behind, _ := jsonKey(rec.raw, at)
		end, _ := jsonValue(rec.raw, behind, 1)
		if column, ok := r.columnOf(quoted); ok {
			rec.fields[column] = r.jsonField(behind, end)
		}
		more := false
		if at, more, _ = jsonNext(rec.raw, end, '}'); !more {
			return
		}
	}
}

// columnOf finds the column that a key, in quotes, names.
func (r *recordReader) columnOf(quoted []byte) (int, bool) {
	key := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(key, '\\') >= 0 {
		key, _ = appendUnquoted(nil, quoted)
	}
	if r.o.ignoreCase {
		key = bytes.ToLower(key)
	}
	column, ok := r.columns[string(key)]
	return column, ok
}

// jsonField is the field of the value between two places of the record.
func (r *recordReader) jsonField(start, end int) field {
	raw := r.record.raw[start:end]
	f := field{raw: raw, value: raw, start: start}
	switch raw[0] {
	case 'n':
		f.null = true
	case '"':
		if bytes.IndexByte(raw, '\\') < 0 {
			f.value = raw[1 : len(raw)-1]
			break
		}
		mark := len(r.record.scratch)
		var ok bool
		if r.record.scratch, ok = appendUnquoted(r.record.scratch, raw); !ok {
			r.record.problem = problemf(errLine, "Invalid JSON: a string has an invalid escape")
		}
		f.value = r.record.scratch[mark:]
	}
	return f
}
