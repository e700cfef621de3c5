package machine

import (
	"strconv"

	"github.com/stepwell/stepwell/value"
)

// maxInline is how many iterations of an inline Map run at a time.
const maxInline = 40

func (m *Machine) runMap(v *visit) {
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
	v.fork.items, v.fork.input = items, input
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
	field := v.state.Map.ItemsPath
	items := input
	if field.Expr != nil {
		var err error
		if items, err = field.Expr.Eval(m.scope(v, input)); err != nil {
			return nil, v.referenceFailure(field.Expr, input, err)
		}
	}
	if items.Kind() != value.Array {
		path := "$"
		if field.Expr != nil {
			path = field.Expr.String()
		}
		return nil, v.runtime("Reference path \"%s\" must point to array.", path)
	}
	return items.Items(), nil
}

func (m *Machine) maxConcurrency(v *visit, input value.Value) (int64, *failure) {
	field := v.state.Map.MaxConcurrency
	found, ok, f := m.number(v, field, input)
	if f != nil || !ok {
		return maxInline, f
	}
	limit, err := strconv.ParseInt(plain(found), 10, 64)
	switch {
	case err != nil:
		return 0, v.runtime("The MaxConcurrencyPath field refers to value \"%s\" which is not a valid integer: %s", plain(found), field.Path)
	case limit < 0:
		return 0, v.runtime("MaxConcurrency cannot be negative.")
	case limit == 0:
		return maxInline, nil
	}
	return min(limit, maxInline), nil
}

// startIteration starts the next item behind an event. It reports whether the Map still runs.
func (m *Machine) startIteration(v *visit, previous int64) bool {
	k := v.fork
	f := &frame{workflow: v.state.Map.Processor, owner: v, index: k.next, item: k.items[k.next], last: previous}
	k.next++
	input := f.item
	if selector := v.state.Map.ItemSelector; selector != nil {
		scope := m.scope(v, k.input)
		scope.Context = m.contextWith(v, f)
		var err error
		if input, err = selector.Eval(scope); err != nil {
			broken := v.templateFailure(k.input, err)
			if !broken.terminal {
				m.cutBranches(v, v.frame.last)
			}
			m.fail(v, broken)
			return false
		}
	}
	k.live[f.index] = f
	m.chain(f, "MapIterationStarted", "mapIterationStartedEventDetails", iterationDetails(v, f.index)...)
	m.arrive(f, f.workflow.StartAt, input)
	return m.status == RunningStatus
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
	if v.fork.next < len(v.fork.items) {
		m.startIteration(v, iteration.last)
	}
}

func iterationDetails(v *visit, index int) []value.Member {
	return []value.Member{text("name", v.state.Name), number("index", int64(index))}
}
