package expression

import (
	"slices"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

const (
	ifNotExists = "if_not_exists"
	listAppend  = "list_append"
)

// term is the right side of SET, or a part of it.
type term interface {
	evaluate(item attribute.Item) (attribute.Value, error)
}

type (
	// sum is a difference when minus is set.
	sum struct {
		left, right term
		minus       bool
	}
	fallback struct {
		path  Path
		value term
	}
	appended struct{ first, second term }
)

func (o operand) evaluate(item attribute.Item) (attribute.Value, error) {
	v, ok := o.value(item)
	if !ok {
		return v, errMissing
	}
	return v, nil
}

func (s sum) evaluate(item attribute.Item) (attribute.Value, error) {
	a, b, err := pair(s.left, s.right, item)
	switch {
	case err != nil:
		return a, err
	case a.Kind != attribute.Number || b.Kind != attribute.Number:
		return a, errType
	case s.minus:
		return a.Subtract(b)
	}
	return a.Add(b)
}

func pair(left, right term, item attribute.Item) (a, b attribute.Value, err error) {
	if a, err = left.evaluate(item); err == nil {
		b, err = right.evaluate(item)
	}
	return a, b, err
}

func (f fallback) evaluate(item attribute.Item) (attribute.Value, error) {
	if v, ok := f.path.find(item); ok {
		return v, nil
	}
	return f.value.evaluate(item)
}

func (l appended) evaluate(item attribute.Item) (attribute.Value, error) {
	a, b, err := pair(l.first, l.second, item)
	switch {
	case err != nil:
		return a, err
	case a.Kind != attribute.List || b.Kind != attribute.List:
		return a, errType
	}
	return attribute.Value{Kind: attribute.List, Items: slices.Concat(a.Items, b.Items)}, nil
}

// sum reads the right side of SET.
func (p *parser) sum() term {
	left := p.part1()
	for _, operator := range []string{"+", "-"} {
		if p.accept(operator) {
			right := p.part1()
			for _, side := range []term{left, right} {
				if o, ok := side.(operand); ok {
					p.checkKinds(operator, o, attribute.Number)
				}
			}
			return sum{left, right, operator == "-"}
		}
	}
	return left
}

// part1 reads an operand or a function of SET.
func (p *parser) part1() term {
	if !p.callIsNext() {
		if p.peek().kind == valuePlaceholder {
			return operand{literal: p.literal()}
		}
		return operand{path: p.path()}
	}
	name := p.peek().text
	if name != ifNotExists && name != listAppend {
		p.misplacedFunction(name)
	}
	if p.depth++; p.depth > maxNesting {
		p.fail("The expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	p.at += 2
	args := []term{p.part1()}
	for p.accept(",") {
		args = append(args, p.part1())
	}
	p.expect(")")
	if len(args) != 2 {
		p.fail("Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d", name, len(args))
	}
	return p.function(name, args)
}

func (p *parser) function(name string, args []term) term {
	if name == listAppend {
		for _, arg := range args {
			if o, ok := arg.(operand); ok {
				p.checkKinds(name, o, attribute.List)
			}
		}
		return appended{args[0], args[1]}
	}
	first, ok := args[0].(operand)
	if !ok || first.path == nil {
		p.fail("Operator or function requires a document path; operator or function: %s", name)
	}
	return fallback{first.path, args[1]}
}

// within calls change with the map or list that holds the last step of a path.
func within(v *attribute.Value, path Path, change func(parent *attribute.Value, last step) error) error {
	if len(path) == 1 {
		if (path[0].index < 0) != (v.Kind == attribute.Map) || path[0].index >= 0 && v.Kind != attribute.List {
			return errPath
		}
		return change(v, path[0])
	}
	inner, ok := path[0].of(*v)
	if !ok {
		return errPath
	}
	if err := within(&inner, path[1:], change); err != nil {
		return err
	}
	path[0].put(v, inner)
	return nil
}

// put sets an element or member that a value has, or one more.
func (s step) put(v *attribute.Value, inner attribute.Value) {
	switch {
	case s.index < 0:
		v.Members[s.name] = inner
	case s.index < len(v.Items):
		v.Items[s.index] = inner
	default:
		v.Items = append(v.Items, inner)
	}
}

func store(root *attribute.Value, path Path, value attribute.Value) error {
	return within(root, path, func(parent *attribute.Value, last step) error {
		last.put(parent, value)
		return nil
	})
}

func remove(root *attribute.Value, path Path) error {
	return within(root, path, func(parent *attribute.Value, last step) error {
		switch {
		case last.index < 0:
			delete(parent.Members, last.name)
		case last.index < len(parent.Items):
			parent.Items = slices.Delete(parent.Items, last.index, last.index+1)
		}
		return nil
	})
}

// add is the action of ADD.
func (c change) add(root *attribute.Value) error {
	return within(root, c.path, func(parent *attribute.Value, last step) error {
		old, ok := last.of(*parent)
		switch {
		case !ok:
			last.put(parent, c.value.Clone())
			return nil
		case old.Kind != c.value.Kind:
			return errType
		case old.Kind == attribute.Number:
			total, err := old.Add(c.value)
			last.put(parent, total)
			return err
		}
		for _, element := range c.value.Items {
			if !old.Has(element) {
				old.Items = append(old.Items, element)
			}
		}
		last.put(parent, old)
		return nil
	})
}

// delete is the action of DELETE: a set without elements goes.
func (c change) delete(root *attribute.Value) error {
	return within(root, c.path, func(parent *attribute.Value, last step) error {
		old, ok := last.of(*parent)
		switch {
		case !ok:
			return nil
		case old.Kind != c.value.Kind:
			return errType
		}
		old.Items = slices.DeleteFunc(old.Items, c.value.Has)
		if len(old.Items) > 0 {
			last.put(parent, old)
			return nil
		}
		return remove(parent, Path{last})
	})
}
