package machine

import (
	"strconv"

	"github.com/stepwell/stepwell/value"
)

// maxInline is how many iterations of an inline Map run at a time.
const maxInline = 40

func (m *Machine) runMap(v *visit) {
	if v.state.Map.Distributed != nil {
		m.runDistributed(v)
		return
	}
	input, f := m.path(v, v.state.InputPath, v.input)
	var items []value.Value
	if f == nil {
		items, f = m.items(v, input)
	}
	limit := int64(maxInline)
	if f == nil {
		limit, f = m.maxConcurrency(v, input)
	}
	if f != nil {
		m.fail(v, f)
		return
	}
	v.fork = newFork(len(items))
	v.fork.items, v.fork.input, v.fork.limit = items, input, int(limit)
	m.chain(v.frame, "MapStateStarted", "mapStateStartedEventDetails", number("length", int64(len(items))))
	if v.fork.tolerance, f = m.tolerance(v, input); f != nil {
		m.fail(v, f)
		return
	}
	if len(items) == 0 {
		m.joined(v)
		return
	}
	started := v.frame.last
	for range min(int64(len(items)), limit) {
		if !m.startIteration(v, started) {
			return
		}
	}
}

func (m *Machine) items(v *visit, input value.Value) ([]value.Value, *failure) {
	if v.state.JSONata != nil {
		return m.queriedItems(v)
	}
	items, f := m.pathItems(v, input)
	if f == nil && items.Kind() != value.Array {
		f = v.noArray()
	}
	return items.Items(), f
}

// pathItems is what ItemsPath leads to.
func (m *Machine) pathItems(v *visit, input value.Value) (value.Value, *failure) {
	path := v.state.Map.ItemsPath.Expr
	if path == nil {
		return input, nil
	}
	items, err := path.Eval(m.scope(v, input))
	if err != nil {
		return items, v.referenceFailure(path, input, err)
	}
	return items, nil
}

func (v *visit) noArray() *failure {
	path := "$"
	if field := v.state.Map.ItemsPath.Expr; field != nil {
		path = field.Path().String()
	}
	return v.runtime("Reference path \"%s\" must point to array.", path)
}

func (m *Machine) queriedItems(v *visit) ([]value.Value, *failure) {
	q := v.state.JSONata.Items
	if q != nil {
		if _, dynamic := q.Expression(); dynamic {
			items, f := m.evaluation(v).typed(q, value.Array)
			return items.Items(), f
		}
	}
	items, f := m.evaluation(v).query(q, v.input)
	if f == nil && items.Kind() != value.Array {
		f = m.evaluationFailed(v, "", "Map state input must be an array but was: "+items.Compact())
	}
	return items.Items(), f
}

// maxConcurrency is how many iterations or children may run at a time.
func (m *Machine) maxConcurrency(v *visit, input value.Value) (int64, *failure) {
	most, field := int64(maxInline), v.state.Map.MaxConcurrency
	if v.state.Map.Distributed != nil {
		most = maxDistributed
	}
	if field.Query != nil {
		limit, f := m.evaluation(v).integer(field, 0, 0)
		if f == nil && limit == 0 {
			limit = most
		}
		return min(limit, most), f
	}
	found, ok, f := m.number(v, field, input)
	if f != nil || !ok {
		return most, f
	}
	limit, err := strconv.ParseInt(plain(found), 10, 64)
	switch {
	case err != nil:
		return 0, v.runtime("The MaxConcurrencyPath field refers to value \"%s\" which is not a valid integer: %s", plain(found), field.Path)
	case limit < 0:
		return 0, v.runtime("MaxConcurrency cannot be negative.")
	case limit == 0:
		return most, nil
	}
	return min(limit, most), nil
}

// startIteration starts the next item behind an event. It reports whether the Map still runs.
func (m *Machine) startIteration(v *visit, previous int64) bool {
	k := v.fork
	f := &frame{workflow: v.state.Map.Processor, owner: v, index: k.next, item: k.items[k.next], last: previous}
	k.next++
	input, broken := m.selectItem(v, f)
	if broken != nil {
		if !broken.terminal {
			m.cutBranches(v, v.frame.last)
		}
		m.fail(v, broken)
		return false
	}
	k.live[f.index] = f
	m.chain(f, "MapIterationStarted", "mapIterationStartedEventDetails", iterationDetails(v, f.index)...)
	m.arrive(f, f.workflow.StartAt, input)
	return m.status == RunningStatus
}

// selectItem returns what ItemSelector makes of an iteration's item.
func (m *Machine) selectItem(v *visit, iteration *frame) (value.Value, *failure) {
	if q := v.state.JSONata; q != nil {
		e := m.evaluation(v)
		e.iteration = iteration
		return e.query(q.ItemSelector, iteration.item)
	}
	selector, input := v.state.Map.ItemSelector, v.fork.input
	if selector == nil {
		return iteration.item, nil
	}
	scope := m.scope(v, input)
	scope.Context = m.contextWith(v, iteration)
	out, err := selector.Eval(scope)
	if err != nil {
		return out, v.templateFailure(input, err)
	}
	return out, nil
}

func (m *Machine) joinMap(v *visit, iteration *frame, output value.Value) {
	v.frame.last = m.record(iteration.last, "MapIterationSucceeded", "mapIterationSucceededEventDetails",
		iterationDetails(v, iteration.index)...)
	m.iterationEnded(v, iteration, output)
}

func (m *Machine) iterationEnded(v *visit, iteration *frame, output value.Value) {
	if v.fork.take(iteration.index, output) {
		m.joined(v)
		return
	}
	switch {
	case len(v.fork.waiting) > 0:
		m.reviveNext(v.fork)
	case v.fork.next < len(v.fork.items):
		m.startIteration(v, iteration.last)
	}
}

func iterationDetails(v *visit, index int) []value.Member {
	return []value.Member{text("name", v.state.Name), number("index", int64(index))}
}
