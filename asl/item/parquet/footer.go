package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// metadata is what the footer of a file tells.
type metadata struct {
	root   *node
	leaves []*node
	groups []group
}

// group is a row group.
type group struct {
	rows, bytes int64
	chunks      []chunk
}

// chunk is a column of a row group: a run of pages in the file.
type chunk struct {
	physical               physical
	codec                  codec
	values                 int64 // nulls included
	size                   int64 // bytes in the file
	dataPage, dictionary   int64 // offsets; 0: there is no dictionary
	elsewhere, isEncrypted bool
}

const magic = "PAR1"

func readFooter(file io.ReaderAt, size int64) (*metadata, error) {
	tail := make([]byte, 8)
	if size < int64(len(magic)+len(tail)) {
		return nil, errors.New("The file is not a Parquet file: it is too short.")
	}
	if err := readAt(file, tail, size-8); err != nil {
		return nil, err
	}
	switch string(tail[4:]) {
	case magic:
	case "PARE":
		return nil, errors.New("The Parquet file is encrypted, which is not supported.")
	default:
		return nil, errors.New("The file is not a Parquet file, or it is truncated: it does not end with PAR1.")
	}
	length := int64(binary.LittleEndian.Uint32(tail))
	if length > maxFooter {
		return nil, fmt.Errorf("The footer of the Parquet file has %d bytes, more than 5 MB.", length)
	}
	if length > size-12 {
		return nil, errors.New("The footer of the Parquet file is longer than the file.")
	}
	text := make([]byte, length)
	if err := readAt(file, text, size-8-length); err != nil {
		return nil, err
	}
	m, err := parseFooter(text, size)
	if err != nil {
		return nil, fmt.Errorf("The footer of the Parquet file is damaged: %w.", err)
	}
	return m, nil
}

// readAt fills b. A file that became shorter is one that ends early.
func readAt(file io.ReaderAt, b []byte, at int64) error {
	n, err := file.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == io.EOF:
		return errors.New("The Parquet file ends early.")
	}
	return err
}

func parseFooter(text []byte, size int64) (*metadata, error) {
	var (
		t        = &thrift{data: text}
		m        = &metadata{}
		elements []element
	)
	t.fields(func(id int, kind byte) bool {
		switch {
		case id == 2 && kind == kindList:
			t.structs(func() { elements = append(elements, t.element()) })
		case id == 4 && kind == kindList:
			t.structs(func() { m.groups = append(m.groups, t.group()) })
		default:
			return false
		}
		return true
	})
	if t.err != nil {
		return nil, t.err
	}
	var err error
	if m.root, m.leaves, err = buildSchema(elements); err != nil {
		return nil, err
	}
	for i := range m.groups {
		if err := m.groups[i].check(m.leaves, size); err != nil {
			return nil, fmt.Errorf("row group %d: %w", i, err)
		}
	}
	return m, nil
}

func (t *thrift) group() (g group) {
	t.fields(func(id int, kind byte) bool {
		switch id {
		case 1:
			t.structs(func() { g.chunks = append(g.chunks, t.chunk()) })
		case 2:
			g.bytes = t.int()
		case 3:
			g.rows = t.int()
		default:
			return false
		}
		return true
	})
	return g
}

func (t *thrift) chunk() (c chunk) {
	t.fields(func(id int, kind byte) bool {
		switch {
		case id == 1:
			c.elsewhere = len(t.bytes()) > 0
		case id == 3 && kind == kindStruct:
			t.columnMetadata(&c)
		case id == 8:
			c.isEncrypted = true
			return false
		default:
			return false
		}
		return true
	})
	return c
}

func (t *thrift) columnMetadata(c *chunk) {
	t.fields(func(id int, kind byte) bool {
		switch id {
		case 1:
			c.physical = physical(t.int())
		case 4:
			c.codec = codec(t.int())
		case 5:
			c.values = t.int()
		case 7:
			c.size = t.int()
		case 9:
			c.dataPage = t.int()
		case 11:
			c.dictionary = t.int()
		default:
			return false
		}
		return true
	})
}

func (g *group) check(leaves []*node, size int64) error {
	if g.bytes > maxGroup {
		return fmt.Errorf("it has %d bytes, more than 256 MB", g.bytes)
	}
	if len(g.chunks) != len(leaves) {
		return fmt.Errorf("it has %d columns, and the schema %d", len(g.chunks), len(leaves))
	}
	var sum int64
	for i := range g.chunks {
		c := &g.chunks[i]
		if err := c.check(leaves[i], size); err != nil {
			return fmt.Errorf("column %q: %w", leaves[i].name, err)
		}
		if sum += c.size; sum > maxGroup {
			return errors.New("it has more than 256 MB")
		}
	}
	if g.rows < 0 {
		return errors.New("it has less than no rows")
	}
	return nil
}

func (c *chunk) check(leaf *node, size int64) error {
	switch {
	case c.elsewhere:
		return errors.New("it stands in another file, which is not supported")
	case c.isEncrypted:
		return errors.New("it is encrypted, which is not supported")
	case c.physical != leaf.physical:
		return errors.New("its type is not that of the schema")
	case !c.codec.isKnown():
		return fmt.Errorf("the compression %s is not supported, only GZIP, SNAPPY and ZSTD", c.codec)
	case c.values < 0 || c.size < 0 || c.start() < 0 || c.start() > size || c.size > size-c.start():
		return errors.New("it is said to lie outside of the file")
	}
	return nil
}

// start is the offset of the first page.
func (c *chunk) start() int64 {
	if c.dictionary > 0 {
		return min(c.dictionary, c.dataPage)
	}
	return c.dataPage
}
