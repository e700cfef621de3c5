package jsonata

func count(c *call) (item, error) { return float64(length(c.arg(0))), nil }

func appendItems(c *call) (item, error) { return c.join(c.arg(0), c.arg(1)) }

func exists(c *call) (item, error) { return c.arg(0) != nil, nil }

func reverse(c *call) (item, error) {
	return c.reordered(func(out []item, i int, x item) { out[len(out)-1-i] = x })
}

// shuffle puts every item at a place among those before it and moves the one that was there to the end.
func shuffle(c *call) (item, error) {
	return c.reordered(func(out []item, i int, x item) {
		j := int(c.random() * float64(i+1))
		out[i] = out[j]
		out[j] = x
	})
}

// reordered makes an array of the items of another, which place puts in.
func (c *call) reordered(place func(out []item, i int, x item)) (item, error) {
	x := c.arg(0)
	n := length(x)
	if x == nil || n <= 1 {
		return x, nil
	}
	if err := c.allocate(n * itemSize); err != nil {
		return nil, err
	}
	out := &list{items: make([]item, n)}
	for i := range n {
		place(out.items, i, at(x, i))
	}
	return out, nil
}

func zip(c *call) (item, error) {
	out := &list{}
	shortest := -1
	for _, x := range c.args {
		if n := length(x); shortest < 0 || n < shortest {
			shortest = n
		}
	}
	for i := range max(0, shortest) {
		row := &list{}
		for _, x := range c.args {
			row.items = append(row.items, at(x, i))
		}
		if err := c.allocate(len(c.args) * itemSize); err != nil {
			return nil, err
		}
		if err := c.push(out, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func sortItems(c *call) (item, error) {
	x := c.arg(0)
	if x == nil || length(x) <= 1 {
		return x, nil
	}
	after, err := c.comparator(x)
	if err != nil {
		return nil, err
	}
	items := &list{}
	if err := c.flatten(items, x); err != nil {
		return nil, err
	}
	sorted, err := c.mergeSort(items.items, after)
	return &list{items: sorted}, err
}

// comparator returns the function that was given, or the order of numbers or strings.
func (c *call) comparator(x item) (func(a, b item) (bool, error), error) {
	if f, ok := c.arg(1).(*function); ok {
		return func(a, b item) (bool, error) {
			verdict, err := c.apply(f, []item{a, b}, nil, c.env)
			return truthyJS(verdict), err
		}, nil
	}
	first := kindOf(at(x, 0))
	for i := range length(x) {
		if entry := at(x, i); !comparable(entry) || kindOf(entry) != first {
			return nil, fail("D3070")
		}
	}
	return func(a, b item) (bool, error) { return order(a, b) > 0, nil }, nil
}

// truthyJS is JavaScript's own idea of truth, which decides where the reference hands a result on without casting it.
func truthyJS(x item) bool {
	switch kindOf(x) {
	case array, object, callable:
		return true
	}
	return truthy(x)
}

func distinct(c *call) (item, error) {
	x := c.arg(0)
	if !isArray(x) || length(x) <= 1 {
		return x, nil
	}
	out := &list{sequence: isSequence(x)}
	seen := map[any]bool{}
	for i := range length(x) {
		entry := at(x, i)
		known, err := c.seen(seen, out, entry)
		if err != nil {
			return nil, err
		}
		if !known {
			if err := c.push(out, entry); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// seen reports whether an item is among those before: scalars by a set, structures by comparing each.
func (c *call) seen(scalars map[any]bool, before *list, entry item) (bool, error) {
	var key any
	if s, ok := str(entry); ok {
		key = s
	} else if f, ok := float(entry); ok {
		key = f
	}
	if key != nil {
		if scalars[key] {
			return true, c.spend(1)
		}
		scalars[key] = true
		return false, c.allocate(entrySize)
	}
	for _, other := range before.items {
		if same, err := c.equal(entry, other); same || err != nil {
			return same, err
		}
	}
	return false, nil
}
