// Package event is the stream of what happens in a server: a Log of bounded size that writers add to and readers follow, each
// from a place of its own. It is not durable and holds no reader back: a reader who is too slow finds that entries were lost.
// What an entry means is its writer's matter; a writer hands over text that it has already, so adding costs little.
//
//	log := event.NewLog(8 << 20)
//	log.Add(event.Entry{Kind: event.Execution, Source: arn, Items: history})
//	entries, lost, news := log.After(0)
package event

import "sync"

// Kind is what an entry is about.
type Kind string

// The kinds of entries.
const (
	Execution Kind = "execution"
	Statement Kind = "statement"
)

// Entry is what happened at once to one thing.
type Entry struct {
	// Number counts the entries of a Log from 1; Add sets it.
	Number int64
	Kind   Kind
	// Source is the ARN of the execution, or the id of the statement.
	Source string
	// StateMachine is the ARN of the execution's state machine.
	StateMachine string
	// Items is a JSON array of objects, in the order in which they happened. It must not be changed any more.
	Items []byte
}

// Log keeps the newest entries. Its methods may be called by several goroutines.
type Log struct {
	limit int

	mu      sync.Mutex
	entries []Entry
	size    int
	last    int64
	news    chan struct{} // closed, and replaced, when there is another entry
	closed  chan struct{}
	once    sync.Once
}

// NewLog returns a Log that keeps entries with about limit bytes of items, and always the newest entry.
func NewLog(limit int) *Log {
	return &Log{limit: limit, news: make(chan struct{}), closed: make(chan struct{})}
}

// overhead is about what an entry takes besides its items, in bytes.
const overhead = 200

// Add puts an entry behind the others and drops the oldest ones where the Log is full.
func (l *Log) Add(e Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	e.Number = l.last
	l.entries = append(l.entries, e)
	l.size += len(e.Items) + overhead
	for l.size > l.limit && len(l.entries) > 1 {
		l.size -= len(l.entries[0].Items) + overhead
		l.entries[0] = Entry{}
		l.entries = l.entries[1:]
	}
	close(l.news)
	l.news = make(chan struct{})
}

// page is how many entries a reader takes at a time.
const page = 64

// After returns the next entries behind a number, and lost when there were others before them that are gone. When there
// are none, news is closed once there are.
func (l *Log) After(number int64) (entries []Entry, lost bool, news <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	gone := l.last - int64(len(l.entries))
	from := int(max(min(number, l.last)-gone, 0))
	entries = append(entries, l.entries[from:min(from+page, len(l.entries))]...)
	return entries, number < gone, l.news
}

// Last is the number of the newest entry, 0 when there was none.
func (l *Log) Last() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// Close tells readers that nothing comes any more. Closing again is no matter.
func (l *Log) Close() { l.once.Do(func() { close(l.closed) }) }

// Closed is closed when the Log is.
func (l *Log) Closed() <-chan struct{} { return l.closed }
