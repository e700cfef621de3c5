package asl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// object is a JSON object of the definition while it is read. A field counts as known once it was asked for; close reports
// those that nobody asked for.
type object struct {
	*reader
	place
	node    *node
	jsonata bool   // the QueryLanguage of the state around it
	prefix  string // what errors at run time put before the fields' names: Choices[0]/
	asked   []string
}

// object opens a node as an object; it reports a node of another kind and returns nil for it.
func (r *reader) object(n *node, p place) *object {
	if !r.hasKind(n, p, value.Object) {
		return nil
	}
	for _, m := range n.duplicates() {
		at := p
		at.position = m.position
		r.refuse(InvalidJSON, at, "Duplicate field '%s'", m.key)
	}
	return &object{reader: r, place: p, node: n}
}

var kindNames = map[value.Kind]string{
	value.Bool: "Boolean", value.Number: "Number", value.String: "String", value.Array: "Array", value.Object: "Object",
}

func (r *reader) hasKind(n *node, p place, kind value.Kind) bool {
	if n.kind == kind {
		return true
	}
	r.invalid(p, "Expected value of type %s", kindNames[kind])
	return false
}

// at returns the place of a field, of the object itself when the field is absent.
func (o *object) at(field string) place {
	p := place{o.location + "/" + field, o.state, o.position}
	if m := o.node.member(field); m != nil {
		p.position = m.value.position
	}
	return p
}

// field returns the value of a field, nil when it is absent.
func (o *object) field(name string) *node {
	o.asked = append(o.asked, name)
	return o.node.get(name)
}

func (o *object) has(name string) bool { return o.field(name) != nil }

// skip makes fields known without reading them.
func (o *object) skip(names ...string) { o.asked = append(o.asked, names...) }

// typed returns a field of that kind; a field of another kind is reported and counts as absent.
func (o *object) typed(name string, kind value.Kind) *node {
	n := o.field(name)
	if n == nil || !o.hasKind(n, o.at(name), kind) {
		return nil
	}
	return n
}

func (o *object) text(name string) string {
	if n := o.typed(name, value.String); n != nil {
		return n.text
	}
	return ""
}

func (o *object) flag(name string) bool {
	n := o.typed(name, value.Bool)
	return n != nil && n.text == "true"
}

// nonEmpty is array that also reports that there is no element.
func (o *object) nonEmpty(name string, read func(item *node, at place)) {
	if n := o.node.get(name); n != nil && n.kind == value.Array && len(n.items) == 0 {
		o.invalid(o.at(name), "Value cannot be empty")
	}
	o.array(name, read)
}

// array calls read with every element of an array field and its place.
func (o *object) array(name string, read func(item *node, at place)) {
	n := o.typed(name, value.Array)
	if n == nil {
		return
	}
	for i, item := range n.items {
		at := place{o.location + "/" + name + "[" + strconv.Itoa(i) + "]", o.state, item.position}
		read(item, at)
	}
}

// limits are the smallest and the largest value of a number; none is no limit.
type limits struct{ least, most float64 }

const none = -1

// number returns a number field, nil when it is absent or wrong.
func (o *object) number(name string, allowed limits) *float64 {
	n := o.typed(name, value.Number)
	if n == nil {
		return nil
	}
	return o.within(name, n, allowed, 1)
}

// within reports a number out of its limits, which AWS prints with decimals where the number may have some.
func (o *object) within(name string, n *node, allowed limits, decimals int) *float64 {
	f, _ := n.value().Float()
	switch {
	case f < allowed.least:
		o.invalid(o.at(name), "Minimum value is %.*f", decimals, allowed.least)
	case allowed.most != none && f > allowed.most:
		o.invalid(o.at(name), "Maximum value is %.*f", decimals, allowed.most)
	default:
		return &f
	}
	return nil
}

// integer is number for whole numbers.
func (o *object) integer(name string, allowed limits) *float64 {
	n := o.field(name)
	if n == nil {
		return nil
	}
	if _, whole := n.value().Int(); !whole {
		o.invalid(o.at(name), "Expected value of type Integer")
		return nil
	}
	return o.within(name, n, allowed, 0)
}

// choose returns a text field that must be one of the choices.
func (o *object) choose(name string, choices ...string) string {
	text := o.text(name)
	for _, choice := range choices {
		if text == choice {
			return text
		}
	}
	if n := o.node.get(name); n != nil && n.kind == value.String {
		o.invalid(o.at(name), "Value should be one of the following: [%s]", strings.Join(choices, ", ")).Hint = didYouMean(text, choices)
	}
	return ""
}

// require reports the fields that are absent and returns whether all are there.
func (o *object) require(names ...string) bool {
	var missing []string
	for _, name := range names {
		if !o.has(name) {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		o.invalid(o.place, "These fields are required: [%s]", strings.Join(missing, ", "))
	}
	return missing == nil
}

// atMostOne reports fields that exclude each other and returns how many of them are there.
func (o *object) atMostOne(names ...string) int {
	var present []string
	for _, name := range names {
		if o.has(name) {
			present = append(present, name)
		}
	}
	if len(present) > 1 {
		f := o.invalid(o.place, "There should only be one of the following fields: [%s]", strings.Join(names, ", "))
		if len(names) > 2 {
			f.Hint = "it has " + strings.Join(present, " and ")
		}
	}
	return len(present)
}

// exactlyOne is atMostOne that also reports that none is there.
func (o *object) exactlyOne(names ...string) {
	if o.atMostOne(names...) == 0 {
		o.invalid(o.place, "This object should have only one of the following fields: [%s]", strings.Join(names, ", "))
	}
}

// close reports the fields that nobody asked for.
func (o *object) close() {
	known := make(map[string]bool, len(o.asked))
	for _, name := range o.asked {
		known[name] = true
	}
	for _, m := range o.node.members {
		if known[m.key] {
			continue
		}
		at := place{o.location, o.state, m.position}
		switch {
		case !o.jsonata && onlyJSONata[m.key]:
			o.invalid(at, "%s", otherLanguage("JSONPath", m.key, "JSONata"))
		case o.jsonata && onlyJSONPath[m.key]:
			o.invalid(at, "%s", otherLanguage("JSONata", m.key, "JSONPath"))
		default:
			o.invalid(at, "Field '%s' is not supported", m.key).Hint = didYouMean(m.key, o.asked)
		}
	}
}

func otherLanguage(language, field, other string) string {
	return fmt.Sprintf("The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage", language, field, other)
}
