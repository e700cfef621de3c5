// Package value holds JSON values that keep what the user wrote: key order, number spelling and, until something builds
// a new value from them, their very bytes.
//
// A Value is its text plus a tree that is read on first need, one level at a time, so a payload that only passes through
// is checked once and never parsed or encoded again:
//
//	v, err := value.Parse(`{"a": 1.0}`)
//	v.Text()                  // {"a": 1.0}
//	a, ok := v.Get("a")       // 1.0
//	v.With("b", a).Text()     // {"a":1.0,"b":1.0}
//
// Values are immutable and safe for use by several goroutines.
package value

import (
	"math"
	"strconv"
	"strings"
	"sync/atomic"
)

// Kind is the JSON type of a value.
type Kind uint8

// The kinds of values. None is the kind of the zero Value: no value at all, which is not null.
const (
	None Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"none", "null", "boolean", "number", "string", "array", "object"}

// String returns the name that the JSON specification gives the kind.
func (k Kind) String() string { return kindNames[k] }

// Value is one JSON value. The zero Value is no value.
type Value struct{ n *node }

// Member is one key of an object with its value.
type Member struct {
	Key   string
	Value Value
}

// node is shared by all copies of a Value. Either text or tree is there from the start; the other is made on first need.
type node struct {
	kind Kind
	// text is valid JSON without surrounding space, or empty for a built value.
	text string
	// verbatim says that text may be printed as it is.
	verbatim bool
	tree     atomic.Pointer[tree]
	encoded  atomic.Pointer[string]
}

type tree struct {
	text    string // string: decoded; number: its spelling
	truth   bool
	items   []Value
	members []Member
	index   map[string]int // for objects of many members
}

const indexFrom = 8

func built(kind Kind, t *tree) Value {
	n := &node{kind: kind}
	n.tree.Store(t)
	return Value{n}
}

var (
	null  = built(Null, &tree{})
	yes   = built(Bool, &tree{truth: true})
	no    = built(Bool, &tree{})
	empty = built(Object, &tree{})
)

// NullValue returns JSON null.
func NullValue() Value { return null }

// EmptyObject returns {}.
func EmptyObject() Value { return empty }

// OfBool returns true or false.
func OfBool(b bool) Value {
	if b {
		return yes
	}
	return no
}

// OfString returns a JSON string.
func OfString(s string) Value { return built(String, &tree{text: s}) }

// OfInt returns an integer number.
func OfInt(i int64) Value { return built(Number, &tree{text: strconv.FormatInt(i, 10)}) }

// OfNumber returns a number with the spelling given, which must be a JSON number.
func OfNumber(spelling string) Value { return built(Number, &tree{text: spelling}) }

// OfFloat returns a number in its shortest spelling, as JavaScript prints it.
// Infinities and NaN have no JSON form; they become null.
func OfFloat(f float64) Value {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return null
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	// Go writes an exponent of one digit with a zero before it.
	return OfNumber(strings.Replace(strconv.FormatFloat(f, format, -1, 64), "e-0", "e-", 1))
}

// OfItems returns an array. The slice belongs to the value from then on.
func OfItems(items []Value) Value { return built(Array, &tree{items: items}) }

// OfStrings returns an array of strings.
func OfStrings(texts ...string) Value {
	items := make([]Value, len(texts))
	for i, s := range texts {
		items[i] = OfString(s)
	}
	return OfItems(items)
}

// OfMembers returns an object with the members in their order. Of a key that comes twice, the last value stands at the
// place of the first. The slice belongs to the value from then on.
func OfMembers(members ...Member) Value {
	return built(Object, indexed(members))
}

func indexed(members []Member) *tree {
	t := &tree{members: members}
	if len(members) < indexFrom {
		for i := 1; i < len(members); i++ {
			if at := find(members[:i], members[i].Key); at >= 0 {
				return reindexed(members)
			}
		}
		return t
	}
	return reindexed(members)
}

func reindexed(members []Member) *tree {
	t := &tree{index: make(map[string]int, len(members))}
	t.members = members[:0:0]
	for _, m := range members {
		if at, ok := t.index[m.Key]; ok {
			t.members[at].Value = m.Value
			continue
		}
		t.index[m.Key] = len(t.members)
		t.members = append(t.members, m)
	}
	return t
}

