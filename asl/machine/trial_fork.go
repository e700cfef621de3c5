package machine

import (
	"iter"
	"strings"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/value"
)

// enterFork evaluates what a Parallel or Map hands to its workflows, and takes the mocked answer in their place.
func (t *Trial) enterFork() {
	m, v := t.machine, t.visit
	var f *failure
	if v.state.Type == asl.MapType {
		f = t.enterMap()
	} else {
		_, f = m.branchInput(v)
	}
	answer := t.options.Fork
	switch {
	case f != nil:
		m.fail(v, f)
	case answer.Result.IsZero():
		m.fail(v, &failure{name: answer.Error, cause: answer.Cause})
	case tooLarge(answer.Result):
		m.fail(v, dataLimitExceeded(v.state.Name))
	default:
		m.conclude(v, answer.Result)
	}
}

func (t *Trial) enterMap() *failure {
	m, v := t.machine, t.visit
	input, f := m.path(v, v.state.InputPath, v.input)
	if f != nil {
		return f
	}
	items, f := t.items(input)
	if f == nil {
		f = t.selected(items, input)
	}
	if f == nil {
		f = t.batched(items, input)
	}
	if f == nil {
		f = t.concurrency(input)
	}
	if f != nil {
		return f
	}
	return t.tolerated(input, len(items))
}

// items returns what the Map goes through.
func (t *Trial) items(input value.Value) ([]value.Value, *failure) {
	v := t.visit
	if d := v.state.Map.Distributed; d != nil && d.Reader != nil {
		return t.read(d.Reader.ItemsPointer)
	}
	if !t.options.Items.IsZero() {
		return t.options.Items.Items(), nil
	}
	items, f := t.machine.items(v, input)
	if f == nil && v.state.JSONata == nil {
		t.see("afterItemsPath", listed(items))
	}
	return items, f
}

// read returns what an ItemReader makes of the data that it is said to have read.
func (t *Trial) read(pointer string) ([]value.Value, *failure) {
	if t.options.Items.IsZero() {
		return nil, nil
	}
	var items []value.Value
	for it, err := range item.JSON(strings.NewReader(t.options.Items.Text()), pointer) {
		if err != nil {
			return nil, runFailure(ReaderFailed(err))
		}
		items = append(items, it.Value)
	}
	if pointer != "" {
		t.see("afterItemsPointer", listed(items))
	}
	return items, nil
}

// batched shows the inputs of the children that ItemBatcher makes of the items.
func (t *Trial) batched(items []value.Value, input value.Value) *failure {
	m, v := t.machine, t.visit
	if d := v.state.Map.Distributed; d == nil || d.Batcher == nil {
		return nil
	}
	run := m.newMapRun(v, input)
	if f := m.prepareBatcher(v, run, input); f != nil {
		return f
	}
	var inputs []value.Value
	for child, err := range run.Children(itemsOf(items)) {
		if failed, ok := err.(*MapRunError); ok {
			return runFailure(failed)
		}
		inputs = append(inputs, child.Input)
	}
	t.see("afterItemBatcher", listed(inputs))
	return nil
}

func itemsOf(values []value.Value) iter.Seq2[item.Item, error] {
	return func(yield func(item.Item, error) bool) {
		for _, v := range values {
			if !yield(item.Item{Value: v}, nil) {
				return
			}
		}
	}
}

// listed returns items as AWS shows them: a blank behind every comma of the list, none inside its items.
func listed(items []value.Value) value.Value {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.Compact()
	}
	return value.MustParse("[" + strings.Join(texts, ", ") + "]")
}

// selected shows what ItemSelector makes of the items.
func (t *Trial) selected(items []value.Value, input value.Value) *failure {
	v := t.visit
	if q := v.state.JSONata; q != nil && q.ItemSelector == nil || q == nil && v.state.Map.ItemSelector == nil {
		return nil
	}
	v.fork = newFork(0)
	v.fork.input = input
	defer func() { v.fork = nil }()
	all := make([]value.Value, len(items))
	for i, item := range items {
		var f *failure
		if all[i], f = t.machine.selectItem(v, &frame{owner: v, index: i, item: item}); f != nil {
			return f
		}
	}
	t.see("afterItemSelector", listed(all))
	return nil
}

func (t *Trial) concurrency(input value.Value) *failure {
	m, v := t.machine, t.visit
	if _, f := m.maxConcurrency(v, input); f != nil {
		return f
	}
	field := v.state.Map.MaxConcurrency
	shown := value.OfInt(0)
	if field.Query != nil {
		n, f := m.evaluation(v).integer(field, 0, 0)
		if f != nil {
			return f
		}
		shown = value.OfInt(n)
	} else if found, ok, _ := m.number(v, field, input); ok {
		shown = found
	}
	t.see("maxConcurrency", shown)
	return nil
}

// tolerated shows how many failures the Map tolerates, and fails it when more of its iterations count as failed.
func (t *Trial) tolerated(input value.Value, items int) *failure {
	limits, f := t.machine.tolerance(t.visit, input)
	if f != nil || limits == nil {
		return f
	}
	if limits.count != nil {
		t.see("toleratedFailureCount", value.OfInt(*limits.count))
	}
	if limits.percentage != nil {
		t.see("toleratedFailurePercentage", value.OfFloat(*limits.percentage))
	}
	for range t.options.FailedItems {
		if limits.exceeded(items) {
			return thresholdExceeded()
		}
	}
	return nil
}
