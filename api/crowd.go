package api

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// maxConnections is how many clients may be connected at once. One costs some ten kilobytes.
const maxConnections = 2000

// crowd keeps the number of connections below a limit: where one is too many, the one that has been silent longest makes room
// for it, and where all are at work the new one has to go.
type crowd struct {
	limit int

	mu     sync.Mutex
	silent list.List // of net.Conn, the longest silent first
	open   map[net.Conn]*list.Element
}

// note is the server's ConnState.
func (c *crowd) note(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[net.Conn]*list.Element{}
	}
	if place := c.open[conn]; place != nil {
		c.silent.Remove(place)
	}
	switch state {
	case http.StateNew, http.StateIdle:
		c.open[conn] = c.silent.PushBack(conn)
	case http.StateActive:
		c.open[conn] = nil
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
	}
	if len(c.open) > c.limit {
		c.makeRoom()
	}
}

func (c *crowd) makeRoom() {
	longest := c.silent.Front()
	if longest == nil {
		return
	}
	conn := c.silent.Remove(longest).(net.Conn)
	delete(c.open, conn)
	_ = conn.Close()
}
