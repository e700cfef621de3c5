package engine

import (
	"encoding/json"
	"sync"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Chunk is a piece of an execution's log: the events that were applied in one commit and the history they led to.
type Chunk struct {
	// Number counts the commits of an execution from 1.
	Number int64
	// FirstID and LastID are the first and last id in History. Without history, LastID is the last id before the chunk
	// and FirstID one more.
	FirstID, LastID int64
	// Events and History are JSON arrays.
	Events, History []byte
}

// add appends an applied event and what it led to.
func (c *Chunk) add(event machine.Event, history []machine.HistoryEvent) {
	c.Events = appendItem(c.Events, machine.EncodeEvent(event))
	for _, h := range history {
		c.History = appendItem(c.History, []byte(h.JSON().Text()))
		c.LastID = h.ID
	}
}

// seal ends the arrays.
func (c *Chunk) seal() {
	c.Events = append(c.Events, ']')
	if len(c.History) > 0 {
		c.History = append(c.History, ']')
	}
}

func appendItem(list, item []byte) []byte {
	if len(list) == 0 {
		list = append(list, '[')
	} else {
		list = append(list, ',')
	}
	return append(list, item...)
}

// events returns the applied events.
func (c *Chunk) events() ([]machine.Event, error) {
	// RawMessage keeps the very bytes of payloads, which a value's items would not.
	var texts []json.RawMessage
	if err := json.Unmarshal(c.Events, &texts); err != nil {
		return nil, c.damaged(err)
	}
	events := make([]machine.Event, len(texts))
	for i, text := range texts {
		event, err := machine.DecodeEvent(text)
		if err != nil {
			return nil, c.damaged(err)
		}
		events[i] = event
	}
	return events, nil
}

// items returns the history events as they are stored.
func (c *Chunk) items() ([]value.Value, error) {
	if len(c.History) == 0 {
		return nil, nil
	}
	list, err := value.Parse(string(c.History))
	if err != nil {
		return nil, c.damaged(err)
	}
	return list.Items(), nil
}

// history reads those of its items that have wanted ids.
func (c *Chunk) history(items []value.Value, wanted func(id int64) bool) ([]machine.HistoryEvent, error) {
	var history []machine.HistoryEvent
	for i, item := range items {
		if !wanted(c.FirstID + int64(i)) {
			continue
		}
		event, err := machine.HistoryEventOf(item)
		if err != nil {
			return nil, c.damaged(err)
		}
		history = append(history, event)
	}
	return history, nil
}

// taken is the last chunk whose history was read, with its items: the pages of a long history are often parts of one.
type taken struct {
	mu     sync.Mutex
	arn    string
	number int64
	items  []value.Value
}

// of returns the items of a chunk of an execution.
func (t *taken) of(arn string, c *Chunk) ([]value.Value, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.arn == arn && t.number == c.Number {
		return t.items, nil
	}
	items, err := c.items()
	if err == nil {
		t.arn, t.number, t.items = arn, c.Number, items
	}
	return items, err
}

func (c *Chunk) damaged(err error) error {
	return fault.New(fault.Internal, "read chunk %d of an execution's log", c.Number).Because(err)
}
