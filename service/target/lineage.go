package target

import "sync"

// remembered is how many invocations' depths are kept.
const remembered = 10_000

// lineage remembers how deep in a chain of rules the newest invocations are, so that what they start can tell. It does not
// outlive the process: then a loop is counted anew.
type lineage struct {
	mu     sync.Mutex
	depths map[string]int
	order  []string // a ring
	next   int
}

func (l *lineage) note(id string, depth int) {
	if depth == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.depths == nil {
		l.depths, l.order = map[string]int{}, make([]string, remembered)
	}
	delete(l.depths, l.order[l.next])
	l.depths[id], l.order[l.next] = depth, id
	l.next = (l.next + 1) % remembered
}

func (l *lineage) depth(id string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.depths[id]
}
