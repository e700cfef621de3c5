package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxRecord is the longest row that COPY reads, in bytes.
const maxRecord = 64 << 20

// field is one value of a record as it stands in the file.
type field struct {
	raw   []byte // as it is written
	value []byte // without quotes and escapes
	start int    // offset of raw in the line, in bytes
}

// record is one row of a file. Its bytes are valid until the next one is read.
type record struct {
	line    int64 // where it begins
	raw     []byte
	fields  []field
	problem *problem // with the whole line
	scratch []byte   // where values stand that differ from what is written
}

// recordReader reads the rows of one file.
type recordReader struct {
	o      *options
	source *bufio.Reader
	lines  int64 // read so far
	crlf   bool  // the last line ended with CR LF
	long   []byte
	joined []byte // the raw bytes of a record of several lines
	record record
	split  func(*recordReader) // fills the record's fields from its raw line
}

func newRecordReader(o *options, r io.Reader) *recordReader {
	reader := &recordReader{o: o, source: bufio.NewReaderSize(r, 1<<18)}
	switch {
	case o.format == csvFormat:
		reader.split = (*recordReader).splitCSV
	case o.format == fixedWidth:
		reader.split = (*recordReader).splitFixed
	case o.escape || o.removeQuotes:
		reader.split = (*recordReader).splitEscaped
	default:
		reader.split = (*recordReader).splitPlain
	}
	return reader
}

// skipHeaders passes the lines of IGNOREHEADER.
func (r *recordReader) skipHeaders() error {
	for r.lines < r.o.headers {
		if _, err := r.line(); err != nil {
			return err
		}
	}
	return nil
}

// next reads a record, io.EOF after the last one.
func (r *recordReader) next() (*record, error) {
	for {
		start := r.lines + 1
		line, err := r.line()
		if err != nil {
			return nil, err
		}
		if len(line) == 0 && r.o.ignoreBlankLines {
			continue
		}
		r.record.line, r.record.raw, r.record.problem = start, line, nil
		r.record.fields, r.record.scratch = r.record.fields[:0], r.record.scratch[:0]
		r.split(r)
		return &r.record, nil
	}
}

// line reads up to the next line end, which is LF or CR LF and is cut off.
func (r *recordReader) line() ([]byte, error) {
	line, err := r.source.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = r.longLine(line)
	}
	if err == io.EOF && len(line) > 0 {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	r.lines++
	line = bytes.TrimSuffix(line, []byte("\n"))
	line, r.crlf = bytes.CutSuffix(line, []byte("\r"))
	return line, nil
}

func (r *recordReader) longLine(start []byte) ([]byte, error) {
	r.long = append(r.long[:0], start...)
	for {
		more, err := r.source.ReadSlice('\n')
		r.long = append(r.long, more...)
		if len(r.long) > maxRecord {
			return nil, fmt.Errorf("line %d is longer than %d bytes", r.lines+1, maxRecord)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return r.long, err
		}
	}
}

// join adds the next line to the record, with the line end between. It returns false at the end of the file, and when the
// record becomes too long.
func (r *recordReader) join() bool {
	if r.lines == r.record.line {
		r.own()
	}
	crlf := r.crlf
	line, err := r.line()
	if err != nil || len(r.joined)+len(line) > maxRecord {
		return false
	}
	if crlf {
		r.joined = append(r.joined, '\r')
	}
	r.joined = append(append(r.joined, '\n'), line...)
	r.record.raw = r.joined
	return true
}

// own moves the record's first line, and what was cut out of it, out of the buffer that reading on overwrites.
func (r *recordReader) own() {
	r.joined = append(r.joined[:0], r.record.raw...)
	for i := range r.record.fields {
		f := &r.record.fields[i]
		same := len(f.raw) > 0 && len(f.value) > 0 && &f.raw[0] == &f.value[0]
		f.raw = r.joined[f.start : f.start+len(f.raw)]
		if same {
			f.value = f.raw
		}
	}
}

func (r *recordReader) add(start, end int, value []byte) {
	r.record.fields = append(r.record.fields, field{raw: r.record.raw[start:end], value: value, start: start})
}

// splitPlain cuts at delimiters: quotes and backslashes mean nothing.
func (r *recordReader) splitPlain() {
	raw, start := r.record.raw, 0
	for {
		length := bytes.IndexByte(raw[start:], r.o.delimiter)
		if length < 0 {
			r.add(start, len(raw), raw[start:])
			return
		}
		r.add(start, start+length, raw[start:start+length])
		start += length + 1
	}
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
