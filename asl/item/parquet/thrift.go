package parquet

import (
	"encoding/binary"
	"errors"
)

// The kinds of values in Thrift's compact protocol.
const (
	kindTrue   = 1
	kindFalse  = 2
	kindByte   = 3
	kindI64    = 6 // kindByte < kind <= kindI64 are varints
	kindDouble = 7
	kindBinary = 8
	kindList   = 9
	kindSet    = 10
	kindStruct = 12
)

// maxDepth is how deep structures may nest.
const maxDepth = 32

var errShort = errors.New("the file ends early")

// thrift reads values of Thrift's compact protocol. Behind the first error everything reads as zero.
type thrift struct {
	data  []byte
	depth int
	err   error
}

func (t *thrift) fail(err error) {
	if t.err == nil {
		t.err = err
	}
	t.data = nil
}

func (t *thrift) take(n int) []byte {
	if n < 0 || n > len(t.data) {
		t.fail(errShort)
		return nil
	}
	taken := t.data[:n]
	t.data = t.data[n:]
	return taken
}

func (t *thrift) byte() byte {
	if b := t.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (t *thrift) varint() uint64 {
	u, n := binary.Uvarint(t.data)
	if n <= 0 {
		t.fail(errShort)
		return 0
	}
	t.data = t.data[n:]
	return u
}

func (t *thrift) int() int64 { return unzigzag(t.varint()) }

func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

// size is a length of what follows, which takes at least one byte each.
func (t *thrift) size() int {
	n := t.varint()
	if n > uint64(len(t.data)) {
		t.fail(errShort)
		return 0
	}
	return int(n)
}

func (t *thrift) bytes() []byte { return t.take(t.size()) }

// fields calls read for each field of a structure; read returns false when it did not take the value.
func (t *thrift) fields(read func(id int, kind byte) bool) {
	if t.depth++; t.depth > maxDepth {
		t.fail(errors.New("its structures nest too deep"))
	}
	for id := 0; t.err == nil; {
		head := t.byte()
		kind := head & 0xf
		if kind == 0 {
			break
		}
		if delta := int(head >> 4); delta > 0 {
			id += delta
		} else {
			id = int(t.int())
		}
		if t.err == nil && !read(id, kind) {
			t.skip(kind)
		}
	}
	t.depth--
}

// structs calls read for each element of a list of structures, and skips another list.
func (t *thrift) structs(read func()) {
	kind, n := t.listHead()
	if kind == kindStruct && n > len(t.data)/leastStruct {
		t.fail(errShort)
	}
	for range n {
		if t.err != nil {
			return
		}
		if kind == kindStruct {
			read()
		} else {
			t.skipElement(kind)
		}
	}
}

// leastStruct is how many bytes the structures of lists that are kept take at least.
const leastStruct = 4

func (t *thrift) listHead() (kind byte, n int) {
	head := t.byte()
	if n = int(head >> 4); n == 15 {
		n = t.size()
	}
	return head & 0xf, n
}

func (t *thrift) skip(kind byte) {
	switch {
	case kind == kindTrue, kind == kindFalse:
	case kind == kindByte:
		t.byte()
	case kind <= kindI64:
		t.varint()
	case kind == kindDouble:
		t.take(8)
	case kind == kindBinary:
		t.bytes()
	case kind == kindList, kind == kindSet:
		t.skipList()
	case kind == kindStruct:
		t.fields(func(int, byte) bool { return false })
	default:
		t.fail(errors.New("it has a value of an unknown kind")) // a map stands nowhere in the format
	}
}

func (t *thrift) skipList() {
	kind, n := t.listHead()
	for range n {
		if t.err != nil {
			return
		}
		t.skipElement(kind)
	}
}

func (t *thrift) skipElement(kind byte) {
	if kind == kindTrue || kind == kindFalse {
		kind = kindByte // in a list, a boolean takes a byte
	}
	t.skip(kind)
}
