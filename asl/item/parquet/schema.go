package parquet

import (
	"errors"
	"fmt"
)

// physical is how the values of a column are stored.
type physical int8

const (
	isBoolean physical = iota
	isInt32
	isInt64
	isInt96
	isFloat
	isDouble
	isByteArray
	isFixed
)

type repetition int8

const (
	required repetition = iota
	optional
	repeated
)

// meaning is what the values of a column are, or how a group is meant.
type meaning int8

const (
	plain meaning = iota
	text
	list
	mapping
	decimal
	date
	clock
	timestamp
	unsigned
	uuid
	float16
)

// element is an element of the flat schema in the footer.
type element struct {
	name          string
	physical      physical
	repetition    repetition
	children      int
	isLeaf        bool
	length, scale int
	meaning       meaning
	unit          int64
}

// node is a field of the schema.
type node struct {
	element
	// definition is the level from which on the field is there; repeat, when it may repeat, the level of its second element.
	definition, repeat int
	fields             []*node
	// leaf is the first column below the node, and leaves how many there are.
	leaf, leaves int
}

func (t *thrift) element() (e element) {
	t.fields(func(id int, kind byte) bool {
		switch id {
		case 1:
			e.physical, e.isLeaf = physical(t.int()), true
		case 2:
			e.length = int(t.int())
		case 3:
			e.repetition = repetition(t.int())
		case 4:
			e.name = string(t.bytes())
		case 5:
			e.children = int(t.int())
		case 6:
			e.convert(t.int())
		case 7:
			e.scale = int(t.int())
		case 10:
			t.logical(&e)
		default:
			return false
		}
		return true
	})
	return e
}

// Ticks are how many of a unit a millisecond has.
const (
	millis = 1
	micros = 1000
	nanos  = 1000 * 1000
)

// convert takes an annotation of old writers, ConvertedType; the newer one, LogicalType, stands behind it and wins.
func (e *element) convert(id int64) {
	switch id {
	case 0, 4, 19: // UTF8, ENUM, JSON
		e.meaning = text
	case 1, 2: // MAP, MAP_KEY_VALUE
		e.meaning = mapping
	case 3:
		e.meaning = list
	case 5:
		e.meaning = decimal
	case 6:
		e.meaning = date
	case 7:
		e.meaning, e.unit = clock, millis
	case 8:
		e.meaning, e.unit = clock, micros
	case 9:
		e.meaning, e.unit = timestamp, millis
	case 10:
		e.meaning, e.unit = timestamp, micros
	case 11, 12, 13, 14: // UINT_8 to UINT_64
		e.meaning = unsigned
	}
}

// logical reads a LogicalType, a union whose field says which.
func (t *thrift) logical(e *element) {
	simple := map[int]meaning{1: text, 2: mapping, 3: list, 4: text, 6: date, 12: text, 14: uuid, 15: float16}
	t.fields(func(id int, kind byte) bool {
		if m, ok := simple[id]; ok {
			e.meaning = m
		}
		switch id {
		case 5:
			e.meaning = decimal
			t.fields(func(id int, kind byte) bool {
				if id == 1 {
					e.scale = int(t.int())
				}
				return id == 1
			})
		case 7:
			e.meaning, e.unit = clock, t.unit()
		case 8:
			e.meaning, e.unit = timestamp, t.unit()
		case 10:
			t.fields(func(id int, kind byte) bool {
				if id == 2 && kind == kindFalse {
					e.meaning = unsigned
				}
				return false
			})
		default:
			return false
		}
		return true
	})
}

// unit reads the unit of a TimeType or TimestampType.
func (t *thrift) unit() int64 {
	ticks := int64(millis)
	t.fields(func(id int, kind byte) bool {
		if id != 2 || kind != kindStruct {
			return false
		}
		t.fields(func(id int, kind byte) bool {
			if known := []int64{0, millis, micros, nanos}; id >= 1 && id < len(known) {
				ticks = known[id]
			}
			return false
		})
		return true
	})
	return ticks
}

// schema builds the tree of nodes of the flat schema.
type schema struct {
	rest   []element
	leaves []*node
}

func buildSchema(elements []element) (root *node, leaves []*node, err error) {
	if len(elements) == 0 {
		return nil, nil, errors.New("it has no schema")
	}
	s := &schema{rest: elements}
	elements[0].repetition, elements[0].meaning = required, plain
	if root, err = s.node(0, 0, 0); err != nil {
		return nil, nil, err
	}
	if len(s.rest) > 0 || root.isLeaf {
		return nil, nil, errors.New("its schema is no tree of columns")
	}
	return root, s.leaves, nil
}

func (s *schema) node(depth, definition, repeat int) (*node, error) {
	if len(s.rest) == 0 || depth > maxDepth {
		return nil, errors.New("its schema is no tree of columns")
	}
	n := &node{element: s.rest[0], leaf: len(s.leaves)}
	s.rest = s.rest[1:]
	if n.repetition > required {
		definition++
	}
	if n.repetition == repeated {
		repeat++
	}
	n.definition, n.repeat = definition, repeat
	if err := n.check(); err != nil {
		return nil, fmt.Errorf("column %q: %w", n.name, err)
	}
	if n.isLeaf {
		s.leaves = append(s.leaves, n)
	}
	for range n.children {
		child, err := s.node(depth+1, definition, repeat)
		if err != nil {
			return nil, err
		}
		n.fields = append(n.fields, child)
	}
	n.leaves = len(s.leaves) - n.leaf
	return n, nil
}

// maxScale bounds the digits of a decimal behind the point.
const maxScale = 1000

func (n *node) check() error {
	switch {
	case n.repetition < required || n.repetition > repeated:
		return errors.New("its repetition is unknown")
	case !n.isLeaf && n.children <= 0:
		return errors.New("it is a group without fields")
	case n.isLeaf && n.children > 0:
		return errors.New("it is a value and a group")
	case n.isLeaf && (n.physical < isBoolean || n.physical > isFixed):
		return errors.New("its type is unknown")
	case n.isLeaf && n.physical == isFixed && n.length <= 0:
		return errors.New("its values have no length")
	case n.scale < 0 || n.scale > maxScale:
		return fmt.Errorf("its scale is %d", n.scale)
	}
	return nil
}
