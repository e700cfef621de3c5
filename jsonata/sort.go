package jsonata

import (
	"slices"

	"github.com/stepwell/stepwell/jsonata/syntax"
)

// sorting is an order-by step.
type sorting struct {
	terms    []term
	position int
}

type term struct {
	*expr
	descending bool
}

func (c *compiler) sorting(n *syntax.Node) (*sorting, error) {
	s := &sorting{position: n.Position}
	for _, t := range n.Terms {
		e, err := c.expr(t.Expression)
		if err != nil {
			return nil, err
		}
		s.terms = append(s.terms, term{e, t.Descending})
	}
	return s, nil
}

// keyed is an item with the values of its sort terms, which are evaluated once.
type keyed struct {
	entry item
	keys  []item
}

func (s *sorting) apply(m *evaluation, x item, env *frame) (item, error) {
	n := length(x)
	if n <= 1 {
		return x, nil
	}
	if err := m.allocate(n * entrySize); err != nil {
		return nil, err
	}
	all := make([]item, n)
	for i := range all {
		k, err := s.keysOf(m, at(x, i), env)
		if err != nil {
			return nil, err
		}
		all[i] = k
	}
	sorted, err := m.mergeSort(all, func(a, b item) (bool, error) { return s.after(a.(*keyed), b.(*keyed)) })
	if err != nil {
		return nil, err
	}
	out := &list{items: make([]item, n)}
	for i, k := range sorted {
		out.items[i] = k.(*keyed).entry
	}
	_, out.tuples = out.items[0].(*tuple)
	return out, nil
}

func (s *sorting) keysOf(m *evaluation, entry item, env *frame) (*keyed, error) {
	k := &keyed{entry: entry, keys: make([]item, len(s.terms))}
	context, scope := entry, env
	if t, ok := entry.(*tuple); ok {
		context, scope = t.item, t.frame(env)
	}
	for i, t := range s.terms {
		var err error
		if k.keys[i], err = t.eval(m, context, scope); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// after reports whether a stands behind b. What has no value stands last.
func (s *sorting) after(a, b *keyed) (bool, error) {
	for i, t := range s.terms {
		x, y := a.keys[i], b.keys[i]
		switch {
		case x == nil && y == nil:
			continue
		case x == nil || y == nil:
			return x == nil, nil
		}
		if err := s.check(x, y); err != nil {
			return false, err
		}
		if o := order(x, y); o != 0 {
			return (o > 0) != t.descending, nil
		}
	}
	return false, nil
}

func (s *sorting) check(x, y item) error {
	for _, k := range []item{x, y} {
		if !comparable(k) {
			return located(failWith("T2008", k), s.position, "")
		}
	}
	if kindOf(x) != kindOf(y) {
		err := failWith("T2007", x)
		err.Value2 = describe(y)
		return located(err, s.position, "")
	}
	return nil
}

// mergeSort sorts without changing the order of equal items. It compares in the reference's order, which a comparator that
// contradicts itself makes visible.
func (m *evaluation) mergeSort(items []item, after func(a, b item) (bool, error)) ([]item, error) {
	if len(items) <= 1 {
		return items, nil
	}
	if err := m.spend(len(items)); err != nil {
		return nil, err
	}
	left, err := m.mergeSort(items[:len(items)/2], after)
	if err != nil {
		return nil, err
	}
	right, err := m.mergeSort(items[len(items)/2:], after)
	if err != nil {
		return nil, err
	}
	out := make([]item, 0, len(items))
	for len(left) > 0 && len(right) > 0 {
		swap, err := after(left[0], right[0])
		if err != nil {
			return nil, err
		}
		if swap {
			out, right = append(out, right[0]), right[1:]
		} else {
			out, left = append(out, left[0]), left[1:]
		}
	}
	return slices.Concat(out, left, right), nil
}
