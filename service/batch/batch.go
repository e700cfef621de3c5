// Package batch is AWS Batch: compute environments with their limits, job queues with priorities, job definitions with revisions,
// and jobs that wait for each other, are retried and time out. It runs nothing itself: a job.Runner does. There are no
// multi-node, EKS or ECS task jobs, no fair-share scheduling, and nothing is billed or scaled.
//
//	s, err := batch.Open(ctx, records, batch.Options{Region: …, Account: …, Runner: runner, Logs: write})
//	err = s.Declare(ctx, "AWS::Batch::JobQueue", properties)
//	table := s.Table()
//	s.Start()
//
// Every change of a job is durable before anybody hears of it. A job that was running when its process ended has lost its
// host: that attempt fails with the reason "Host EC2 (instance …) terminated.", and the job's retry strategy says
// whether there is another one. Jobs that waited go on waiting.
package batch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// Options is what the service needs of the world.
type Options struct {
	Region, Account string
	Runner          job.Runner
	// Logs keeps what jobs print; nil: nobody does.
	Logs func(ctx context.Context, group, stream string, lines []Line) error
	// Secret returns what a secret of a container's properties stands for: the ARN or name of a secret or parameter.
	Secret func(ctx context.Context, valueFrom string) (string, error)
	// Observe is told what DescribeJobs says of a job whenever its status is another one. It has to return at once. Nil: nobody is.
	Observe func(job value.Value)
	// Ledger notes the jobs that executions submit; nil: nobody does.
	Ledger *origin.Ledger
	Log    *slog.Logger
}

// Service holds environments, queues, definitions and jobs.
type Service struct {
	options Options

	environmentRecords service.Stored[environment]
	queueRecords       service.Stored[queue]
	definitionRecords  service.Stored[definition]
	jobRecords         service.Stored[record]

	ctx     context.Context // of the attempts
	cancel  context.CancelCauseFunc
	running sync.WaitGroup

	mu           sync.Mutex
	environments map[string]*environment // by ARN
	queues       map[string]*queue       // by ARN
	definitions  map[string][]*definition
	jobs         map[string]*work
	// waiting are the jobs that depend on a job, by its id.
	waiting  map[string][]*work
	sequence int64
	// Jobs start between Start and Close.
	started, closed bool
	// active is how many attempts there are; idle is closed when there is none.
	active int
	idle   chan struct{}
}

// Open returns the service over its records and goes on with the jobs that a former process left.
func Open(ctx context.Context, records service.Records, o Options) (*Service, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		options:            o,
		environmentRecords: service.Stored[environment]{Records: records, Kind: "batch.environment"},
		queueRecords:       service.Stored[queue]{Records: records, Kind: "batch.queue"},
		definitionRecords:  service.Stored[definition]{Records: records, Kind: "batch.definition"},
		jobRecords:         service.Stored[record]{Records: records, Kind: "batch.job"},
		environments:       map[string]*environment{}, queues: map[string]*queue{}, definitions: map[string][]*definition{},
		jobs: map[string]*work{}, waiting: map[string][]*work{}, idle: make(chan struct{}),
	}
	close(s.idle)
	s.ctx, s.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	return s, s.load(ctx)
}

// Start lets jobs run: what they may reach must be there by now.
func (s *Service) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started = true
	s.schedule()
}

// errClosing is why attempts end when the process does: their jobs have lost their host.
var errClosing = fault.New(fault.Unavailable, "the service closes")

// Close ends all attempts and waits for them. What they belong to is decided by the next Open.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel(errClosing)
	s.running.Wait()
}

// Active is how many jobs run.
func (s *Service) Active() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.active
}

// Idle waits until no job runs, and so none can start, or until ctx ends.
func (s *Service) Idle(ctx context.Context) {
	s.mu.Lock()
	idle := s.idle
	s.mu.Unlock()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}

// occupy and vacate count attempts. The caller holds the lock.
func (s *Service) occupy() {
	if s.active == 0 {
		s.idle = make(chan struct{})
	}
	s.active++
}

func (s *Service) vacate() {
	if s.active--; s.active == 0 {
		close(s.idle)
	}
}

// finishedFor is how long ended jobs can be described.
const finishedFor = 7 * 24 * time.Hour

const (
	codeClient = "ClientException"
	codeServer = "ServerException"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeClient)
}

func unsupported(format string, args ...any) error {
	return fault.New(fault.Unsupported, format, args...).WithCode(codeClient)
}

func now() int64 { return time.Now().UnixMilli() }

func (s *Service) arn(resource string) string {
	return "arn:aws:batch:" + s.options.Region + ":" + s.options.Account + ":" + resource
}
