package jsonata

// frame holds the variables of one scope.
type frame struct {
	parent *frame
	names  []string
	values []item
}

func (f *frame) lookup(name string) (item, bool) {
	for ; f != nil; f = f.parent {
		for i := len(f.names) - 1; i >= 0; i-- {
			if f.names[i] == name {
				return f.values[i], true
			}
		}
	}
	return nil, false
}

func (f *frame) bind(name string, x item) {
	for i := range f.names {
		if f.names[i] == name {
			f.values[i] = x
			return
		}
	}
	f.names = append(f.names[:len(f.names):len(f.names)], name)
	f.values = append(f.values, x)
}

// tuple is one row of a path that binds names: the item, and what the steps so far bound.
type tuple struct {
	item   item
	names  []string
	values []item
}

// with returns the tuple for another item.
func (t *tuple) with(x item) *tuple {
	return &tuple{item: x, names: t.names[:len(t.names):len(t.names)], values: t.values[:len(t.values):len(t.values)]}
}

func (t *tuple) bind(name string, x item) {
	for i := range t.names {
		if t.names[i] == name {
			t.values = append([]item(nil), t.values...)
			t.values[i] = x
			return
		}
	}
	t.names = append(t.names, name)
	t.values = append(t.values, x)
}

func (t *tuple) frame(env *frame) *frame {
	return &frame{parent: env, names: t.names, values: append([]item(nil), t.values...)}
}
