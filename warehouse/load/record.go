package load

import (
	"bytes"
	"unicode/utf8"
)

// field is one value of a record as it stands in the file.
type field struct {
	raw   []byte // as it is written
	value []byte // without quotes and escapes
	start int    // offset of raw in the record, in bytes
	null  bool   // JSON and Avro say so; text does by what NULL AS names
}

// record is one row of a file. Its bytes are valid until the next one is read.
type record struct {
	line    int64 // where it begins
	raw     []byte
	fields  []field
	problem *problem // with the whole record
	scratch []byte   // where values stand that differ from what is written
}

// recordReader reads the records of one block.
type recordReader struct {
	o      *options
	data   []byte
	start  int   // of the record
	at     int   // behind its last line
	lines  int64 // begun so far, of the file
	record record
	split  func(*recordReader) // fills the record's fields from its raw line
	// columns says which field a name is: of JSON objects.
	columns map[string]int
}

func newRecordReader(p *Plan) *recordReader {
	reader := &recordReader{o: p.o, columns: p.names}
	switch {
	case p.o.format == csvFormat:
		reader.split = (*recordReader).splitCSV
	case p.o.format == fixedWidth:
		reader.split = (*recordReader).splitFixed
	case p.o.escape || p.o.removeQuotes:
		reader.split = (*recordReader).splitEscaped
	default:
		reader.split = (*recordReader).splitPlain
	}
	return reader
}

// open begins a block.
func (r *recordReader) open(b *block) {
	r.data, r.at, r.lines = b.data, 0, b.line-1
}

// more says that the block goes on; what follows may be blank.
func (r *recordReader) more() bool { return r.at < len(r.data) }

// peek returns the next line and does not pass it.
func (r *recordReader) peek() []byte {
	end := bytes.IndexByte(r.data[r.at:], '\n') + 1
	if end == 0 {
		end = len(r.data) - r.at
	}
	return withoutEnd(r.data[r.at : r.at+end])
}

// next reads a record, nil behind the last one of the block.
func (r *recordReader) next() *record {
	if r.o.json() {
		return r.nextJSON()
	}
	for r.at < len(r.data) {
		start := r.lines + 1
		r.start = r.at
		line := r.line()
		if len(line) == 0 && r.o.ignoreBlankLines {
			continue
		}
		r.begin(start, line)
		r.split(r)
		return &r.record
	}
	return nil
}

func (r *recordReader) begin(line int64, raw []byte) {
	r.record.line, r.record.raw, r.record.problem = line, raw, nil
	r.record.fields, r.record.scratch = r.record.fields[:0], r.record.scratch[:0]
}

// line reads up to the next line end, which is LF or CR LF and is cut off.
func (r *recordReader) line() []byte {
	r.pass()
	return withoutEnd(r.data[r.start:r.at])
}

// pass moves behind the next line end.
func (r *recordReader) pass() {
	r.lines++
	if length := bytes.IndexByte(r.data[r.at:], '\n'); length >= 0 {
		r.at += length + 1
	} else {
		r.at = len(r.data)
	}
}

func withoutEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
		if n > 1 && line[n-2] == '\r' {
			line = line[:n-2]
		}
	} else if n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// join adds the next line to the record. It returns false at the end of the block.
func (r *recordReader) join() bool {
	if r.at == len(r.data) {
		return false
	}
	r.pass()
	r.record.raw = withoutEnd(r.data[r.start:r.at])
	return true
}

func (r *recordReader) add(start, end int, value []byte) {
	r.record.fields = append(r.record.fields, field{raw: r.record.raw[start:end], value: value, start: start})
}

// splitPlain cuts at delimiters: quotes and backslashes mean nothing.
func (r *recordReader) splitPlain() {
	raw, start := r.record.raw, 0
	for i, c := range raw {
		if c == r.o.delimiter {
			r.add(start, i, raw[start:i])
			start = i + 1
		}
	}
	r.add(start, len(raw), raw[start:])
}

// splitFixed cuts after the characters that each width counts.
func (r *recordReader) splitFixed() {
	raw, start := r.record.raw, 0
	for _, width := range r.o.widths {
		if start == len(raw) {
			return
		}
		end := start
		for n := 0; n < width && end < len(raw); n++ {
			_, size := utf8.DecodeRune(raw[end:])
			end += size
		}
		r.add(start, end, raw[start:end])
		start = end
	}
}
