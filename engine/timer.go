package engine

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
)

// timers is one heap of moments and the goroutine that waits for the nearest.
type timers struct {
	fire func(timerKey)
	wake chan struct{} // of size 1: the nearest moment may have changed

	mu    sync.Mutex
	queue moments
	set   map[timerKey]*moment
}

type timerKey struct {
	execution *execution
	timer     machine.TimerID
}

type moment struct {
	timerKey
	at    time.Time
	index int // place in the heap
}

// longestNap is how long the goroutine sleeps at most: a computer that was suspended notices within this time that its
// wall clock has moved on, which a running timer of the operating system does not.
const longestNap = 30 * time.Second

func newTimers(fire func(timerKey)) *timers {
	return &timers{fire: fire, wake: make(chan struct{}, 1), set: map[timerKey]*moment{}}
}

// put sets a timer, or moves it when it is set.
func (t *timers) put(key timerKey, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.set[key]; m != nil {
		m.at = at
		heap.Fix(&t.queue, m.index)
	} else {
		m = &moment{timerKey: key, at: at}
		t.set[key] = m
		heap.Push(&t.queue, m)
	}
	if t.queue[0].timerKey == key {
		t.nudge()
	}
}

// cancel takes a timer back; one that is not set is no matter.
func (t *timers) cancel(key timerKey) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m := t.set[key]; m != nil {
		heap.Remove(&t.queue, m.index)
		delete(t.set, key)
	}
}

func (t *timers) nudge() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// run fires timers until ctx ends.
func (t *timers) run(ctx context.Context) {
	for {
		due, nap := t.take(time.Now())
		for _, key := range due {
			t.fire(key)
		}
		clock := time.NewTimer(nap)
		select {
		case <-clock.C:
		case <-t.wake:
			clock.Stop()
		case <-ctx.Done():
			clock.Stop()
			return
		}
	}
}

// take removes the timers whose moment has come and tells how long to sleep then.
func (t *timers) take(now time.Time) (due []timerKey, nap time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.queue) > 0 && !t.queue[0].at.After(now) {
		m := heap.Pop(&t.queue).(*moment)
		delete(t.set, m.timerKey)
		due = append(due, m.timerKey)
	}
	if len(t.queue) == 0 {
		return due, longestNap
	}
	// Wall clocks are compared, not the monotonic ones, for the same reason as longestNap.
	return due, min(longestNap, t.queue[0].at.Round(0).Sub(now.Round(0)))
}

// moments is a heap by time.
type moments []*moment

func (q moments) Len() int           { return len(q) }
func (q moments) Less(i, j int) bool { return q[i].at.Before(q[j].at) }

func (q moments) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *moments) Push(m any) {
	m.(*moment).index = len(*q)
	*q = append(*q, m.(*moment))
}

func (q *moments) Pop() any {
	last := len(*q) - 1
	m := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return m
}
