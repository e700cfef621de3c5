package load

import (
	"bytes"
	"io"
	"sync"
)

// The usual size of a block, and the longest records, in bytes.
const (
	blockSize     = 1 << 20
	maxRecord     = 64 << 20
	maxJSONRecord = 16 << 20
)

// block is a piece of a file that holds whole records.
type block struct {
	file int
	line int64 // the number of its first line in the file
	data []byte
	// problem, if set, is that of the one record whose beginning the block holds.
	problem *problem
}

var blockPool = sync.Pool{New: func() any { b := make([]byte, 0, blockSize); return &b }}

func (b *block) release() {
	if cap(b.data) == blockSize {
		data := b.data[:0]
		blockPool.Put(&data)
	}
}

// cutter returns the length of the longest part of the data, from its beginning, that ends with a record; 0 if there is none.
type cutter func(data []byte) int

// blockReader cuts a file into blocks.
type blockReader struct {
	source io.Reader
	cut    cutter
	size   int      // of a block, in bytes, at first
	limit  int      // of a record, in bytes
	long   *problem // that of a record beyond the limit
	rest   []byte   // read and not taken yet
	ended  bool     // the source has no more
	lines  int64    // taken or skipped
	inLine bool     // what was taken last does not end with a line
	bytes  int64    // read
}

func newBlockReader(o *options, source io.Reader) *blockReader {
	b := &blockReader{source: source, cut: cutLines, size: blockSize, limit: maxRecord, long: problemf(errLine, "The line is longer than 64 MB")}
	switch {
	case o.format == csvFormat:
		b.cut = func(data []byte) int { return cutCSV(data, o.delimiter, o.quote) }
	case o.format == jsonFormat:
		b.cut, b.limit, b.long = cutJSON, maxJSONRecord, problemf(errLine, "The JSON object is longer than 16 MB")
	case o.escape:
		b.cut = cutEscaped
	}
	return b
}

// skipLines passes the lines of IGNOREHEADER.
func (b *blockReader) skipLines(n int64) error {
	for b.lines < n {
		if at := bytes.IndexByte(b.rest, '\n'); at >= 0 {
			b.rest = b.rest[at+1:]
			b.lines++
			continue
		}
		if b.ended {
			if len(b.rest) > 0 {
				b.lines++
			}
			b.rest = nil
			return nil
		}
		if err := b.fill(min(max(b.size, 2*len(b.rest)), maxRecord)); err != nil {
			return err
		}
		if len(b.rest) == maxRecord {
			b.rest = b.rest[:0]
		}
	}
	return nil
}

// fill reads until rest has that many bytes or the source ends. What stands in rest moves to new memory.
func (b *blockReader) fill(size int) error {
	if b.ended || len(b.rest) >= size {
		return nil
	}
	var data []byte
	if size == blockSize {
		data = (*blockPool.Get().(*[]byte))[:0]
	} else {
		data = make([]byte, 0, size)
	}
	data = append(data, b.rest...)
	var err error
	for err == nil && len(data) < size {
		var n int
		n, err = b.source.Read(data[len(data):size])
		data = data[:len(data)+n]
		b.bytes += int64(n)
	}
	b.rest = data
	if err == io.EOF {
		b.ended, err = true, nil
	}
	return err
}

// next returns the next block, io.EOF behind the last one. The block's memory is its own.
func (b *blockReader) next() (block, error) {
	for size := b.size; ; size = min(2*size, b.limit) {
		if err := b.fill(size); err != nil {
			return block{}, err
		}
		if len(b.rest) == 0 && b.ended {
			if b.inLine {
				b.lines, b.inLine = b.lines+1, false
			}
			return block{}, io.EOF
		}
		length := len(b.rest)
		if !b.ended {
			length = b.cut(b.rest)
		}
		switch {
		case length > 0:
			return b.take(length), nil
		case size == b.limit:
			return b.oversized()
		}
	}
}

func (b *blockReader) take(length int) block {
	taken := block{line: b.lines + 1, data: b.rest[:length]}
	b.lines += int64(bytes.Count(taken.data, newline))
	b.inLine = taken.data[length-1] != '\n'
	b.rest = append([]byte(nil), b.rest[length:]...)
	return taken
}

var newline = []byte("\n")

// oversized passes a record that is too long, up to the end of the line on which it ends to be read, and keeps its beginning.
func (b *blockReader) oversized() (block, error) {
	taken := block{line: b.lines + 1, data: bytes.Clone(b.rest[:min(len(b.rest), maxRawLine)]), problem: b.long}
	for {
		b.lines += int64(bytes.Count(b.rest, newline))
		b.rest = b.rest[:0]
		if err := b.fill(b.size); err != nil {
			return block{}, err
		}
		at := bytes.IndexByte(b.rest, '\n')
		if at < 0 && !b.ended {
			continue
		}
		if at < 0 {
			at = len(b.rest) - 1
		}
		b.rest = b.rest[at+1:]
		b.lines++
		return taken, nil
	}
}

func cutLines(data []byte) int { return bytes.LastIndexByte(data, '\n') + 1 }

// cutEscaped cuts behind a line end that no backslash can take for a part of a value.
func cutEscaped(data []byte) int {
	for end := len(data); ; {
		end = bytes.LastIndexByte(data[:end], '\n')
		if end < 0 {
			return 0
		}
		line := bytes.TrimSuffix(data[:end], []byte("\r"))
		if len(line) == 0 || line[len(line)-1] != '\\' {
			return end + 1
		}
	}
}
