package asl

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// node is one value of a definition's text with its place, the same for JSON and YAML.
type node struct {
	kind     value.Kind
	text     string // string: decoded; number: its spelling; boolean: true or false
	position fault.Position
	items    []*node
	members  []member
}

type member struct {
	key      string
	position fault.Position // of the key
	value    *node
}

// get returns the first member with that key, nil when there is none.
func (n *node) get(key string) *node {
	if m := n.member(key); m != nil {
		return m.value
	}
	return nil
}

func (n *node) member(key string) *member {
	for i := range n.members {
		if n.members[i].key == key {
			return &n.members[i]
		}
	}
	return nil
}

// duplicates returns the members whose key already came before.
func (n *node) duplicates() []member {
	var again []member
	seen := make(map[string]bool, len(n.members))
	for _, m := range n.members {
		if seen[m.key] {
			again = append(again, m)
		}
		seen[m.key] = true
	}
	return again
}

// value returns the JSON value that the node stands for.
func (n *node) value() value.Value {
	switch n.kind {
	case value.Bool:
		return value.OfBool(n.text == "true")
	case value.Number:
		return value.OfNumber(n.text)
	case value.String:
		return value.OfString(n.text)
	case value.Array:
		items := make([]value.Value, len(n.items))
		for i, item := range n.items {
			items[i] = item.value()
		}
		return value.OfItems(items)
	case value.Object:
		members := make([]value.Member, len(n.members))
		for i, m := range n.members {
			members[i] = value.Member{Key: m.key, Value: m.value.value()}
		}
		return value.OfMembers(members...)
	}
	return value.NullValue()
}

// readTree reads the text of a definition, which must be an object.
func readTree(text, file string) (*node, *Finding) {
	if strings.TrimSpace(text) == "" {
		return nil, notAnObject(fault.Position{File: file, Line: 1, Column: 1})
	}
	root, bad := readText(text, file)
	if bad == nil && root.kind != value.Object {
		bad = notAnObject(root.position)
	}
	return root, bad
}

// readText reads the text as what the file's name says it is: YAML for .yaml and .yml, else JSON. A text in braces is JSON in
// any file: templates in YAML hold definitions in JSON, and what only YAML forgives AWS would refuse.
func readText(text, file string) (*node, *Finding) {
	isYAML := strings.HasSuffix(file, ".yaml") || strings.HasSuffix(file, ".yml")
	if isYAML && !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return readYAML(text, file)
	}
	return readJSON(text, file)
}

func notAnObject(at fault.Position) *Finding {
	return &Finding{Severity: Error, Code: SchemaFailed, Message: "Definition must be a valid JSON object", Position: at}
}
