package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"
)

// While files are loaded or unloaded, DuckDB is looked at that often, and gives back what it holds beyond kept bytes.
const (
	trimEvery = 100 * time.Millisecond
	kept      = 224 << 20
)

// trimmer bounds the memory of loads: DuckDB keeps every block that it has written or read until it reaches its limit, which
// is most of the machine's memory.
type trimmer struct {
	pool *sql.DB
	kept int64 // bytes
	mu   sync.Mutex
}

// begin trims from time to time until end is called.
func (t *trimmer) begin() (end func()) {
	if t == nil {
		return func() {}
	}
	ended := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		tick := time.NewTicker(trimEvery)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
				t.trim()
			}
		}
	})
	return func() {
		close(ended)
		running.Wait()
	}
}

// trim lowers the limit for a moment. A limit for the time of the load would let other statements fail, whose data is
// larger; this one is refused, and nothing changes, when statements that run now hold more.
func (t *trimmer) trim() {
	t.mu.Lock()
	defer t.mu.Unlock()
	ctx := context.Background()
	var used int64
	err := t.pool.QueryRowContext(ctx, "SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()").Scan(&used)
	if err == nil && used > t.kept {
		_, _ = t.pool.ExecContext(ctx, fmt.Sprintf("SET memory_limit = '%dB'; RESET memory_limit", t.kept))
	}
}
