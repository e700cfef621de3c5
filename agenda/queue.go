package agenda

import (
	"container/heap"
	"sync"
	"time"
)

// Queue is keys in the order of their times. Its methods may be called by several goroutines.
type Queue[K comparable] struct {
	wake chan struct{} // of size 1: the nearest time may have changed

	mu    sync.Mutex
	queue entries[K]
	set   map[K]*entry[K]
}

type entry[K comparable] struct {
	key   K
	at    time.Time
	index int // place in the heap
}

// longestNap is how long Serve sleeps at most: when the computer was suspended, or its clock was set, this is how late a key
// can be.
const longestNap = 10 * time.Second

// NewQueue returns an empty queue.
func NewQueue[K comparable]() *Queue[K] {
	return &Queue[K]{wake: make(chan struct{}, 1), set: map[K]*entry[K]{}}
}

// Set puts a key into the queue, or moves it.
func (q *Queue[K]) Set(key K, at time.Time) {
	// Wall clocks are compared: the monotonic one stands still while a computer is suspended.
	at = at.Round(0)
	q.mu.Lock()
	defer q.mu.Unlock()
	if e := q.set[key]; e != nil {
		e.at = at
		heap.Fix(&q.queue, e.index)
	} else {
		e = &entry[K]{key: key, at: at}
		q.set[key] = e
		heap.Push(&q.queue, e)
	}
	if q.queue[0].key == key {
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
}

// Drop takes a key out of the queue; one that is not in it is no matter.
func (q *Queue[K]) Drop(key K) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if e := q.set[key]; e != nil {
		heap.Remove(&q.queue, e.index)
		delete(q.set, key)
	}
}

// Serve takes each key out when it is due and calls do for one after the other, until ending is closed.
func (q *Queue[K]) Serve(ending <-chan struct{}, do func(key K)) {
	clock := time.NewTimer(0)
	defer clock.Stop()
	for {
		due, nap := q.take(time.Now().Round(0))
		for _, key := range due {
			do(key)
		}
		if len(due) > 0 {
			nap = 0 // it took time
		}
		clock.Reset(nap)
		select {
		case <-clock.C:
		case <-q.wake:
		case <-ending:
			return
		}
	}
}

// take removes what is due and tells how long to sleep then.
func (q *Queue[K]) take(now time.Time) (due []K, nap time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.queue) > 0 && !q.queue[0].at.After(now) {
		e := heap.Pop(&q.queue).(*entry[K])
		delete(q.set, e.key)
		due = append(due, e.key)
	}
	if len(q.queue) == 0 {
		return due, longestNap
	}
	return due, min(longestNap, q.queue[0].at.Sub(now))
}

// entries is a heap by time.
type entries[K comparable] []*entry[K]

func (q entries[K]) Len() int           { return len(q) }
func (q entries[K]) Less(i, j int) bool { return q[i].at.Before(q[j].at) }

func (q entries[K]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *entries[K]) Push(e any) {
	e.(*entry[K]).index = len(*q)
	*q = append(*q, e.(*entry[K]))
}

func (q *entries[K]) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return e
}
