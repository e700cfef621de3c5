// Package agenda is a set of keys with the times at which they are due, and something to do for each: one heap and one timer,
// however many there are. It remembers nothing beyond the process.
//
//	a := agenda.New(16, func(key string) error { … }, failed)
//	a.Set("nightly", midnight)
//	defer a.Close()
package agenda

import (
	"container/heap"
	"sync"
	"time"
)

// Agenda does something once for every key at its time. Its methods may be called by several goroutines.
type Agenda[K comparable] struct {
	do      func(key K) error
	failed  func(key K, err error)
	places  chan struct{} // one for each key that is done now
	doing   sync.WaitGroup
	wake    chan struct{} // of size 1: the nearest time may have changed
	closing chan struct{}
	ended   chan struct{}

	mu    sync.Mutex
	queue entries[K]
	set   map[K]*entry[K]
}

type entry[K comparable] struct {
	key   K
	at    time.Time
	index int // place in the heap
}

// longestNap is how long the goroutine sleeps at most: when the computer was suspended, or its clock was set, this is how
// late a key can be.
const longestNap = 10 * time.Second

// again is when something is done again after it failed.
const again = time.Second

// New returns an empty agenda. Do is called when a key is due, for at most so many keys at once. After an error, which failed
// hears of, it is called again a second later.
func New[K comparable](atOnce int, do func(key K) error, failed func(key K, err error)) *Agenda[K] {
	a := &Agenda[K]{
		do: do, failed: failed, places: make(chan struct{}, atOnce), wake: make(chan struct{}, 1),
		closing: make(chan struct{}), ended: make(chan struct{}), set: map[K]*entry[K]{},
	}
	go a.run()
	return a
}

// Set puts a key on the agenda, or moves it.
func (a *Agenda[K]) Set(key K, at time.Time) {
	// Wall clocks are compared: the monotonic one stands still while a computer is suspended.
	at = at.Round(0)
	a.mu.Lock()
	defer a.mu.Unlock()
	if e := a.set[key]; e != nil {
		e.at = at
		heap.Fix(&a.queue, e.index)
	} else {
		e = &entry[K]{key: key, at: at}
		a.set[key] = e
		heap.Push(&a.queue, e)
	}
	if a.queue[0].key == key {
		select {
		case a.wake <- struct{}{}:
		default:
		}
	}
}

// Drop takes a key off the agenda; one that is not on it is no matter.
func (a *Agenda[K]) Drop(key K) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e := a.set[key]; e != nil {
		heap.Remove(&a.queue, e.index)
		delete(a.set, key)
	}
}

// Close ends the agenda, once what is being done is done. Whatever is set then is not done any more.
func (a *Agenda[K]) Close() {
	close(a.closing)
	<-a.ended
	a.doing.Wait()
}

func (a *Agenda[K]) run() {
	defer close(a.ended)
	clock := time.NewTimer(0)
	defer clock.Stop()
	for {
		due, nap := a.take(time.Now().Round(0))
		for _, key := range due {
			a.doing.Go(func() { a.attend(key) })
		}
		if len(due) > 0 {
			continue // it took time
		}
		clock.Reset(nap)
		select {
		case <-clock.C:
		case <-a.wake:
		case <-a.closing:
			return
		}
	}
}

// attend does what a key asks for, when there is a place.
func (a *Agenda[K]) attend(key K) {
	select {
	case a.places <- struct{}{}:
	case <-a.closing:
		return
	}
	err := a.do(key)
	<-a.places
	if err != nil {
		a.failed(key, err)
		a.Set(key, time.Now().Add(again))
	}
}

// take removes what is due and tells how long to sleep then.
func (a *Agenda[K]) take(now time.Time) (due []K, nap time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.queue) > 0 && !a.queue[0].at.After(now) {
		e := heap.Pop(&a.queue).(*entry[K])
		delete(a.set, e.key)
		due = append(due, e.key)
	}
	if len(a.queue) == 0 {
		return due, longestNap
	}
	return due, min(longestNap, a.queue[0].at.Sub(now))
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
