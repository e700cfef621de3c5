package engine

import (
	"context"
	"sync"

	"github.com/stepwell/stepwell/fault"
)

// committer is the one caller of Store.Commit. Writes that arrive while a commit is under way share the next one, so the
// price of an fsync is divided among all executions that wait for it.
type committer struct {
	store   Store
	queue   chan *commit
	closing sync.Once
	ended   chan struct{}
}

// commit is one write on its way; err is set before done is closed.
type commit struct {
	write Write
	err   error
	done  chan struct{}
}

// groupLimit bounds one transaction: beyond it a longer wait buys no more throughput.
const groupLimit = 1000

func newCommitter(store Store, broken func(error)) *committer {
	c := &committer{store: store, queue: make(chan *commit, groupLimit), ended: make(chan struct{})}
	go c.run(broken)
	return c
}

// save returns once the write is durable, or with the reason why it is not.
func (c *committer) save(write Write) error {
	entry := &commit{write: write, done: make(chan struct{})}
	c.queue <- entry
	<-entry.done
	return entry.err
}

// close ends the committer; nobody may call save any more.
func (c *committer) close() {
	c.closing.Do(func() { close(c.queue) })
	<-c.ended
}

func (c *committer) run(broken func(error)) {
	defer close(c.ended)
	var failure error
	for first := range c.queue {
		group := c.gather(first)
		if failure == nil {
			if failure = c.commit(group); failure != nil {
				broken(failure)
			}
		}
		for _, entry := range group {
			entry.err = failure
			close(entry.done)
		}
	}
}

// gather adds to the first write those that wait already.
func (c *committer) gather(first *commit) []*commit {
	group := []*commit{first}
	for len(group) < groupLimit {
		select {
		case next, open := <-c.queue:
			if !open {
				return group
			}
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

func (c *committer) commit(group []*commit) error {
	writes := make([]Write, len(group))
	for i, entry := range group {
		writes[i] = entry.write
	}
	// A commit that has begun is not called back: whether it took place must never be in doubt.
	if err := c.store.Commit(context.Background(), writes); err != nil {
		return fault.New(fault.Unavailable, "the engine has stopped, its executions can be resumed when this is mended").Because(err)
	}
	return nil
}
