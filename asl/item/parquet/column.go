package parquet

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/bits"
)

// column reads the values of a column of a row group, one after the other.
type column struct {
	node   *node
	chunk  *chunk
	source *bufio.Reader
	codecs *codecs
	// memory is what the row group may still hold, in bytes; held is what this column does.
	memory     *int64
	held       int64
	left       int64 // values in the pages to come
	inPage     int   // values left in the page
	repeats    *hybrid
	defines    *hybrid
	values     decoder
	dictionary []raw

	// The value that is next, if ready.
	ready              bool
	repeat, definition int
	value              raw
}

// readAhead is how many bytes of a column are read at a time; larger pages are read whole. A page header is shorter.
const readAhead = 128 << 10

func openColumn(file io.ReaderAt, n *node, c *chunk, codecs *codecs, memory *int64) *column {
	section := io.NewSectionReader(file, c.start(), c.size)
	source := bufio.NewReaderSize(section, int(min(readAhead, max(c.size, 16))))
	return &column{node: n, chunk: c, source: source, codecs: codecs, memory: memory, left: c.values}
}

// isOver says that there are no more values.
func (c *column) isOver() bool { return !c.ready && c.inPage == 0 && c.left == 0 }

// peek makes the next value ready.
func (c *column) peek() error {
	if c.ready {
		return nil
	}
	if err := c.read(); err != nil {
		return fmt.Errorf("column %q: %w", c.node.name, err)
	}
	c.ready = true
	return nil
}

func (c *column) read() (err error) {
	for c.inPage == 0 {
		if c.left == 0 {
			return errors.New("it has fewer values than the row group rows")
		}
		if err := c.page(); err != nil {
			return err
		}
	}
	c.inPage--
	c.repeat, c.definition, c.value = 0, c.node.definition, raw{}
	if c.repeats != nil {
		if c.repeat, err = level(c.repeats, c.node.repeat); err != nil {
			return err
		}
	}
	if c.defines != nil {
		if c.definition, err = level(c.defines, c.node.definition); err != nil {
			return err
		}
	}
	if c.definition == c.node.definition {
		c.value, err = c.values.next()
	}
	return err
}

func level(levels *hybrid, highest int) (int, error) {
	v, err := levels.next()
	if err == nil && v > uint64(highest) {
		err = errors.New("a level is higher than the schema allows")
	}
	return int(v), err
}

func levelWidth(highest int) uint { return uint(bits.Len(uint(highest))) }

// page goes to the next page.
func (c *column) page() error {
	head, err := c.header()
	if err != nil {
		return err
	}
	body, err := c.body(head)
	if err != nil {
		return err
	}
	switch head.kind {
	case pageDictionary:
		return c.readDictionary(head, body)
	case pageData:
		return c.openPage(head, body)
	case pageDataV2:
		return c.openPageV2(head, body)
	}
	return nil // other pages hold no values
}

// body reads a page, decompressed as far as it is compressed.
func (c *column) body(head *pageHead) ([]byte, error) {
	if head.kind != pageDictionary {
		*c.memory, c.held, c.values, c.repeats, c.defines = *c.memory+c.held, 0, nil, nil, nil
	}
	size := int64(head.compressed) + int64(head.uncompressed)
	if size > *c.memory {
		return nil, errors.New("its pages need more than 256 MB")
	}
	if *c.memory -= size; head.kind != pageDictionary {
		c.held = size
	}
	data := make([]byte, head.compressed)
	if _, err := io.ReadFull(c.source, data); err != nil {
		return nil, early(err)
	}
	if head.kind == pageDataV2 {
		return data, nil
	}
	return c.codecs.decompress(c.chunk.codec, data, head.uncompressed)
}

func early(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errShort
	}
	return err
}

// rawSize is what a value of a dictionary takes besides its bytes.
const rawSize = 32

func (c *column) readDictionary(head *pageHead, body []byte) error {
	if c.dictionary != nil {
		return errors.New("it has two dictionaries")
	}
	values := &plainValues{node: c.node, data: body}
	c.dictionary = []raw{}
	for range head.values {
		v, err := values.next()
		if err != nil {
			return err
		}
		if *c.memory -= rawSize; *c.memory < 0 {
			return errors.New("its dictionary needs more than 256 MB")
		}
		c.dictionary = append(c.dictionary, v)
	}
	return nil
}

func (c *column) openPage(head *pageHead, body []byte) (err error) {
	if c.node.repeat > 0 {
		if c.repeats, body, err = prefixed(body, levelWidth(c.node.repeat)); err != nil {
			return err
		}
	}
	if c.node.definition > 0 {
		if c.defines, body, err = prefixed(body, levelWidth(c.node.definition)); err != nil {
			return err
		}
	}
	return c.start(head, body)
}

func (c *column) openPageV2(head *pageHead, body []byte) (err error) {
	if head.repeats < 0 || head.defines < 0 || head.repeats+head.defines > len(body) || head.repeats+head.defines > head.uncompressed {
		return errShort
	}
	levels := body[:head.repeats+head.defines]
	if c.node.repeat > 0 {
		c.repeats = &hybrid{data: levels[:head.repeats], width: levelWidth(c.node.repeat)}
	}
	if c.node.definition > 0 {
		c.defines = &hybrid{data: levels[head.repeats:], width: levelWidth(c.node.definition)}
	}
	body = body[len(levels):]
	if head.isCompressed {
		if body, err = c.codecs.decompress(c.chunk.codec, body, head.uncompressed-len(levels)); err != nil {
			return err
		}
	}
	return c.start(head, body)
}

func (c *column) start(head *pageHead, body []byte) (err error) {
	if head.values < 0 || int64(head.values) > c.left {
		return errors.New("its pages have more values than it")
	}
	c.values, err = c.node.decode(head.encoding, body, head.values, c.dictionary)
	c.left -= int64(head.values)
	c.inPage = head.values
	return err
}
