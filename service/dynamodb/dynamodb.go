// Package dynamodb is DynamoDB over a store of ordered keys: tables with their secondary indexes, items, conditions, queries
// and transactions. What was answered is durable, every read is consistent, and a table is there at once. Streams, backups,
// global tables, PartiQL and the API's older parameters (Expected, KeyConditions) are not here; they are refused by name.
//
// Writers of one item wait for each other from reading it to the commit, which many share (kv.Store). An item is one pair: its
// key is a hash of the partition key, the partition key and the sort key, in bytes that are ordered as the values are, so a
// query is a range of keys and a segment of a scan is a range of hashes. Each index has pairs of its own.
//
//	s, err := dynamodb.Open(ctx, records, store, "us-east-1", "123456789012")
//	defer s.Close()
//	table := s.Table()
package dynamodb

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service"
)

// Service holds the tables of one account in one region.
type Service struct {
	records service.Stored[table] // by name
	store   kv.Store
	prefix  string // of ARNs
	locks   locks
	now     func() time.Time
	stop    context.CancelFunc
	stopped sync.WaitGroup

	// gate is held for reading by work on items, for writing by what changes tables.
	gate   sync.RWMutex
	tables map[string]*table
}

// New returns the service without its tables: enough to say what it offers.
func New(records service.Records, store kv.Store, region, account string) *Service {
	return &Service{
		records: service.Stored[table]{Records: records, Kind: "dynamodb.table"}, store: store,
		prefix: "arn:aws:dynamodb:" + region + ":" + account + ":table/", now: time.Now, tables: map[string]*table{},
	}
}

// sweepPause is how long an item can outlive its time.
const sweepPause = time.Minute

// Open returns the service with its tables, and goes on with what an earlier process had begun to delete. Items whose time to
// live is over go while it is open.
func Open(ctx context.Context, records service.Records, store kv.Store, region, account string) (*Service, error) {
	s, ended, err := look(ctx, records, store, region, account)
	if err != nil {
		return nil, err
	}
	for _, t := range ended {
		if err := s.drop(ctx, t); err != nil {
			return nil, err
		}
	}
	if err := s.forget(ctx); err != nil {
		return nil, err
	}
	sweeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.stopped.Go(func() { s.sweep(sweeping) })
	return s, nil
}

// Look returns the service for operations that only read. It changes nothing, so another process may own the tables.
func Look(ctx context.Context, records service.Records, store kv.Store, region, account string) (*Service, error) {
	s, _, err := look(ctx, records, store, region, account)
	return s, err
}

// look reads the tables; those whose end has begun are not among them.
func look(ctx context.Context, records service.Records, store kv.Store, region, account string) (s *Service, ended []*table, err error) {
	s = New(records, store, region, account)
	all, err := s.records.All(ctx)
	for _, t := range all {
		if t.Status == deleting {
			ended = append(ended, &t)
		} else {
			s.tables[t.Name] = &t
		}
	}
	return s, ended, err
}

// Close ends the work in the background.
func (s *Service) Close() {
	if s.stop != nil {
		s.stop()
		s.stopped.Wait()
	}
}

const (
	codeConditionFailed = "ConditionalCheckFailedException"
	codeNotFound        = "ResourceNotFoundException"
	codeInUse           = "ResourceInUseException"
	codeCanceled        = "TransactionCanceledException"
	codeMismatch        = "IdempotentParameterMismatchException"
	codeInternal        = "InternalServerError"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(service.ValidationException)
}

// badValue is the fault of an item or key that does not fit its table.
func badValue(format string, args ...any) error {
	return invalid("One or more parameter values were invalid: "+format, args...)
}

func notFound(format string, args ...any) error {
	return fault.New(fault.NotFound, format, args...).WithCode(codeNotFound)
}

// named returns a table by its name or ARN. The gate must be held.
func (s *Service) named(id string) (*table, error) {
	t, ok := s.tables[s.nameIn(id)]
	if !ok {
		return nil, notFound("Requested resource not found")
	}
	return t, nil
}

func (s *Service) nameIn(id string) string { return strings.TrimPrefix(id, s.prefix) }

// reading makes the behaviour of an operation that leaves tables as they are.
func reading[Req, Resp any](s *Service, do func(context.Context, *Req) (*Resp, error)) service.Behaviour {
	return service.Do(func(ctx context.Context, r *Req) (*Resp, error) {
		s.gate.RLock()
		defer s.gate.RUnlock()
		return do(ctx, r)
	})
}

// changing makes the behaviour of an operation that changes tables.
func changing[Req, Resp any](s *Service, do func(context.Context, *Req) (*Resp, error)) service.Behaviour {
	return service.Do(func(ctx context.Context, r *Req) (*Resp, error) {
		s.gate.Lock()
		defer s.gate.Unlock()
		return do(ctx, r)
	})
}
