package jsonata

import "github.com/stepwell/stepwell/value"

func toBoolean(c *call) (item, error) {
	if c.arg(0) == nil {
		return nil, nil
	}
	return truthy(c.arg(0)), nil
}

func not(c *call) (item, error) {
	if c.arg(0) == nil {
		return nil, nil
	}
	return !truthy(c.arg(0)), nil
}

func typeName(c *call) (item, error) {
	k := kindOf(c.arg(0))
	if k == missing {
		return nil, nil
	}
	if f, ok := float(c.arg(0)); ok {
		if _, _, err := finite(f); err != nil {
			return nil, err
		}
	}
	return kindNames[k], nil
}

// raise makes an error of a message, or of the standard one.
func raise(code, standard string) func(c *call) (item, error) {
	return func(c *call) (item, error) {
		message, _ := str(c.arg(0))
		if message == "" {
			message = standard
		}
		return nil, &Error{Code: code, Position: -1, Message: message}
	}
}

func assert(c *call) (item, error) {
	if b, _ := truth(c.arg(0)); b {
		return nil, nil
	}
	return raise("D3141", "$assert() statement failed")(&call{args: c.args[min(1, len(c.args)):]})
}

func keys(c *call) (item, error) {
	r := &record{}
	if err := c.keysInto(r, c.arg(0), 0); err != nil {
		return nil, err
	}
	out := sequenceOf()
	for _, m := range r.members {
		out.items = append(out.items, m.key)
	}
	return out, c.allocate(itemSize * len(out.items))
}

func (c *call) keysInto(r *record, x item, depth int) error {
	if depth > maxNesting {
		return stackOverflow()
	}
	for i := range length(x) {
		if err := c.keysInto(r, at(x, i), depth+1); err != nil {
			return err
		}
	}
	for _, m := range members(x) {
		r.set(m.key, nil)
	}
	return c.spend(length(x) + size(x))
}

func lookup(c *call) (item, error) {
	key, _ := str(c.arg(1))
	return c.member(c.arg(0), key, 0)
}

func spread(c *call) (item, error) { return c.spreadOf(c.arg(0), 0) }

// spreadOf makes objects of one member each.
func (c *call) spreadOf(x item, depth int) (item, error) {
	if depth > maxNesting {
		return nil, stackOverflow()
	}
	switch kindOf(x) {
	case array:
		var out item = sequenceOf()
		for i := range length(x) {
			part, err := c.spreadOf(at(x, i), depth+1)
			if err != nil {
				return nil, err
			}
			if out, err = c.gather(out, part); err != nil {
				return nil, err
			}
		}
		return out, nil
	case object:
		out := sequenceOf()
		for _, m := range members(x) {
			if err := c.push(out, &record{members: []member{m}}); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return x, nil
}

// gather adds to a list in place; like every joined array, it is no sequence from then on.
func (c *call) gather(out, part item) (item, error) {
	l := out.(*list)
	if part != nil {
		l.sequence = false
	}
	return l, c.flatten(l, part)
}

func merge(c *call) (item, error) {
	x := c.arg(0)
	if x == nil {
		return nil, nil
	}
	out := &record{}
	for i := range length(x) {
		for _, m := range members(at(x, i)) {
			out.set(m.key, m.value)
		}
	}
	return out, c.allocate(itemSize * 2 * len(out.members))
}

func clone(c *call) (item, error) {
	x := c.arg(0)
	if l, ok := x.(*list); ok && l.outer {
		x = l.items[0]
	}
	if x == nil {
		return nil, nil
	}
	return c.copy(x, 0)
}

// parse reads a JSON text as JavaScript does: its numbers become doubles.
func parse(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	v, err := value.Parse(s)
	if err != nil {
		return nil, &Error{Code: "D3137", Position: -1, Message: "Failed to parse JSON: " + err.Error()}
	}
	return c.copy(v, 0)
}
