package jsonata

import (
	"github.com/stepwell/stepwell/value"
)

// item is what an expression works with: nil for nothing, a value.Value of the input, a computed bool, float64 or string, a *list,
// a span, a *record or a *function. A value.Value is never looked into further than needed, so its numbers keep their spelling.
type item = any

type kind uint8

const (
	missing kind = iota
	null
	boolean
	number
	text
	array
	object
	callable
)

// letters are the kinds as signatures write them.
const letters = "mlbnsaof"

var kindNames = [...]string{"", "null", "boolean", "number", "string", "array", "object", "function"}

var valueKinds = [...]kind{
	value.None: missing, value.Null: null, value.Bool: boolean, value.Number: number, value.String: text, value.Array: array,
	value.Object: object,
}

func kindOf(x item) kind {
	switch x := x.(type) {
	case value.Value:
		return valueKinds[x.Kind()]
	case float64:
		return number
	case string:
		return text
	case bool:
		return boolean
	case *list, span:
		return array
	case *record:
		return object
	case *function:
		return callable
	}
	return missing
}

// list is an array that an expression has made. The results of a path are a sequence: one of no items is nothing, and of one
// item is that item.
type list struct {
	items    []item
	sequence bool
	keep     bool // a sequence of one item stays an array
	cons     bool // from an array constructor: it is not flattened into the path around it
	outer    bool // around an input that is an array, so that the array is one context
	tuples   bool // the items are *tuple
}

func sequenceOf(items ...item) *list { return &list{items: items, sequence: true} }

// span is an array of consecutive integers.
type span struct{ from, to int }

// member is one key of a record with its value.
type member struct {
	key   string
	value item
}

// record is an object that an expression has made.
type record struct {
	members []member
	index   map[string]int // for many members
}

const indexFrom = 8

func (r *record) find(key string) int {
	if r.index != nil {
		if at, ok := r.index[key]; ok {
			return at
		}
		return -1
	}
	for i := range r.members {
		if r.members[i].key == key {
			return i
		}
	}
	return -1
}

func (r *record) get(key string) item {
	if at := r.find(key); at >= 0 {
		return r.members[at].value
	}
	return nil
}

func (r *record) set(key string, x item) {
	if at := r.find(key); at >= 0 {
		r.members[at].value = x
		return
	}
	r.members = append(r.members, member{key, x})
	if r.index != nil {
		r.index[key] = len(r.members) - 1
	} else if len(r.members) > indexFrom {
		r.reindex()
	}
}

func (r *record) reindex() {
	r.index = make(map[string]int, len(r.members))
	for i, m := range r.members {
		r.index[m.key] = i
	}
}

func (r *record) remove(key string) {
	at := r.find(key)
	if at < 0 {
		return
	}
	r.members = append(r.members[:at:at], r.members[at+1:]...)
	if r.index != nil {
		r.reindex()
	}
}

func isArray(x item) bool { return kindOf(x) == array }

func isSequence(x item) bool {
	l, ok := x.(*list)
	return ok && l.sequence
}

// length returns how many items an array has.
func length(x item) int {
	switch x := x.(type) {
	case value.Value:
		return len(x.Items())
	case *list:
		return len(x.items)
	case span:
		return x.to - x.from + 1
	}
	return 0
}

// at returns an item of an array.
func at(x item, i int) item {
	switch x := x.(type) {
	case value.Value:
		return x.Items()[i]
	case *list:
		return x.items[i]
	case span:
		return float64(x.from + i)
	}
	return nil
}

// get returns a member of an object, nil when it has none.
func get(x item, key string) item {
	switch x := x.(type) {
	case value.Value:
		if v, ok := x.Get(key); ok {
			return v
		}
	case *record:
		return x.get(key)
	}
	return nil
}

// size returns how many members an object has.
func size(x item) int {
	switch x := x.(type) {
	case value.Value:
		return len(x.Members())
	case *record:
		return len(x.members)
	}
	return 0
}

// members returns the members of an object.
func members(x item) []member {
	switch x := x.(type) {
	case value.Value:
		fields := x.Members()
		out := make([]member, len(fields))
		for i, m := range fields {
			out[i] = member{m.Key, m.Value}
		}
		return out
	case *record:
		return x.members
	}
	return nil
}

// float returns a number; other kinds are none.
func float(x item) (float64, bool) {
	switch x := x.(type) {
	case float64:
		return x, true
	case value.Value:
		if n, ok := shortInteger(x.Spelling()); ok {
			return n, true
		}
		return x.Float()
	}
	return 0, false
}

// shortInteger reads what most numbers are.
func shortInteger(s string) (float64, bool) {
	if len(s) == 0 || len(s) > 15 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return float64(n), true
}

// str returns the text of a string; other kinds are none.
func str(x item) (string, bool) {
	switch x := x.(type) {
	case string:
		return x, true
	case value.Value:
		return x.Str(), x.Kind() == value.String
	}
	return "", false
}

// truth returns a boolean; other kinds are none.
func truth(x item) (b, ok bool) {
	switch x := x.(type) {
	case bool:
		return x, true
	case value.Value:
		return x.Truth(), x.Kind() == value.Bool
	}
	return false, false
}
