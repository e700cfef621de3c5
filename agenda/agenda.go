// Package agenda is a set of keys with the times at which they are due, and something to do for each: one heap and one timer,
// however many there are. It remembers nothing beyond the process.
//
//	a := agenda.New(16, func(key string) error { … }, failed)
//	a.Set("nightly", midnight)
//	defer a.Close()
//
// A Queue is the heap alone, for those who do things in turn.
package agenda

import (
	"sync"
	"time"
)

// Agenda does something once for every key at its time. Its methods may be called by several goroutines.
type Agenda[K comparable] struct {
	queue   *Queue[K]
	do      func(key K) error
	failed  func(key K, err error)
	places  chan struct{} // one for each key that is done now
	doing   sync.WaitGroup
	closing chan struct{}
	ended   chan struct{}
}

// again is when something is done again after it failed.
const again = time.Second

// New returns an empty agenda. Do is called when a key is due, for at most so many keys at once. After an error, which failed
// hears of, it is called again a second later.
func New[K comparable](atOnce int, do func(key K) error, failed func(key K, err error)) *Agenda[K] {
	a := &Agenda[K]{
		queue: NewQueue[K](), do: do, failed: failed, places: make(chan struct{}, atOnce),
		closing: make(chan struct{}), ended: make(chan struct{}),
	}
	go a.run()
	return a
}

// Set puts a key on the agenda, or moves it.
func (a *Agenda[K]) Set(key K, at time.Time) { a.queue.Set(key, at) }

// Drop takes a key off the agenda; one that is not on it is no matter.
func (a *Agenda[K]) Drop(key K) { a.queue.Drop(key) }

// Close ends the agenda, once what is being done is done. Whatever is set then is not done any more.
func (a *Agenda[K]) Close() {
	close(a.closing)
	<-a.ended
	a.doing.Wait()
}

func (a *Agenda[K]) run() {
	defer close(a.ended)
	a.queue.Serve(a.closing, func(key K) {
		a.doing.Go(func() { a.attend(key) })
	})
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
