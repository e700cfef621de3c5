package jsonata

// The functions that take a function. Their signatures see to it that it is one.

// visitItems calls the second argument for every item of the first.
func (c *call) visitItems(visit func(entry, result item) error) error {
	x := c.arg(0)
	f, _ := c.arg(1).(*function)
	for i := range length(x) {
		entry := at(x, i)
		result, err := c.callback(f, entry, float64(i), x)
		if err == nil {
			err = visit(entry, result)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// visitMembers calls the second argument for every member of the first.
func (c *call) visitMembers(visit func(m member, result item) error) error {
	x := c.arg(0)
	f, _ := c.arg(1).(*function)
	for _, m := range members(x) {
		result, err := c.callback(f, m.value, m.key, x)
		if err == nil {
			err = visit(m, result)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func mapItems(c *call) (item, error) {
	if c.arg(0) == nil {
		return nil, nil
	}
	out := sequenceOf()
	err := c.visitItems(func(_, result item) error { return c.push(out, result) })
	return out, err
}

func filterItems(c *call) (item, error) {
	if c.arg(0) == nil {
		return nil, nil
	}
	out := sequenceOf()
	err := c.visitItems(func(entry, verdict item) error {
		if !truthy(verdict) {
			return nil
		}
		return c.push(out, entry)
	})
	return out, err
}

func single(c *call) (item, error) {
	if c.arg(0) == nil {
		return nil, nil
	}
	var found item
	matched := false
	visit := func(entry, verdict item) error {
		switch {
		case !truthy(verdict):
			return nil
		case matched:
			return fail("D3138")
		}
		found, matched = entry, true
		return nil
	}
	var err error
	if c.arg(1) != nil {
		err = c.visitItems(visit)
	} else {
		for i := 0; i < length(c.arg(0)) && err == nil; i++ {
			err = visit(at(c.arg(0), i), true)
		}
	}
	if err == nil && !matched {
		err = fail("D3139")
	}
	return found, err
}

func reduce(c *call) (item, error) {
	x := c.arg(0)
	if x == nil {
		return nil, nil
	}
	f, _ := c.arg(1).(*function)
	if f.arity < 2 {
		return nil, fail("D3050")
	}
	total, from := c.arg(2), 0
	if total == nil && length(x) > 0 {
		total, from = at(x, 0), 1
	}
	for i := from; i < length(x); i++ {
		var err error
		if total, err = c.callback(f, total, at(x, i), float64(i), x); err != nil {
			return nil, err
		}
	}
	return total, nil
}

func each(c *call) (item, error) {
	out := sequenceOf()
	err := c.visitMembers(func(_ member, result item) error { return c.push(out, result) })
	return out, err
}

func sift(c *call) (item, error) {
	out := &record{}
	err := c.visitMembers(func(m member, verdict item) error {
		if truthy(verdict) {
			out.set(m.key, m.value)
		}
		return nil
	})
	if err != nil || len(out.members) == 0 {
		return nil, err
	}
	return out, nil
}
