package arrival

import (
	"time"

	"github.com/stepwell/stepwell/bucket"
)

// memory knows what objects were like that have been told of, the newest ones.
type memory struct {
	objects map[place]identity
	order   []place
}

// identity tells two contents of one key apart.
type identity struct {
	size     int64
	modified time.Time
}

// remembered is how many objects the memory has. The events of the file system come within moments of a write, so those of older
// objects are all through.
const remembered = 100_000

func newMemory() memory { return memory{objects: map[place]identity{}} }

func identityOf(o bucket.Object) identity { return identity{o.Size, o.LastModified.Round(0).UTC()} }

func (m *memory) has(p place, o bucket.Object) bool {
	known, ok := m.objects[p]
	return ok && known == identityOf(o)
}

func (m *memory) keep(p place, o bucket.Object) {
	if _, ok := m.objects[p]; !ok {
		m.order = append(m.order, p)
	}
	m.objects[p] = identityOf(o)
	if len(m.order) > remembered {
		delete(m.objects, m.order[0])
		m.order = m.order[1:]
	}
}
