// Package lambda is AWS Lambda: functions, their code, and invocations with AWS's limits, errors and log records. It runs no
// code itself: a Host does. There are no container images, event source mappings, function URLs, streamed answers or
// destinations, and nothing is measured for billing.
//
//	s, err := lambda.Open(ctx, records, lambda.Options{Region: …, Account: …, Folder: …, Host: host, Logs: write})
//	err = s.Declare(ctx, declaration)
//	err = s.Start(ctx)
//	table := s.Table()
//
// An event of the type Event is durable before the caller hears of it; what was not through when the process ended is run
// again by the next one.
package lambda

import (
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
)

// Options is what the service needs of the world.
type Options struct {
	Region, Account string
	// Folder takes the code of functions, unpacked.
	Folder string
	Host   Host
	// Concurrency is how many invocations there can be at once; 0: 100. More are throttled.
	Concurrency int64
	// Variables are those that lead a process of functions to the services here, besides what AWS gives every function. from tells
	// at any time what led to the event that the process has; revoke ends the validity of keys among the variables.
	Variables func(from func() origin.Origin) (variables map[string]string, revoke func(), err error)
	// Ledger notes the invocations that executions make; nil: nobody does.
	Ledger *origin.Ledger
	// Allowed says why functions do not run now; nil: they always do.
	Allowed func() error
	// Object opens an object of a bucket that holds code; nil: there are none.
	Object func(ctx context.Context, bucket, key string) (io.ReadCloser, error)
	// Logs keeps log records; nil: nobody does.
	Logs func(ctx context.Context, group, stream string, lines []Line) error
	Log  *slog.Logger
	// Chance chooses among the versions of an alias: a number from 0 to 1, without 1; nil: one of math/rand.
	Chance func() float64
}

// Line is one record of a log.
type Line struct {
	At      time.Time
	Message string
}

// Service holds functions and their processes.
type Service struct {
	options   Options
	functions service.Stored[function] // by name
	layers    service.Stored[layer]    // by ARN
	versions  service.Stored[function] // by versionID
	aliases   service.Stored[alias]    // by function and name
	declared  service.Stored[string]   // versions of templates, by function and logical id: their numbers
	events    service.Stored[event]    // by request id

	ctx    context.Context // of the invocations
	cancel context.CancelFunc
	// calls counts invocations under way, deliveries the events of the type Event among them.
	calls, deliveries sync.WaitGroup
	journal           *journal
	// starting is held for writing by Start; started says that events run as they come.
	starting sync.RWMutex
	started  bool
	settling chan struct{} // closed by Settle

	change sync.Mutex // held from reading a function's record to writing it

	mu     sync.Mutex
	pools  map[string]*pool // by function.key
	busy   map[string]int64 // invocations under way, by function name
	total  int64
	closed bool
}

const defaultConcurrency = 100

// Open returns the service over its records. Events of the type Event wait for Start.
func Open(ctx context.Context, records service.Records, o Options) (*Service, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Chance == nil {
		o.Chance = rand.Float64
	}
	if o.Concurrency == 0 {
		o.Concurrency = defaultConcurrency
	}
	s := &Service{
		options:   o,
		functions: service.Stored[function]{Records: records, Kind: "lambda.function"},
		layers:    service.Stored[layer]{Records: records, Kind: "lambda.layer"},
		versions:  service.Stored[function]{Records: records, Kind: "lambda.version"},
		aliases:   service.Stored[alias]{Records: records, Kind: "lambda.alias"},
		declared:  service.Stored[string]{Records: records, Kind: "lambda.declared"},
		events:    service.Stored[event]{Records: records, Kind: "lambda.event"},
		pools:     map[string]*pool{}, busy: map[string]int64{}, settling: make(chan struct{}),
	}
	if err := os.MkdirAll(o.Folder, 0o755); err != nil {
		return nil, fault.New(fault.Unavailable, "make the folder of functions").Because(err)
	}
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.journal = newJournal(s.ctx, o)
	return s, s.tidy(ctx)
}

// Settle waits until no event of the type Event is under way, or ctx ends. Those that wait for another try are left to the next Open.
// It is called once.
func (s *Service) Settle(ctx context.Context) {
	close(s.settling)
	done := make(chan struct{})
	go func() {
		s.deliveries.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Close ends all processes. Events that are not through are left to the next Open.
func (s *Service) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	pools := s.pools
	s.pools = map[string]*pool{}
	s.mu.Unlock()
	s.cancel()
	for _, p := range pools {
		p.empty()
	}
	s.calls.Wait()
	s.journal.close()
}

const (
	codeNotFound     = "ResourceNotFoundException"
	codeConflict     = "ResourceConflictException"
	codeInvalid      = "InvalidParameterValueException"
	codeThrottled    = "TooManyRequestsException"
	codeTooLarge     = "RequestTooLargeException"
	codeBadContent   = "InvalidRequestContentException"
	codePrecondition = "PreconditionFailedException"
	codeService      = "ServiceException"
	codeBadZip       = "InvalidZipFileException"
	codeStorage      = "CodeStorageExceededException"
	codeNoRuntime    = "InvalidRuntimeException"
	latest           = "$LATEST"
	userError        = "User"
	reservedExceeded = "ReservedFunctionConcurrentInvocationLimitExceeded"
	accountExceeded  = "ConcurrentInvocationLimitExceeded"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeInvalid).Because(service.Detail{"Type": userError})
}

func unsupported(format string, args ...any) error {
	return fault.New(fault.Unsupported, format, args...).WithCode(codeInvalid).Because(service.Detail{"Type": userError})
}

func notFound(format string, args ...any) error {
	return fault.New(fault.NotFound, format, args...).WithCode(codeNotFound).Because(service.Detail{"Type": userError})
}

func (s *Service) arn(resource string) string {
	return "arn:aws:lambda:" + s.options.Region + ":" + s.options.Account + ":" + resource
}

func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000-0700") }

func newRevision() string { return uuid.NewString() }

func encoded(sum []byte) string { return base64.StdEncoding.EncodeToString(sum) }

func violation(shown, member, constraint string) error {
	return fault.Invalidf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", shown, member, constraint).
		WithCode(service.ValidationException)
}
