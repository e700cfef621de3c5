// Package redshiftdata is the Amazon Redshift Data API over the warehouse: statements that are submitted, run on their own
// and asked about. It is truly asynchronous: ExecuteStatement answers when the statement is durable, before it runs.
//
//	s, err := redshiftdata.Open(ctx, warehouse, records)
//	defer s.Close()
//	table := s.Table()
//
// A statement goes SUBMITTED, PICKED, STARTED and ends FINISHED, FAILED or ABORTED. One that was on its way when the process
// died is run again by the next Open; the warehouse knows by the statement's id what of it had been committed.
// Statements and results are kept for 24 hours. A session (SessionKeepAliveSeconds, SessionId) is a connection and ends with
// the process: a statement that was on its way in a session that another statement made is then FAILED. The end of a
// statement submitted WithEvent is told to an event bus, at least once.
package redshiftdata

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/warehouse"
)

// The kinds of records.
const (
	statementKind = "redshiftdata.statement"
	pageKind      = "redshiftdata.page"
)

// Service is the Data API of one warehouse.
type Service struct {
	warehouse *warehouse.Warehouse
	records   service.Records
	now       func() time.Time
	observe   func(id string, news []byte) // nil: nobody
	events    Events                       // nil: nobody
	site      *redshift.Site
	ledger    *origin.Ledger // nil: nobody
	quotas    quotas

	working context.Context // ends when the service is closed
	end     context.CancelCauseFunc
	work    sync.WaitGroup
	slots   chan struct{}

	mu         sync.Mutex
	closed     bool
	statements map[string]*statement
	tokens     map[string]*statement
	sessions   map[string]*session
	active     int
	purged     time.Time
}

// Option is a choice of whoever opens the service.
type Option func(*Service)

// At says where the warehouse is and which clusters and workgroups mean it. Default: an unknown place, and every name.
func At(site *redshift.Site) Option {
	return func(s *Service) { s.site = site }
}

// RecordWork has the ledger note the statements that executions submit.
func RecordWork(l *origin.Ledger) Option {
	return func(s *Service) { s.ledger = l }
}

// errClosed is why statements end that only the next process will finish.
var errClosed = fault.New(fault.Unavailable, "the Data API is closed")

// Open takes up what an earlier process left: finished statements can be asked about, unfinished ones are run again.
func Open(ctx context.Context, w *warehouse.Warehouse, records service.Records, options ...Option) (*Service, error) {
	s := &Service{
		warehouse: w, records: records, now: time.Now, site: new(redshift.Site), quotas: awsQuotas,
		statements: map[string]*statement{}, tokens: map[string]*statement{},
		sessions: map[string]*session{},
	}
	for _, option := range options {
		option(s)
	}
	s.slots = make(chan struct{}, s.quotas.running)
	s.working, s.end = context.WithCancelCause(context.Background())
	err := records.List(ctx, statementKind, func(id string, body []byte) error {
		st := &statement{done: make(chan struct{})}
		if err := json.Unmarshal(body, &st.record); err != nil {
			return fault.New(fault.Internal, "read the record of statement %s", id).Because(err)
		}
		s.keep(st)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, st := range slices.Backward(s.newestFirst()) { // in the order in which they were submitted
		if st.record.Status.over() {
			close(st.done)
			if st.record.EventDue {
				s.work.Go(func() { s.tell(st) })
			}
			continue
		}
		if r := &st.record; r.SessionID != "" && r.Request.SessionID == "" {
			if err := s.makeSession(st, r.SessionID); err != nil {
				return nil, err
			}
		}
		s.run(st)
	}
	return s, nil
}

// Close interrupts what runs and waits for it. Interrupted statements are run again by the next Open.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end(errClosed)
	s.work.Wait()
	s.closeSessions()
}

// CancelAll cancels every statement that has not ended and waits for that: who stops a local run leaves nothing to be run
// again by the next Open.
func (s *Service) CancelAll() {
	s.mu.Lock()
	var cancelled []*statement
	for _, st := range s.statements {
		if !st.record.Status.over() && st.cancel != nil {
			st.cancel(errCancelled)
			cancelled = append(cancelled, st)
		}
	}
	s.mu.Unlock()
	for _, st := range cancelled {
		<-st.done
	}
}

// keep makes a statement known. The caller holds mu or is alone.
func (s *Service) keep(st *statement) {
	s.statements[st.record.ID] = st
	if token := st.record.ClientToken; token != "" {
		if old, ok := s.tokens[token]; !ok || old.record.CreatedAt.Before(st.record.CreatedAt) {
			s.tokens[token] = st
		}
	}
	if !st.record.Status.over() {
		s.active++
	}
}
