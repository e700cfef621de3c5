package warehouse

import (
	"sync"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// definitions remembers the columns of tables that statements write, for the statements of all sessions. Every commit of a
// transaction that defines something forgets all of them and begins a new generation. A transaction takes and keeps only
// what is of the generation that it began in, while it holds the table's lock, and nothing once it defines something itself.
type definitions struct {
	mu         sync.Mutex
	generation uint64
	columns    map[string][]syntax.Column
}

// now is the generation that a transaction begins in.
func (d *definitions) now() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.generation
}

func (d *definitions) of(name string, generation uint64) []syntax.Column {
	d.mu.Lock()
	defer d.mu.Unlock()
	if generation != d.generation {
		return nil
	}
	return d.columns[name]
}

func (d *definitions) keep(name string, columns []syntax.Column, generation uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if generation != d.generation {
		return
	}
	if d.columns == nil {
		d.columns = map[string][]syntax.Column{}
	}
	d.columns[name] = columns
}

// forget is called before the locks of the transaction end, so that nobody behind them finds what was.
func (d *definitions) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.generation++
	clear(d.columns)
}
