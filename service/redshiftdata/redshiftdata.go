// Package redshiftdata is the Amazon Redshift Data API over the warehouse: statements that are submitted, run on their own
// and asked about. It is truly asynchronous: ExecuteStatement answers when the statement is durable, before it runs.
//
//	s, err := redshiftdata.Open(ctx, warehouse, records)
//	defer s.Close()
//	table := s.Table()
//
// A statement goes SUBMITTED, PICKED, STARTED and ends FINISHED, FAILED or ABORTED. One that was on its way when the process
// died is run again by the next Open; the warehouse knows by the statement's id what of it had been committed.
// Statements and results are kept for 24 hours. Sessions (SessionId, SessionKeepAliveSeconds), events (WithEvent) and
// results as CSV are refused by name.
package redshiftdata

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/warehouse"
)

const (
	// maxActive is how many statements may be on their way, as on AWS.
	maxActive = 500
	// maxRunning is how many of them run at the same time; the others are SUBMITTED.
	maxRunning = 16
	// retention is how long statements and results are kept.
	retention = 24 * time.Hour
	// tokenMemory is how long a ClientToken names the statement that it was first given with.
	tokenMemory = 8 * time.Hour
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

	working context.Context // ends when the service is closed
	end     context.CancelCauseFunc
	work    sync.WaitGroup
	slots   chan struct{}

	mu         sync.Mutex
	closed     bool
	statements map[string]*statement
	tokens     map[string]*statement
	active     int
	purged     time.Time
}

// errClosed is why statements end that only the next process will finish.
var errClosed = fault.New(fault.Unavailable, "the Data API is closed")

// Open takes up what an earlier process left: finished statements can be asked about, unfinished ones are run again.
func Open(ctx context.Context, w *warehouse.Warehouse, records service.Records) (*Service, error) {
	s := &Service{
		warehouse: w, records: records, now: time.Now, slots: make(chan struct{}, maxRunning),
		statements: map[string]*statement{}, tokens: map[string]*statement{},
	}
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
		} else {
			s.run(st)
		}
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
	if st.record.ClientToken != "" {
		s.tokens[st.record.ClientToken] = st
	}
	if !st.record.Status.over() {
		s.active++
	}
}

const (
	codeResourceNotFound = "ResourceNotFoundException"
	codeActiveStatements = "ActiveStatementsExceededException"
	codeInternalServer   = "InternalServerException"
	codeExecute          = "ExecuteStatementException"
	codeBatchExecute     = "BatchExecuteStatementException"
)

func invalid(format string, args ...any) *fault.Fault {
	return fault.Invalidf(format, args...).WithCode(service.ValidationException)
}

func missing(format string, args ...any) error {
	return fault.New(fault.NotFound, format, args...).WithCode(codeResourceNotFound)
}

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	errors := func(more ...string) []string {
		return append(more, service.ValidationException, codeInternalServer)
	}
	return &service.Service{
		Name: "redshiftdata",
		SDK:  "RedshiftData",
		Protocol: service.Protocol{
			ContentType: "application/x-amz-json-1.1", Endpoint: "redshift-data", Target: "RedshiftData",
		},
		Errors: []service.Error{
			{Code: service.ValidationException, Status: 400},
			{Code: codeResourceNotFound, Status: 400},
			{Code: codeActiveStatements, Status: 400},
			{Code: codeExecute, Status: 500},
			{Code: codeBatchExecute, Status: 500},
			{Code: codeInternalServer, Status: 500},
		},
		Operations: []service.Operation{
			{
				Name: "ExecuteStatement", Behaviour: service.Do(s.executeStatement),
				Errors:  errors(codeActiveStatements, codeExecute),
				Example: `{"WorkgroupName": "etl", "Database": "dev", "Sql": "select :a::int as a", "Parameters": [{"Name": "a", "Value": "5"}]}`,
			}, {
				Name: "BatchExecuteStatement", Behaviour: service.Do(s.batchExecuteStatement),
				Errors:  errors(codeActiveStatements, codeBatchExecute),
				Example: `{"ClusterIdentifier": "etl", "DbUser": "awsuser", "Database": "dev", "Sqls": ["select 1", "select 2"]}`,
			}, {
				Name: "DescribeStatement", Behaviour: service.Do(s.describeStatement),
				Errors:  errors(codeResourceNotFound),
				Example: `{"Id": "` + exampleID + `"}`,
			}, {
				Name: "GetStatementResult", Behaviour: service.Do(s.getStatementResult),
				Errors:  errors(codeResourceNotFound),
				Example: `{"Id": "` + exampleID + `"}`,
			}, {
				Name: "ListStatements", Behaviour: service.Do(s.listStatements),
				Errors:  errors(),
				Example: `{"Status": "ALL", "MaxResults": 10}`,
			}, {
				Name: "CancelStatement", Behaviour: service.Do(s.cancelStatement),
				Errors:  errors(codeResourceNotFound),
				Example: `{"Id": "` + runningID + `"}`,
			},
		},
	}
}

// The statements of the examples: a finished one with a result, and one that runs.
const (
	exampleID = "d9b6c0c9-0747-4bf4-b142-e8883122f766"
	runningID = "a1b2c3d4-0747-4bf4-b142-e8883122f766"
)
