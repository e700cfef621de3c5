// Package attribute holds DynamoDB's attribute values: their JSON form, their order, their size and the order-preserving keys
// made of them. It knows no table and no expression.
//
//	v, err := attribute.Parse(value.MustParse(`{"N": "1.50"}`))
//	v.JSON() // {"N":"1.5"}
package attribute

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Kind is the type of an attribute value; its text is what stands for it in JSON.
type Kind string

// The kinds of attribute values.
const (
	String    Kind = "S"
	Number    Kind = "N"
	Binary    Kind = "B"
	Bool      Kind = "BOOL"
	Null      Kind = "NULL"
	List      Kind = "L"
	Map       Kind = "M"
	StringSet Kind = "SS"
	NumberSet Kind = "NS"
	BinarySet Kind = "BS"
)

// ordered reports whether values of the kind have an order: keys can be of it.
func (k Kind) ordered() bool { return k == String || k == Number || k == Binary }

// element is the kind of a set's elements; ok is false for other kinds.
func (k Kind) element() (of Kind, ok bool) {
	of, ok = map[Kind]Kind{StringSet: String, NumberSet: Number, BinarySet: Binary}[k]
	return of, ok
}

// Value is one attribute value. The zero Value is none. Lists and maps are shared by copies; Clone makes one that may be changed.
type Value struct {
	Kind Kind
	// Text is a string, the bytes of a binary or the canonical spelling of a number.
	Text  string
	Truth bool
	// Items are the elements of a list or set.
	Items []Value
	// Members are those of a map.
	Members Item
}

// Item is a whole item, or the members of a map.
type Item map[string]Value

// OfInt returns a number.
func OfInt(n int) Value { return Value{Kind: Number, Text: strconv.Itoa(n)} }

// IsKind reports whether a text stands for a kind.
func IsKind(text string) bool { return text != "" && spellings[text] == Kind(text) }

// IsSet reports whether the value is a set.
func (v Value) IsSet() bool {
	_, ok := v.Kind.element()
	return ok
}

// Clone returns a deep copy.
func (v Value) Clone() Value {
	if v.Members != nil {
		v.Members = v.Members.Clone()
	}
	if v.Items != nil {
		items := make([]Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = item.Clone()
		}
		v.Items = items
	}
	return v
}

// Clone returns a deep copy.
func (i Item) Clone() Item {
	out := make(Item, len(i))
	for name, v := range i {
		out[name] = v.Clone()
	}
	return out
}

// Names returns the names of the attributes in order.
func (i Item) Names() []string { return slices.Sorted(maps.Keys(i)) }

// Equal reports whether two values are the same; sets are compared without regard to order.
func (v Value) Equal(w Value) bool {
	if v.Kind != w.Kind || v.Text != w.Text || v.Truth != w.Truth || len(v.Items) != len(w.Items) {
		return false
	}
	if v.IsSet() {
		return !slices.ContainsFunc(v.Items, func(item Value) bool { return !w.Has(item) })
	}
	return slices.EqualFunc(v.Items, w.Items, Value.Equal) && v.Members.equal(w.Members)
}

func (i Item) equal(j Item) bool { return maps.EqualFunc(i, j, Value.Equal) }

// Has reports whether a list or set has an element.
func (v Value) Has(element Value) bool {
	return slices.ContainsFunc(v.Items, element.Equal)
}

// Compare orders two values of one kind that has an order; ok is false for all others.
func (v Value) Compare(w Value) (order int, ok bool) {
	switch {
	case v.Kind != w.Kind || !v.Kind.ordered():
		return 0, false
	case v.Kind == Number:
		return bytes.Compare(appendNumber(nil, v.Text), appendNumber(nil, w.Text)), true
	}
	return strings.Compare(v.Text, w.Text), true
}

// Size is what DynamoDB counts for a value, in bytes.
func (v Value) Size() int {
	const container = 3
	switch v.Kind {
	case Number:
		return numberSize(v.Text)
	case Bool, Null:
		return 1
	case List:
		return container + len(v.Items) + v.itemSize()
	case Map:
		return container + len(v.Members) + v.Members.Size()
	}
	return len(v.Text) + v.itemSize()
}

func (v Value) itemSize() int {
	n := 0
	for _, item := range v.Items {
		n += item.Size()
	}
	return n
}

// Size is what DynamoDB counts for an item, in bytes: names and values.
func (i Item) Size() int {
	n := 0
	for name, v := range i {
		n += len(name) + v.Size()
	}
	return n
}
