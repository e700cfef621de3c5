package lock

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
)

// TestTraces runs scripts of transactions: each directive names a transaction, and the answer is everything that came of
// it, by whichever transaction.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		synctest.Test(t, func(t *testing.T) {
			s := &script{tables: &Tables{}, txs: map[string]*Tx{}, cancels: map[string]context.CancelFunc{}, said: make(chan string, 16)}
			s.tables.Waiting = func(table string, m Mode) { s.said <- fmt.Sprintf("wait for %s on %s", m, table) }
			datadriven.RunTest(t, path, s.run)
			for _, cancel := range s.cancels {
				cancel()
			}
		})
	})
}

type script struct {
	tables  *Tables
	txs     map[string]*Tx
	cancels map[string]context.CancelFunc
	said    chan string
}

var modes = map[string]Mode{"read": AccessShare, "write": ShareRowExclusive, "change": AccessExclusive}

func (s *script) run(t *testing.T, d *datadriven.TestData) string {
	for line := range strings.Lines(d.Input) {
		s.step(t, strings.Fields(line))
		synctest.Wait()
	}
	var said []string
	for len(s.said) > 0 {
		said = append(said, <-s.said)
	}
	if len(said) == 0 {
		return "(nothing)\n"
	}
	return strings.Join(said, "\n") + "\n"
}

// step runs "TX read|write|change TABLE", "TX end" or "TX cancel".
func (s *script) step(t *testing.T, words []string) {
	name := words[0]
	tx := s.txs[name]
	if tx == nil {
		tx = s.tables.Begin()
		s.txs[name] = tx
	}
	switch words[1] {
	case "end":
		tx.End()
		delete(s.txs, name)
	case "cancel":
		s.cancels[name]()
	case "held":
		s.said <- fmt.Sprintf("%s holds %v", name, tx.Held())
	default:
		ctx, cancel := context.WithCancel(context.Background())
		s.cancels[name] = cancel
		go s.acquire(ctx, tx, name, words[2], modes[words[1]])
	}
}

func (s *script) acquire(ctx context.Context, tx *Tx, name, table string, m Mode) {
	waited, err := tx.Acquire(ctx, table, m)
	switch {
	case errors.Is(err, context.Canceled):
		s.said <- name + " gave up"
	case err != nil:
		s.said <- fmt.Sprintf("%s failed: %s %s", name, fault.CodeOf(err), err)
	default:
		s.said <- fmt.Sprintf("%s got %s (waited: %t)", name, table, waited)
	}
}

// TestIdleTablesAreForgotten keeps the table of locks from growing with every temporary table ever made.
func TestIdleTablesAreForgotten(t *testing.T) {
	var tables Tables
	tx := tables.Begin()
	if _, err := tx.Acquire(t.Context(), "public.a", AccessExclusive); err != nil {
		t.Fatal(err)
	}
	tx.End()
	if len(tables.tables) != 0 {
		t.Errorf("%d tables remain", len(tables.tables))
	}
}
