package machine

import (
	"iter"

	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/value"
)

// Child is what one execution of a map run is started with.
type Child struct {
	Index int64 // counts the children from 0
	Items int64 // how many items it has
	Input value.Value
}

// batch is how items are put together.
type batch struct {
	maxItems, maxBytes int64 // 0: no limit
	input              value.Value
}

// Children yields the children for items, through ItemSelector and ItemBatcher. The error is a *MapRunError, and the last thing.
func (r *MapRun) Children(items iter.Seq2[item.Item, error]) iter.Seq2[Child, error] {
	return func(yield func(Child, error) bool) {
		c := collector{run: r, yield: yield}
		var index int64
		for it, err := range items {
			if r.Reader != nil && r.Reader.MaxItems > 0 && index >= r.Reader.MaxItems {
				break
			}
			if err != nil {
				yield(Child{}, ReaderFailed(err))
				return
			}
			selected, f := r.selector.apply(index, it)
			if f != nil {
				yield(Child{}, runError(f))
				return
			}
			if !c.add(selected) {
				return
			}
			index++
		}
		c.flush()
	}
}

// collector puts selected items together into children.
type collector struct {
	run    *MapRun
	yield  func(Child, error) bool
	next   int64
	items  []value.Value
	length int64 // bytes of items
}

// add takes one more item. It reports whether more are wanted.
func (c *collector) add(v value.Value) bool {
	b := c.run.batch
	if b == nil {
		return c.emit(v, 1)
	}
	size := int64(len(v.Compact())) + 1
	if b.maxBytes > 0 && len(c.items) > 0 && b.overhead()+c.length+size > b.maxBytes && !c.flush() {
		return false
	}
	c.items = append(c.items, v)
	c.length += size
	if b.maxItems > 0 && int64(len(c.items)) >= b.maxItems {
		return c.flush()
	}
	return true
}

// overhead is how many bytes a batch takes besides its items.
func (b *batch) overhead() int64 { return int64(len(b.around(nil).Compact())) }

func (b *batch) around(items []value.Value) value.Value {
	var members []value.Member
	if !b.input.IsZero() {
		members = append(members, member("BatchInput", b.input))
	}
	return value.OfMembers(append(members, member("Items", value.OfItems(items)))...)
}

// flush makes a child of the items that wait, if there are some.
func (c *collector) flush() bool {
	if len(c.items) == 0 {
		return true
	}
	items := c.items
	c.items, c.length = nil, 0
	return c.emit(c.run.batch.around(items), int64(len(items)))
}

func (c *collector) emit(input value.Value, items int64) bool {
	limit := int64(maxPayload)
	if b := c.run.batch; b != nil && b.maxBytes > 0 {
		limit = min(limit, b.maxBytes)
	}
	if int64(len(input.Text())) > limit {
		c.yield(Child{}, runError(dataLimitExceeded(c.run.state)))
		return false
	}
	child := Child{Index: c.next, Items: items, Input: input}
	c.next++
	return c.yield(child, nil)
}

// selector evaluates ItemSelector apart from the machine, which goes on meanwhile: it works on copies of what the expressions see. Scopes
// around the state cannot change before the state ends.
type selector struct {
	machine *Machine
	visit   *visit
	seed    uint64
}

func (m *Machine) selectorOf(v *visit, input value.Value) *selector {
	m.context(v) // built here, for both
	apart := &Machine{
		definition: m.definition, execution: m.execution, status: RunningStatus, now: m.now, version: m.version,
		executionContext: m.executionContext, machineContext: m.machineContext,
	}
	frame, visit := *v.frame, *v
	visit.frame, visit.fork = &frame, &fork{input: input}
	return &selector{apart, &visit, m.random.next()}
}

func (s *selector) apply(index int64, it item.Item) (value.Value, *failure) {
	s.machine.random, s.machine.step = generator{s.seed + uint64(index)}, Step{}
	source := it.Source
	if source == "" {
		source = "STATE_DATA"
	}
	f := &frame{owner: s.visit, index: int(index), item: it.Value, source: source}
	if it.HasKey {
		f.key = &it.Key
	}
	return s.machine.selectItem(s.visit, f)
}
