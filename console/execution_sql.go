package console

import (
	"context"
	"slices"
	"time"

	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// executionSQL is what an execution's states had the warehouse do.
type executionSQL struct {
	byState map[string]*stateSQL
	failed  []querylog.Query
	at      time.Time
	last    int64 // the id of the history's last event then
	busy    bool  // a statement runs
	partly  bool  // there were more before these
}

// stateSQL is what one state had the warehouse do, in all its visits.
type stateSQL struct {
	// statements are those that it asked for itself, the oldest first.
	statements []querylog.Query
	// written counts the rows that these and the statements of their procedures put into tables.
	written int64
	took    time.Duration
	failed  int
}

const (
	// maxStatements is how many of an execution's last statements are looked at.
	maxStatements = 2_000
	// sqlAge is how old the statements of a running execution may be on its page, and sqlSettled how long after the last event no
	// statement of it begins any more.
	sqlAge     = 500 * time.Millisecond
	sqlSettled = time.Minute
)

// settled reports whether nothing can have happened since the statements were read.
func (s *executionSQL) settled(r *visit.Record) bool {
	return !s.busy && s.last == r.Last() && s.last > 0 && s.at.Sub(r.Events[s.last-1].At) > sqlSettled
}

// sql returns the statements of the execution, as the record had them a moment ago. When the record cannot be read the page says so,
// and shows the history all the same.
func (p *executionPage) sql() *executionSQL {
	now := p.console.Now()
	known := p.history.sql
	if known != nil && (now.Sub(known.at) < sqlAge || known.settled(p.history.record)) {
		return known
	}
	s := &executionSQL{byState: map[string]*stateSQL{}, at: now, last: p.history.record.Last()}
	p.history.sql = s
	ctx, cancel := context.WithTimeout(p.Context(), askLimit)
	defer cancel()
	list, err := p.console.Warehouse.Statements(ctx, querylog.Filter{Execution: p.record.ARN, Inner: true}, querylog.Page{Limit: maxStatements})
	if err != nil {
		s.busy, p.shown.Note = true, "What the warehouse did is not shown: "+p.sourceProblem(err)
	}
	s.partly = len(list) == maxStatements
	for _, q := range slices.Backward(list) {
		s.add(q, now)
	}
	return s
}

func (s *executionSQL) add(q querylog.Query, now time.Time) {
	of := s.byState[q.Origin.State]
	if of == nil {
		of = &stateSQL{}
		s.byState[q.Origin.State] = of
	}
	if puts(q) {
		of.written += q.Rows
	}
	s.busy = s.busy || q.Status == querylog.Running
	if q.Parent != 0 {
		return
	}
	of.statements = append(of.statements, q)
	of.took += q.Duration(now)
	if q.Status == querylog.Failed {
		s.failed = append(s.failed, q)
		of.failed++
	}
}

// puts reports whether a statement put rows into a table that stays.
func puts(q querylog.Query) bool {
	return q.Status == querylog.Succeeded && q.Rows > 0 && q.Kind != "DELETE" && len(q.Writes) == 1 && !temporary(q.Writes[0])
}

// maxFailed is how many failed statements the head of an execution names.
const maxFailed = 3

// failed are the last statements that failed, as the reason of a failed execution.
func (p *executionPage) failed() []view.StatementWork {
	var shown []view.StatementWork
	for _, q := range slices.Backward(p.sql().failed) {
		if len(shown) < maxFailed {
			shown = append(shown, p.statementWork(q))
		}
	}
	return shown
}
