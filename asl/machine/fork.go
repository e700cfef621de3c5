package machine

import (
	"maps"
	"slices"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// fork is the branches of a Parallel or the iterations of a Map while they run. Only running ones are kept as frames, so
// that one more item costs the same in a long Map as in a short one.
type fork struct {
	live    map[int]*frame
	broken  map[int]*frame // those that ended early, for a redrive
	waiting []*frame       // those that a redrive goes on with when others have ended
	whole   bool           // a redrive has to do everything again
	run     *MapRun        // of a distributed Map
	results []value.Value
	missing int

	// Of Map: the items, those not started yet, and what ItemSelector is evaluated on.
	items     []value.Value
	next      int
	limit     int // how many run at a time
	input     value.Value
	tolerance *tolerance // nil when there is none
}

func newFork(size int) *fork {
	return &fork{live: map[int]*frame{}, results: make([]value.Value, size), missing: size}
}

// running returns the indices of the workflows that run, in order.
func (k *fork) running() []int { return slices.Sorted(maps.Keys(k.live)) }

// take keeps the output of a workflow that ended. It reports whether that was the last one.
func (k *fork) take(index int, output value.Value) bool {
	delete(k.live, index)
	k.results[index] = output
	k.missing--
	return k.missing == 0
}

// outputs returns the results in order, without those of iterations whose failure was tolerated.
func (k *fork) outputs() []value.Value {
	return slices.DeleteFunc(k.results, value.Value.IsZero)
}

// join brings the output of a branch or an iteration to its Parallel or Map.
func (m *Machine) join(f *frame, output value.Value) {
	if f.owner.state.Type == asl.MapType {
		m.joinMap(f.owner, f, output)
		return
	}
	m.joinParallel(f.owner, f, output)
}

// joined ends a Parallel or Map whose workflows all ended. The exit follows what the Succeeded event follows.
func (m *Machine) joined(v *visit) {
	previous := v.frame.last
	m.chain(v.frame, string(v.state.Type)+"StateSucceeded", "")
	v.exitAfter = previous
	result := value.OfItems(v.fork.outputs())
	if tooLarge(result) {
		m.fail(v, dataLimitExceeded(v.state.Name))
		return
	}
	m.conclude(v, result)
}
