package jsonata

import "github.com/stepwell/stepwell/jsonata/syntax"

// grouping is an object constructor: it collects the items of its input by key and evaluates each group's value.
type grouping struct {
	pairs    []pair
	position int
}

type pair struct {
	key, value *expr
	fixed      string // the key, where it is a literal
	literal    bool
}

// groupEntry is one key of the result: the items that gave it, and the pair that they did it by.
type groupEntry struct {
	key  string
	data item
	pair int
	grow bool // data is a list of this group's own
}

func (c *compiler) grouping(pairs []syntax.Pair, position int) (*grouping, error) {
	g := &grouping{position: position}
	for _, p := range pairs {
		key, err := c.expr(p.Key)
		if err != nil {
			return nil, err
		}
		value, err := c.expr(p.Value)
		if err != nil {
			return nil, err
		}
		literal := p.Key.Kind == syntax.String && p.Key.Predicates == nil && p.Key.Group == nil
		g.pairs = append(g.pairs, pair{key, value, p.Key.Text, literal})
	}
	return g, nil
}

func (g *grouping) eval(m *evaluation, x item, env *frame) (item, error) {
	groups, err := g.collect(m, x, env)
	if err != nil {
		return nil, err
	}
	out := &record{members: make([]member, 0, len(groups))}
	for _, entry := range groups {
		context, scope := entry.data, env
		if tuples := tuplesOf(entry.data); tuples != nil {
			t, err := m.merge(tuples)
			if err != nil {
				return nil, err
			}
			context, scope = t.item, t.frame(env)
		}
		v, err := g.pairs[entry.pair].value.eval(m, context, scope)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out.set(entry.key, v)
		}
	}
	return out, m.allocate(itemSize * 2 * len(groups))
}

// tuplesOf returns the rows that a group holds, nil when it holds items.
func tuplesOf(x item) []item {
	if _, ok := x.(*tuple); ok {
		return []item{x}
	}
	if l, ok := x.(*list); ok && len(l.items) > 0 {
		if _, ok := l.items[0].(*tuple); ok {
			return l.items
		}
	}
	return nil
}

// merge joins rows: what they bind becomes lists.
func (m *evaluation) merge(tuples []item) (*tuple, error) {
	first := tuples[0].(*tuple)
	out := first.with(first.item)
	for _, row := range tuples[1:] {
		t := row.(*tuple)
		var err error
		if out.item, err = m.join(out.item, t.item); err != nil {
			return nil, err
		}
		for i, name := range t.names {
			so, _ := (&frame{names: out.names, values: out.values}).lookup(name)
			joined, err := m.join(so, t.values[i])
			if err != nil {
				return nil, err
			}
			out.bind(name, joined)
		}
	}
	return out, nil
}

// collect evaluates the keys for every item, in the order of their first appearance.
func (g *grouping) collect(m *evaluation, x item, env *frame) ([]groupEntry, error) {
	in := rows{x: x, single: !isArray(x)}
	if l, ok := x.(*list); !in.single && in.length() == 0 && !(ok && l.tuples) {
		in = rows{single: true}
	}
	c := &collector{g: g, m: m, groups: make([]groupEntry, 0, len(g.pairs))}
	for i := range in.length() {
		if err := c.add(in.at(i), env); err != nil {
			return nil, err
		}
	}
	return c.groups, nil
}

type collector struct {
	g      *grouping
	m      *evaluation
	groups []groupEntry
	index  map[string]int
}

func (c *collector) add(entry item, env *frame) error {
	context, scope := entry, env
	if t, ok := entry.(*tuple); ok {
		context, scope = t.item, t.frame(env)
	}
	for i := range c.g.pairs {
		key, ok, err := c.g.key(c.m, i, context, scope)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := c.put(key, i, entry); err != nil {
			return err
		}
	}
	return nil
}

func (g *grouping) key(m *evaluation, i int, context item, env *frame) (string, bool, error) {
	p := &g.pairs[i]
	if p.literal {
		return p.fixed, true, m.spend(1)
	}
	x, err := p.key.eval(m, context, env)
	if err != nil || x == nil {
		return "", false, err
	}
	s, ok := str(x)
	if !ok {
		return "", false, located(failWith("T1003", x), g.position, "")
	}
	return s, true, nil
}

func (c *collector) put(key string, pair int, entry item) error {
	at, ok := c.find(key)
	if !ok {
		c.groups = append(c.groups, groupEntry{key: key, data: entry, pair: pair})
		if c.index != nil {
			c.index[key] = len(c.groups) - 1
		}
		return c.m.allocate(entrySize)
	}
	if c.groups[at].pair != pair {
		return located(failWith("D1009", key), c.g.position, "")
	}
	group := &c.groups[at]
	if group.grow && !isArray(entry) {
		return c.m.push(group.data.(*list), entry)
	}
	joined, err := c.m.join(group.data, entry)
	if err != nil {
		return err
	}
	group.grow = group.data != nil && entry != nil // join made a list
	group.data = joined
	return nil
}

func (c *collector) find(key string) (int, bool) {
	if c.index == nil && len(c.groups) > indexFrom {
		c.index = map[string]int{}
		for i := range c.groups {
			c.index[c.groups[i].key] = i
		}
	}
	if c.index != nil {
		at, ok := c.index[key]
		return at, ok
	}
	for i := range c.groups {
		if c.groups[i].key == key {
			return i, true
		}
	}
	return 0, false
}
