package jsonata

import (
	"math"

	"github.com/stepwell/stepwell/jsonata/syntax"
)

// filter is a predicate behind an expression: a position, counted from the end when negative, or a condition on each item.
type filter struct {
	condition *expr
	index     int
	fixed     bool
}

func (c *compiler) filters(stages []syntax.Stage) ([]*filter, error) {
	var out []*filter
	for _, s := range stages {
		f, err := c.filter(s)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func (c *compiler) filter(s syntax.Stage) (*filter, error) {
	n := s.Filter
	if n == nil {
		return nil, nil
	}
	if n.Kind == syntax.Number {
		return &filter{fixed: true, index: position(n.Number)}, nil
	}
	condition, err := c.expr(n)
	return &filter{condition: condition}, err
}

// position rounds a number down to an index.
func position(f float64) int {
	return int(math.Floor(max(-math.MaxInt32, min(math.MaxInt32, f))))
}

func (f *filter) apply(m *evaluation, x item, env *frame) (item, error) {
	in := rows{x: x, single: !isArray(x)}
	if f.fixed {
		return f.pick(in), nil
	}
	out := sequenceOf()
	given, _ := x.(*list)
	out.tuples = given != nil && given.tuples
	n := in.length()
	for i := range n {
		entry := in.at(i)
		context, scope := entry, env
		if t, ok := entry.(*tuple); ok {
			context, scope = t.item, t.frame(env)
		}
		verdict, err := f.condition.eval(m, context, scope)
		if err != nil {
			return nil, err
		}
		count, err := m.matches(verdict, i, n)
		if err != nil {
			return nil, err
		}
		for range count {
			if err := m.push(out, entry); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (f *filter) pick(in rows) item {
	i := f.index
	if i < 0 {
		i += in.length()
	}
	if i < 0 || i >= in.length() {
		return sequenceOf()
	}
	entry := in.at(i)
	if isArray(entry) {
		return entry
	}
	out := sequenceOf()
	if entry != nil {
		out.items = append(out.items, entry)
	}
	_, out.tuples = entry.(*tuple)
	return out
}

// matches returns how often a verdict takes the item at i of n: numbers are positions, anything else is a condition.
func (m *evaluation) matches(verdict item, i, n int) (int, error) {
	if b, ok := verdict.(bool); ok {
		if b {
			return 1, nil
		}
		return 0, nil
	}
	if numbers, err := onlyNumbers(verdict); err != nil || !numbers {
		if err == nil && truthy(verdict) {
			return 1, nil
		}
		return 0, err
	}
	in := rows{x: verdict, single: !isArray(verdict)}
	if err := m.spend(in.length()); err != nil {
		return 0, err
	}
	count := 0
	for k := range in.length() {
		f, _ := float(in.at(k))
		p := position(f)
		if p < 0 {
			p += n
		}
		if p == i {
			count++
		}
	}
	return count, nil
}

// onlyNumbers reports whether x is a number or an array of nothing else.
func onlyNumbers(x item) (bool, error) {
	if !isArray(x) {
		_, ok, err := finite(x)
		return ok, err
	}
	for i := range length(x) {
		if _, ok, err := finite(at(x, i)); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}