func find(members []Member, key string) int {
	for i := range members {
		if members[i].Key == key {
			return i
		}
	}
	return -1
}

// IsZero reports whether there is no value.
func (v Value) IsZero() bool { return v.n == nil }

// Kind returns the JSON type.
func (v Value) Kind() Kind {
	if v.n == nil {
		return None
	}
	return v.n.kind
}

// IsNull reports whether v is JSON null.
func (v Value) IsNull() bool { return v.Kind() == Null }

func (v Value) load() *tree {
	if v.n == nil {
		return &tree{}
	}
	if t := v.n.tree.Load(); t != nil {
		return t
	}
	t := readLevel(v.n)
	v.n.tree.Store(t)
	return t
}

// Str returns the text of a string, "" for other kinds.
func (v Value) Str() string {
	if v.Kind() != String {
		return ""
	}
	return v.load().text
}

// Truth returns the value of a boolean, false for other kinds.
func (v Value) Truth() bool { return v.Kind() == Bool && v.load().truth }

// Spelling returns a number as it was written, "" for other kinds.
func (v Value) Spelling() string {
	if v.Kind() != Number {
		return ""
	}
	return v.load().text
}

// Float returns a number as a double; ok is false for other kinds. A number beyond the range of doubles is an infinity.
func (v Value) Float() (f float64, ok bool) {
	if v.Kind() != Number {
		return 0, false
	}
	f, _ = strconv.ParseFloat(v.load().text, 64)
	return f, true
}

// Int returns a number that is an integer in the range of int64, also when spelled 3.0 or 3e0.
func (v Value) Int() (i int64, ok bool) {
	if v.Kind() != Number {
		return 0, false
	}
	text := v.load().text
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// Items returns the elements of an array, nil for other kinds. The slice must not be changed.
func (v Value) Items() []Value {
	if v.Kind() != Array {
		return nil
	}
	return v.load().items
}

// Members returns the members of an object in their order, nil for other kinds. The slice must not be changed.
func (v Value) Members() []Member {
	if v.Kind() != Object {
		return nil
	}
	return v.load().members
}

// Len returns the number of items or members, 0 for other kinds.
func (v Value) Len() int {
	t := v.load()
	return len(t.items) + len(t.members)
}

// Get returns the member of an object with that key.
func (v Value) Get(key string) (Value, bool) {
	if v.Kind() != Object {
		return Value{}, false
	}
	t := v.load()
	if t.index != nil {
		at, ok := t.index[key]
		if !ok {
			return Value{}, false
		}
		return t.members[at].Value, true
	}
	if at := find(t.members, key); at >= 0 {
		return t.members[at].Value, true
	}
	return Value{}, false
}

// With returns an object that has the member, in its old place or at the end. Of other kinds, it makes a new object.
func (v Value) With(key string, w Value) Value {
	old := v.Members()
	members := make([]Member, len(old), len(old)+1)
	copy(members, old)
	if at := find(members, key); at >= 0 {
		members[at].Value = w
	} else {
		members = append(members, Member{key, w})
	}
	return OfMembers(members...)
}

// Equal reports whether two values are the same JSON value: numbers by value, objects without regard to order.
func (v Value) Equal(w Value) bool {
	if v.n == w.n {
		return true
	}
	if v.Kind() != w.Kind() {
		return false
	}
	switch v.Kind() {
	case Bool:
		return v.Truth() == w.Truth()
	case Number:
		if v.Spelling() == w.Spelling() {
			return true
		}
		a, _ := v.Float()
		b, _ := w.Float()
		return a == b
	case String:
		return v.Str() == w.Str()
	case Array:
		return equalItems(v.Items(), w.Items())
	case Object:
		return equalMembers(v, w)
	}
	return true
}

func equalItems(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

func equalMembers(v, w Value) bool {
	if v.Len() != w.Len() {
		return false
	}
	for _, m := range v.Members() {
		other, ok := w.Get(m.Key)
		if !ok || !m.Value.Equal(other) {
			return false
		}
	}
	return true
}
