package parquet

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// rows puts the rows of a row group together. Behind the first error everything reads as null.
type rows struct {
	root    *node
	columns []*column
	left    int // bytes that the row may still have
	err     error
}

func openGroup(file io.ReaderAt, m *metadata, g *group, codecs *codecs) *rows {
	memory := int64(maxGroup)
	r := &rows{root: m.root}
	for i := range g.chunks {
		r.columns = append(r.columns, openColumn(file, m.leaves[i], &g.chunks[i], codecs, &memory))
	}
	return r
}

// all yields every row of a row group. It reports whether more are wanted.
func (r *rows) all(count int64, yield func(value.Value, error) bool) bool {
	for range count {
		row, err := r.row()
		if !yield(row, err) || err != nil {
			return false
		}
	}
	for _, c := range r.columns {
		if !c.isOver() {
			yield(value.Value{}, fmt.Errorf("column %q: it has more values than the row group rows", c.node.name))
			return false
		}
	}
	return true
}

var errLongRow = errors.New("a row is longer than 8 MB")

// row reads the next row.
func (r *rows) row() (value.Value, error) {
	r.left = maxRow
	for _, c := range r.columns {
		if err := c.peek(); err != nil {
			return value.Value{}, err
		}
		if c.repeat > 0 {
			return value.Value{}, fmt.Errorf("column %q: it has more values than the others in a row", c.node.name)
		}
	}
	v := r.members(r.root)
	return v, r.err
}

// field reads a field that is there once, not at all, or repeated.
func (r *rows) field(n *node) value.Value {
	switch {
	case n.repetition == repeated:
		return r.items(n, r.present)
	case n.repetition == optional && r.isAbsent(n):
		r.pass(n)
		return value.NullValue()
	}
	return r.present(n)
}

// present reads a field that is there.
func (r *rows) present(n *node) value.Value {
	switch {
	case n.isLeaf:
		return r.leaf(n)
	case n.meaning == list && len(n.fields) == 1 && n.fields[0].repetition == repeated:
		return r.items(n.fields[0], r.element)
	case n.meaning == mapping && len(n.fields) == 1 && n.fields[0].repetition == repeated && len(n.fields[0].fields) == 2:
		return r.entries(n.fields[0])
	}
	return r.members(n)
}

func (r *rows) members(n *node) value.Value {
	members := make([]value.Member, len(n.fields))
	for i, field := range n.fields {
		members[i] = value.Member{Key: field.name, Value: r.field(field)}
	}
	return value.OfMembers(members...)
}

// element reads an element of a list. What repeats is a group around it, but for old writers, to which the format's rules of
// backward compatibility are due.
func (r *rows) element(n *node) value.Value {
	if n.isLeaf || len(n.fields) > 1 || n.fields[0].repetition == repeated || n.name == "array" || strings.HasSuffix(n.name, "_tuple") {
		return r.present(n)
	}
	return r.field(n.fields[0])
}

func (r *rows) items(n *node, read func(*node) value.Value) value.Value {
	var items []value.Value
	r.each(n, func() { items = append(items, read(n)) })
	return value.OfItems(items)
}

func (r *rows) entries(n *node) value.Value {
	var members []value.Member
	r.each(n, func() {
		key := r.field(n.fields[0])
		name := key.Str()
		if key.Kind() != value.String {
			name = key.Text()
		}
		members = append(members, value.Member{Key: name, Value: r.field(n.fields[1])})
	})
	return value.OfMembers(members...)
}

// each calls take for each time that a repeated node is there.
func (r *rows) each(n *node, take func()) {
	if r.isAbsent(n) {
		r.pass(n)
		return
	}
	first := r.columns[n.leaf]
	for r.err == nil {
		take()
		if first.isOver() {
			return
		}
		if r.peek(first); first.repeat != n.repeat {
			return
		}
	}
}

func (r *rows) peek(c *column) {
	if err := c.peek(); err != nil && r.err == nil {
		r.err = err
	}
}

func (r *rows) isAbsent(n *node) bool {
	first := r.columns[n.leaf]
	r.peek(first)
	return r.err == nil && first.definition < n.definition
}

// pass leaves out the one value that each column has for a node that is not there.
func (r *rows) pass(n *node) {
	for _, c := range r.columns[n.leaf : n.leaf+n.leaves] {
		r.peek(c)
		r.charge(1)
		c.ready = false
	}
}

func (r *rows) charge(bytes int) {
	if r.left -= bytes; r.left < 0 && r.err == nil {
		r.err = errLongRow
	}
}

func (r *rows) leaf(n *node) value.Value {
	c := r.columns[n.leaf]
	r.peek(c)
	r.charge(len(c.value.bytes) + 8)
	if r.err == nil && c.definition < n.definition {
		r.err = fmt.Errorf("column %q: its levels do not fit those of the other columns", n.name)
	}
	if r.err != nil {
		return value.NullValue()
	}
	c.ready = false
	v, err := n.value(c.value)
	if err != nil {
		r.err = fmt.Errorf("column %q: %w", n.name, err)
	}
	return v
}
