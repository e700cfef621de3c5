package parquet

import (
	"errors"
	"fmt"
)

// The kinds of pages.
const (
	pageData       = 0
	pageDictionary = 2
	pageDataV2     = 3
)

// pageHead is the header of a page.
type pageHead struct {
	kind                     int64
	compressed, uncompressed int // bytes
	values                   int // nulls included
	encoding                 int64
	defines, repeats         int // bytes of the levels, of a page of version 2
	isCompressed             bool
	levels                   [2]int64 // encodings, of a page of version 1
}

// header reads the header of the next page. How long it is shows only behind it, so it is looked for in more and more of what comes.
func (c *column) header() (*pageHead, error) {
	for size := 256; ; size *= 4 {
		ahead, err := c.source.Peek(min(size, c.source.Size()))
		if len(ahead) == 0 {
			return nil, early(err)
		}
		t := &thrift{data: ahead}
		head := t.pageHead()
		if t.err == nil {
			if _, err := c.source.Discard(len(ahead) - len(t.data)); err != nil {
				return nil, err
			}
			return head, head.check()
		}
		if err != nil || len(ahead) == c.source.Size() {
			return nil, fmt.Errorf("the header of a page is damaged: %w", t.err)
		}
	}
}

// maxValues is how many values a page may have; writers put some ten thousand into one.
const maxValues = 1 << 24

func (h *pageHead) check() error {
	switch {
	case h.compressed < 0 || h.uncompressed < 0 || h.compressed > maxGroup || h.uncompressed > maxGroup:
		return errors.New("a page has more than 256 MB")
	case h.values < 0 || h.values > maxValues:
		return fmt.Errorf("a page has %d values", h.values)
	case h.kind == pageData && (h.levels[0] != encodingRLE || h.levels[1] != encodingRLE):
		return errors.New("its levels have an encoding that is not supported")
	}
	return nil
}

func (t *thrift) pageHead() *pageHead {
	h := &pageHead{isCompressed: true, levels: [2]int64{encodingRLE, encodingRLE}}
	t.fields(func(id int, kind byte) bool {
		switch id {
		case 1:
			h.kind = t.int()
		case 2:
			h.uncompressed = int(t.int())
		case 3:
			h.compressed = int(t.int())
		case 5:
			t.dataPage(h)
		case 7:
			t.dataPage(h) // its first two fields are the same
		case 8:
			t.dataPageV2(h)
		default:
			return false
		}
		return true
	})
	return h
}

func (t *thrift) dataPage(h *pageHead) {
	t.fields(func(id int, kind byte) bool {
		switch id {
		case 1:
			h.values = int(t.int())
		case 2:
			h.encoding = t.int()
		case 3, 4:
			if kind <= kindFalse {
				return false // of a dictionary: whether it is sorted
			}
			h.levels[id-3] = t.int()
		default:
			return false
		}
		return true
	})
}

func (t *thrift) dataPageV2(h *pageHead) {
	t.fields(func(id int, kind byte) bool {
		switch id {
		case 1:
			h.values = int(t.int())
		case 4:
			h.encoding = t.int()
		case 5:
			h.defines = int(t.int())
		case 6:
			h.repeats = int(t.int())
		case 7:
			h.isCompressed = kind == kindTrue
		default:
			return false
		}
		return true
	})
}
