// Package pattern matches JSON events against event patterns: EventBridge's rules and SNS's filter policies are written so. A
// pattern is a tree of the event's keys whose leaves are lists of what a value may be. It knows no service; where events come
// from and what follows a match is its callers' matter.
//
//	p, err := pattern.Parse(`{"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "in/"}]}}}`)
//	p.Match(event)
package pattern

import "github.com/stepwell/stepwell/value"

// Pattern is a compiled event pattern. It is immutable and safe for use by several goroutines.
type Pattern struct{ root node }

// Match reports whether an event, an object, has everything that the pattern asks for.
func (p *Pattern) Match(event value.Value) bool { return p.root.match(event) }

// node asks for keys of an object, all of them, and for one pattern of every list of alternatives.
type node struct {
	fields       []field
	alternatives [][]node
}

// field asks for a key: its value is an object that inner matches, or one that a condition allows.
type field struct {
	key        string
	inner      *node
	conditions []condition
}

func (n *node) match(v value.Value) bool {
	for i := range n.fields {
		if !n.fields[i].match(v) {
			return false
		}
	}
	for _, alternatives := range n.alternatives {
		if !matchAny(alternatives, v) {
			return false
		}
	}
	return true
}

func matchAny(alternatives []node, v value.Value) bool {
	for i := range alternatives {
		if alternatives[i].match(v) {
			return true
		}
	}
	return false
}

func (f *field) match(v value.Value) bool {
	var member value.Value
	if v.Kind() == value.Object {
		member, _ = v.Get(f.key)
	}
	if f.inner != nil {
		return f.matchInner(member)
	}
	return f.matchLeaf(member)
}

// matchInner matches the objects of a list one by one. A key that is not there matches a pattern that only wants absence.
func (f *field) matchInner(v value.Value) bool {
	if v.Kind() != value.Array {
		return f.inner.match(v)
	}
	for _, item := range v.Items() {
		if f.matchInner(item) {
			return true
		}
	}
	return false
}

// matchLeaf matches if any value of a list does. An object, like an empty list, is no value.
func (f *field) matchLeaf(v value.Value) bool {
	if v.Kind() == value.Array && len(v.Items()) > 0 {
		for _, item := range v.Items() {
			if f.matchLeaf(item) {
				return true
			}
		}
		return false
	}
	if v.Kind() == value.Object || v.Kind() == value.Array {
		v = value.Value{}
	}
	for _, allows := range f.conditions {
		if allows(v) {
			return true
		}
	}
	return false
}
