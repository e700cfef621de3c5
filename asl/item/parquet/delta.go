package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// delta are whole numbers as differences in blocks, which are cut into parts that have a width of their own.
type delta struct {
	data      []byte
	left      int // numbers
	parts     int // of a block
	size      int // numbers in a part
	last, min int64
	widths    []byte
	part      []byte
	inPart    int
	started   bool
}

// maxBlock is how many numbers a block may have; writers use 128.
const maxBlock = 1 << 16

// newDelta reads the head of a page of at most count numbers.
func newDelta(data []byte, count int) (*delta, error) {
	t := &thrift{data: data} // its varints are the same
	block, parts, total, first := t.varint(), t.varint(), t.varint(), t.int()
	switch {
	case t.err != nil:
		return nil, t.err
	case parts == 0 || block == 0 || block > maxBlock || block%parts != 0 || block/parts%8 != 0:
		return nil, fmt.Errorf("its blocks have %d numbers in %d parts", block, parts)
	case total > uint64(count):
		return nil, fmt.Errorf("a page has %d numbers for %d values", total, count)
	}
	return &delta{data: t.data, left: int(total), parts: int(parts), size: int(block / parts), last: first}, nil
}

func (d *delta) next() (raw, error) {
	n, err := d.number()
	return raw{bits: uint64(n)}, err
}

func (d *delta) number() (int64, error) {
	if d.left == 0 {
		return 0, errShort
	}
	d.left--
	if !d.started {
		d.started = true
		return d.last, nil
	}
	if d.inPart == 0 {
		if err := d.openPart(); err != nil {
			return 0, err
		}
	}
	width := uint(d.widths[0])
	difference, _ := bitsAt(d.part, uint(d.size-d.inPart)*width, width)
	if d.inPart--; d.inPart == 0 {
		d.widths = d.widths[1:]
	}
	d.last += d.min + int64(difference)
	return d.last, nil
}

func (d *delta) openPart() error {
	if len(d.widths) == 0 {
		u, n := binary.Uvarint(d.data)
		if n <= 0 || len(d.data)-n < d.parts {
			return errShort
		}
		d.min, d.widths, d.data = unzigzag(u), d.data[n:n+d.parts], d.data[n+d.parts:]
	}
	bytes := d.size / 8 * int(d.widths[0])
	if d.widths[0] > 64 || bytes > len(d.data) {
		return errShort
	}
	d.part, d.data, d.inPart = d.data[:bytes], d.data[bytes:], d.size
	return nil
}

// newDeltaBefore is newDelta for numbers with something behind them, which it returns too.
func newDeltaBefore(data []byte, count int) (numbers *delta, rest []byte, err error) {
	scan, err := newDelta(data, count)
	for err == nil && scan.left > 0 {
		_, err = scan.number()
	}
	if err != nil {
		return nil, nil, err
	}
	numbers, err = newDelta(data, count)
	return numbers, scan.data, err
}

// lengths are byte arrays behind the lengths of all.
type lengths struct {
	length *delta
	data   []byte
}

func newLengths(data []byte, count int) (*lengths, error) {
	length, rest, err := newDeltaBefore(data, count)
	return &lengths{length, rest}, err
}

func (l *lengths) next() (raw, error) {
	n, err := l.length.number()
	if err == nil && (n < 0 || n > int64(len(l.data))) {
		err = errShort
	}
	if err != nil {
		return raw{}, err
	}
	v := l.data[:n]
	l.data = l.data[n:]
	return raw{bytes: v}, nil
}

// prefixes are byte arrays that each begin as the one before does.
type prefixes struct {
	prefix *delta
	suffix *lengths
	last   []byte
}

func newPrefixes(data []byte, count int) (*prefixes, error) {
	prefix, rest, err := newDeltaBefore(data, count)
	if err != nil {
		return nil, err
	}
	suffix, err := newLengths(rest, count)
	return &prefixes{prefix: prefix, suffix: suffix}, err
}

func (p *prefixes) next() (raw, error) {
	n, err := p.prefix.number()
	if err == nil && (n < 0 || n > int64(len(p.last))) {
		err = errors.New("a text begins as one that is shorter")
	}
	if err != nil {
		return raw{}, err
	}
	suffix, err := p.suffix.next()
	if err != nil {
		return raw{}, err
	}
	if len(p.last)+len(suffix.bytes) > maxRow {
		return raw{}, errLongRow
	}
	p.last = append(p.last[:n:n], suffix.bytes...)
	return raw{bytes: p.last}, nil
}
