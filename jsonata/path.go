package jsonata

import (
	"github.com/stepwell/stepwell/jsonata/syntax"
	"github.com/stepwell/stepwell/value"
)

// pathOp evaluates steps, each in the context of every item that the one before gave.
type pathOp struct {
	steps     []*step
	group     *grouping
	singleton bool // a single result stays an array
	binds     bool // a step binds names, so the rows carry them
	tuples    bool // the names are needed outside
}

// step is one part of a path.
type step struct {
	*expr
	name     string // of a plain member without stages, which is read without ceremony
	stages   []stage
	cons     bool
	binds    bool
	focus    string
	index    string
	ancestor string
	sort     *sorting
}

// stage filters the result of a step, or binds the position of each row.
type stage struct {
	filter *filter
	index  string
}

func (c *compiler) path(n *syntax.Node) (operation, error) {
	p := &pathOp{singleton: n.Singleton, tuples: n.Tuple}
	for _, part := range n.List {
		s, err := c.step(part)
		if err != nil {
			return nil, err
		}
		p.binds = p.binds || s.binds
		p.steps = append(p.steps, s)
	}
	if n.Group == nil {
		return p, nil
	}
	var err error
	p.group, err = c.grouping(n.Group.Pairs, n.Group.Position)
	return p, err
}

func (c *compiler) step(n *syntax.Node) (*step, error) {
	s := &step{cons: n.Cons, binds: n.Tuple, focus: n.Focus, index: n.Index}
	if n.Ancestor != nil {
		s.ancestor = n.Ancestor.Label
	}
	var err error
	if n.Kind == syntax.Sort {
		s.sort, err = c.sorting(n)
	} else {
		s.expr, err = c.expr(n)
	}
	if err != nil {
		return nil, err
	}
	for _, part := range n.Stages {
		f, err := c.filter(part)
		if err != nil {
			return nil, err
		}
		s.stages = append(s.stages, stage{filter: f, index: part.Index})
	}
	if n.Kind == syntax.Name && n.Stages == nil && n.Predicates == nil && n.Group == nil && !n.KeepArray {
		s.name = n.Text
	}
	return s, nil
}

func (p *pathOp) eval(m *evaluation, in item, env *frame) (item, error) {
	rows := rowsOf(in, p.steps[0])
	if p.binds {
		return p.evalTuples(m, rows, env)
	}
	for i, s := range p.steps {
		var err error
		if i == 0 && s.cons {
			rows.x, err = s.eval(m, rows.array(), env)
			rows.single = false
		} else {
			rows, err = s.over(m, rows, env, i == len(p.steps)-1)
		}
		if err != nil {
			return nil, err
		}
		if !rows.single && length(rows.x) == 0 {
			break
		}
	}
	x := rows.x
	if p.singleton {
		x = keepSingle(rows)
	}
	if p.group != nil {
		return p.group.eval(m, x, env)
	}
	return x, nil
}

// keepSingle marks the result of a path so that one item stays an array.
func keepSingle(r rows) item {
	l, ok := r.x.(*list)
	switch {
	case r.single || ok && l.cons && !l.sequence:
		l = sequenceOf(r.x)
	case !ok:
		return r.x
	}
	l.keep = true
	return l
}

// rows is what a step starts from: one item, or an array of them.
type rows struct {
	x      item
	single bool
}

func rowsOf(in item, first *step) rows {
	if isArray(in) && (first.expr == nil || first.kind != syntax.Variable) {
		return rows{x: in}
	}
	return rows{x: in, single: true}
}

// array returns the rows as one array.
func (r rows) array() item {
	if r.single {
		return sequenceOf(r.x)
	}
	return r.x
}

func (r rows) length() int {
	if r.single {
		return 1
	}
	return length(r.x)
}

func (r rows) at(i int) item {
	if r.single {
		return r.x
	}
	return at(r.x, i)
}

// over evaluates the step for every row.
func (s *step) over(m *evaluation, in rows, env *frame, last bool) (rows, error) {
	if s.sort != nil {
		return s.sorted(m, in, env)
	}
	var first item
	var out *list
	found := 0
	for i := range in.length() {
		x, err := s.once(m, in.at(i), env)
		if err != nil {
			return rows{}, err
		}
		if x == nil {
			continue
		}
		switch found++; found {
		case 1:
			first = x
			continue
		case 2:
			out = &list{sequence: true, items: make([]item, 0, in.length())}
			if err := m.spread(out, first); err != nil {
				return rows{}, err
			}
		}
		if err := m.spread(out, x); err != nil {
			return rows{}, err
		}
	}
	if found == 1 {
		return m.only(first, last)
	}
	if out == nil {
		out = sequenceOf()
	}
	return rows{x: out}, nil
}

// only makes rows of the one result that a step gave. At the end of a path an array stays what it is.
func (m *evaluation) only(x item, last bool) (rows, error) {
	l, made := x.(*list)
	switch {
	case !isArray(x):
		return rows{x: x, single: true}, nil
	case last && !(made && l.sequence):
		return rows{x: x}, nil
	case made && l.cons:
		return rows{x: x, single: true}, nil
	}
	out := sequenceOf()
	return rows{x: out}, m.flatten(out, x)
}

// spread adds a result of a step to the rows: the items of an array, unless it was constructed.
func (m *evaluation) spread(out *list, x item) error {
	if l, ok := x.(*list); ok && l.cons {
		return m.push(out, x)
	}
	return m.flatten(out, x)
}

// once evaluates the step for one row.
func (s *step) once(m *evaluation, in item, env *frame) (item, error) {
	if s.name != "" {
		if err := m.spend(1); err != nil {
			return nil, err
		}
		if v, ok := in.(value.Value); ok && v.Kind() == value.Object {
			if w, ok := v.Get(s.name); ok {
				return w, nil
			}
			return nil, nil
		}
		x, err := m.member(in, s.name, 0)
		return unwrap(x, false), err
	}
	x, err := s.eval(m, in, env)
	for _, part := range s.stages {
		if err != nil {
			return nil, err
		}
		x, err = part.filter.apply(m, x, env)
	}
	return x, err
}

func (s *step) sorted(m *evaluation, in rows, env *frame) (rows, error) {
	x, err := s.sort.apply(m, in.array(), env)
	for _, part := range s.stages {
		if err != nil {
			return rows{}, err
		}
		x, err = part.filter.apply(m, x, env)
	}
	return rows{x: x}, err
}
