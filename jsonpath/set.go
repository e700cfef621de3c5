package jsonpath

import (
	"slices"
	"strconv"

	"github.com/stepwell/stepwell/value"
)

// Set returns root with the place that a Reference Path names set to v. Missing objects on the way are made; an index
// must exist. The error is a *ReferenceError. On another path than a Reference Path, Set panics.
func (p *Path) Set(root, v value.Value) (value.Value, error) {
	return p.set(root, root, 0, v)
}

func (p *Path) set(root, here value.Value, i int, v value.Value) (value.Value, error) {
	if i == len(p.steps) {
		return v, nil
	}
	name, index, ok := reference(p.steps[i])
	if !ok {
		panic("jsonpath: Set on " + p.text + ", which is no Reference Path")
	}
	if index >= 0 {
		return p.setItem(root, here, i, index, v)
	}
	if here.IsZero() {
		here = value.EmptyObject()
	}
	if here.Kind() != value.Object {
		return value.Value{}, &ReferenceError{Step: name, Input: root}
	}
	old, _ := here.Get(name)
	changed, err := p.set(root, old, i+1, v)
	if err != nil {
		return value.Value{}, err
	}
	return here.With(name, changed), nil
}

func (p *Path) setItem(root, here value.Value, i, index int, v value.Value) (value.Value, error) {
	items := here.Items()
	if index >= len(items) {
		return value.Value{}, &ReferenceError{Step: strconv.Itoa(index), Input: root}
	}
	changed, err := p.set(root, items[index], i+1, v)
	if err != nil {
		return value.Value{}, err
	}
	items = slices.Clone(items)
	items[index] = changed
	return value.OfItems(items), nil
}
