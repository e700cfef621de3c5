package load

import "bytes"

// The places in a line of CSV that decide what a quote means.
const (
	csvStart  = iota // before a field
	csvBare          // in a field without quotes, or behind a mistake
	csvQuoted        // between quotes
	csvClosed        // behind the closing quote
)

// cutCSV cuts behind the last line end that stands outside quotes. It follows splitCSV, which gives up on a line with a
// mistake.
func cutCSV(data []byte, delimiter, quote byte) int {
	if bytes.IndexByte(data, quote) < 0 {
		return cutLines(data)
	}
	end, place, closing, broken := 0, csvStart, -1, false
	for i, c := range data {
		switch {
		case place == csvQuoted:
			if c == quote {
				place, closing = csvClosed, i
			}
		case c == '\n':
			end, place, broken = i+1, csvStart, false
		case broken:
		case c == delimiter:
			place = csvStart
		case place == csvStart && c == quote, place == csvClosed && c == quote && closing == i-1:
			place = csvQuoted
		case place == csvStart && c != ' ' && c != '\t':
			place = csvBare
		case place == csvClosed && c != ' ' && !(c == '\r' && i+1 < len(data) && data[i+1] == '\n'):
			place, broken = csvBare, true
		}
	}
	return end
}

// splitCSV cuts by the rules of CSV: a quote counts when it is the first character of a field that is not a blank; between
// quotes stand delimiters, line ends and doubled quotes.
func (r *recordReader) splitCSV() {
	start := 0
	for {
		opening := r.openingQuote(start)
		end, next := 0, false
		if opening < 0 {
			end, next = r.bareField(start)
		} else {
			end, next = r.quotedField(start, opening)
		}
		if r.record.problem != nil || !next {
			return
		}
		start = end + 1
	}
}

// openingQuote returns the place of the quote that opens a field, -1 when the field has none.
func (r *recordReader) openingQuote(start int) int {
	raw := r.record.raw
	for i := start; i < len(raw); i++ {
		switch {
		case raw[i] == r.o.quote:
			return i
		case raw[i] != ' ' && raw[i] != '\t' || raw[i] == r.o.delimiter:
			return -1
		}
	}
	return -1
}

func (r *recordReader) bareField(start int) (end int, next bool) {
	raw := r.record.raw
	length := bytes.IndexByte(raw[start:], r.o.delimiter)
	if length < 0 {
		r.add(start, len(raw), raw[start:])
		return len(raw), false
	}
	r.add(start, start+length, raw[start:start+length])
	return start + length, true
}

func (r *recordReader) quotedField(start, opening int) (end int, next bool) {
	mark := len(r.record.scratch)
	for i := opening + 1; ; i++ {
		for i >= len(r.record.raw) {
			if !r.join() {
				r.record.problem = problemf(errLine, "Invalid quote formatting for CSV")
				return 0, false
			}
		}
		raw := r.record.raw
		if raw[i] != r.o.quote {
			r.record.scratch = append(r.record.scratch, raw[i])
			continue
		}
		if i+1 < len(raw) && raw[i+1] == r.o.quote {
			r.record.scratch = append(r.record.scratch, raw[i])
			i++
			continue
		}
		return r.closed(start, i+1, r.record.scratch[mark:])
	}
}

// closed ends a quoted field: only blanks may stand between its quote and the delimiter.
func (r *recordReader) closed(start, i int, value []byte) (end int, next bool) {
	raw := r.record.raw
	for i < len(raw) && raw[i] == ' ' && raw[i] != r.o.delimiter {
		i++
	}
	if i < len(raw) && raw[i] != r.o.delimiter {
		r.record.problem = problemf(errLine, "Invalid quote formatting for CSV")
		return i, false
	}
	r.add(start, i, value)
	return i, i < len(raw)
}
