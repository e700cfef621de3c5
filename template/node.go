package template

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// node is a part of the template with its place. A nil node is a value that could not be found out; the reason has been
// reported, so whoever meets it keeps silent.
type node struct {
	at fault.Position
	// scalar is set for texts, numbers, booleans and null; else kind says Array or Object.
	kind   value.Kind
	scalar value.Value
	items  []*node
	fields []field
	// block says that the node is a literal block scalar: its text stands in the lines behind at, indented by indent.
	block  bool
	indent int
}

// field is one member of an object.
type field struct {
	key   string
	at    fault.Position
	value *node
}

func scalarAt(at fault.Position, v value.Value) *node {
	return &node{at: at, kind: v.Kind(), scalar: v}
}

func textAt(at fault.Position, text string) *node { return scalarAt(at, value.OfString(text)) }

// copyAt returns the node as if it stood at another place.
func (n *node) copyAt(at fault.Position) *node {
	if n == nil {
		return nil
	}
	c := *n
	c.at = at
	return &c
}

// get returns the member of an object, nil when there is none.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for _, f := range n.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

// duplicate finds a member that an object has twice.
func (n *node) duplicate() *fault.Fault {
	seen := make(map[string]bool, len(n.fields))
	for _, f := range n.fields {
		if seen[f.key] {
			return fault.Invalidf("the key %q is there twice", f.key).At(f.at)
		}
		seen[f.key] = true
		if err := f.value.duplicate(); err != nil {
			return err
		}
	}
	for _, item := range n.items {
		if err := item.duplicate(); err != nil {
			return err
		}
	}
	return nil
}

// text returns a scalar as CloudFormation prints it into strings.
func (n *node) text() string {
	if n.scalar.Kind() == value.String {
		return n.scalar.Str()
	}
	if n.kind == value.Array {
		parts := make([]string, len(n.items))
		for i, item := range n.items {
			parts[i] = item.text()
		}
		return strings.Join(parts, ",")
	}
	return n.value().Compact()
}

// isScalar reports whether the node is a text, number or boolean.
func (n *node) isScalar() bool {
	return n.kind == value.String || n.kind == value.Number || n.kind == value.Bool
}

// value returns the node as JSON.
func (n *node) value() value.Value {
	switch n.kind {
	case value.Array:
		items := make([]value.Value, len(n.items))
		for i, item := range n.items {
			items[i] = item.value()
		}
		return value.OfItems(items)
	case value.Object:
		members := make([]value.Member, len(n.fields))
		for i, f := range n.fields {
			members[i] = value.Member{Key: f.key, Value: f.value.value()}
		}
		return value.OfMembers(members...)
	}
	return n.scalar
}

// call takes an object of one member apart, as functions are written.
func (n *node) call() (name string, argument *node, ok bool) {
	if n.kind != value.Object || len(n.fields) != 1 {
		return "", nil, false
	}
	name = n.fields[0].key
	return name, n.fields[0].value, name == "Ref" || strings.HasPrefix(name, "Fn::")
}
