package jsonata

// evalTuples evaluates a path with steps that bind names: every row carries what was bound on its way.
func (p *pathOp) evalTuples(m *evaluation, in rows, env *frame) (item, error) {
	var stream *list
	for i, s := range p.steps {
		var err error
		switch {
		case stream == nil && !s.binds && i == 0 && s.cons:
			in.x, err = s.eval(m, in.array(), env)
			in.single = false
		case stream == nil && !s.binds:
			in, err = s.over(m, in, env, i == len(p.steps)-1)
		default:
			stream, err = s.tuples(m, in, stream, env)
		}
		if err != nil {
			return nil, err
		}
		if stream == nil && !in.single && length(in.x) == 0 {
			break
		}
	}
	x := in.x
	if stream != nil {
		x = p.visible(stream)
	}
	if p.singleton {
		x = keepSingle(rows{x: x, single: !isArray(x)})
	}
	if p.group == nil {
		return x, nil
	}
	if stream != nil {
		x = stream
	}
	return p.group.eval(m, x, env)
}

// visible is the stream itself where its names are needed, else its items.
func (p *pathOp) visible(stream *list) item {
	if p.tuples {
		return stream
	}
	out := sequenceOf()
	for _, row := range stream.items {
		out.items = append(out.items, row.(*tuple).item)
	}
	return out
}

// tuples evaluates the step for every row of a stream; stream is nil for the first such step.
func (s *step) tuples(m *evaluation, in rows, stream *list, env *frame) (*list, error) {
	if s.sort != nil {
		return s.sortTuples(m, in, stream, env)
	}
	if stream == nil {
		stream = &list{}
		for i := range in.length() {
			stream.items = append(stream.items, &tuple{item: in.at(i)})
		}
	}
	out := &list{sequence: true, tuples: true}
	for _, row := range stream.items {
		t := row.(*tuple)
		x, err := s.eval(m, t.item, t.frame(env))
		if err != nil {
			return nil, err
		}
		if err := s.extend(m, out, t, x); err != nil {
			return nil, err
		}
	}
	return s.stagesOf(m, out, env)
}

// extend adds a row for every item that the step gave for t.
func (s *step) extend(m *evaluation, out *list, t *tuple, x item) error {
	if x == nil {
		return nil
	}
	found := rows{x: x, single: !isArray(x)}
	for i := range found.length() {
		entry := found.at(i)
		var next *tuple
		if inner, ok := entry.(*tuple); ok {
			next = t.with(inner.item)
			for k, name := range inner.names {
				next.bind(name, inner.values[k])
			}
		} else {
			next = s.row(t, entry, i)
		}
		if err := m.push(out, next); err != nil {
			return err
		}
		if err := m.allocate(itemSize * len(next.names)); err != nil {
			return err
		}
	}
	return nil
}

func (s *step) row(t *tuple, entry item, i int) *tuple {
	next := t.with(entry)
	if s.focus != "" {
		next.item = t.item
		next.bind(s.focus, entry)
	}
	if s.index != "" {
		next.bind(s.index, float64(i))
	}
	if s.ancestor != "" {
		next.bind(s.ancestor, t.item)
	}
	return next
}

func (s *step) sortTuples(m *evaluation, in rows, stream *list, env *frame) (*list, error) {
	var given item = stream
	if stream == nil {
		given = in.array()
	}
	sorted, err := s.sort.apply(m, given, env)
	if err != nil {
		return nil, err
	}
	out := &list{sequence: true, tuples: true}
	for i := range length(sorted) {
		entry := at(sorted, i)
		t, ok := entry.(*tuple)
		if !ok {
			t = &tuple{item: entry}
			t.bind(s.index, float64(i))
		}
		out.items = append(out.items, t)
	}
	return s.stagesOf(m, out, env)
}

func (s *step) stagesOf(m *evaluation, stream *list, env *frame) (*list, error) {
	for _, part := range s.stages {
		if part.filter == nil {
			for i, row := range stream.items {
				t := row.(*tuple).with(row.(*tuple).item)
				t.bind(part.index, float64(i))
				stream.items[i] = t
			}
			continue
		}
		x, err := part.filter.apply(m, stream, env)
		if err != nil {
			return nil, err
		}
		stream, _ = x.(*list)
		stream.tuples = true
	}
	return stream, nil
}
