// Package states is the AWS Step Functions service over the engine: state machines with their revisions, versions and
// aliases, executions, activities and task tokens. It drives no execution and checks no definition itself: that is the work
// of engine and asl.
//
//	s, err := states.Open(ctx, records, states.Place{Region: "us-east-1", Account: "123456789012"})
//	tasks := service.NewIntegrations(s.Table(), …)
//	s.Attach(engine.Open(store, tasks, engine.Options{}))
//	s.Register(states.Machine{ARN: …, Definition: …})
package states

import (
	"context"
	"sync"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// Machine is a state machine that a project declares.
type Machine struct {
	ARN        string
	Definition string
	File       string // where Definition stands
	RoleARN    string
	Express    bool // of type EXPRESS
	Logging    Logged
}

// Logged is how a project's state machine logs; the zero value: not at all.
type Logged struct {
	Level                string // ALL, ERROR, FATAL or OFF
	IncludeExecutionData bool
	LogGroupARN          string
}

// configuration is what the API says of it.
func (l Logged) configuration() loggingConfiguration {
	if l.Level == "" || l.Level == "OFF" {
		return noLogging()
	}
	return loggingConfiguration{
		Destinations: []logDestination{{&logGroup{l.LogGroupARN}}}, IncludeExecutionData: l.IncludeExecutionData, Level: l.Level,
	}
}

// Place is where new state machines and activities are.
type Place struct{ Region, Account string }

// Executions is what the service needs of an engine.
type Executions interface {
	Start(ctx context.Context, request engine.StartRequest) (engine.Record, error)
	Describe(ctx context.Context, arn string) (engine.Record, error)
	Definition(ctx context.Context, arn string) (string, error)
	List(ctx context.Context, filter engine.Filter, page engine.Page) ([]engine.Record, int64, error)
	History(ctx context.Context, arn string, page engine.Page, reverse bool) ([]machine.HistoryEvent, error)
	Stop(ctx context.Context, arn string, errorName, cause *string) (engine.Record, error)
	Redrive(ctx context.Context, arn, token string) (engine.Record, error)
	MapRun(ctx context.Context, arn string) (engine.MapRun, engine.MapCounts, error)
	MapRuns(ctx context.Context, executionARN string) ([]engine.MapRun, error)
	UpdateMapRun(ctx context.Context, arn string, change func(*machine.MapLimits)) error
	// Resume drives an execution that an earlier engine left; Wait returns when it is closed.
	Resume(ctx context.Context, arn string) (engine.Record, error)
	Wait(ctx context.Context, arn string) (engine.Record, error)

	StartTask(ctx context.Context, token, worker string) error
	BeatTask(ctx context.Context, token string) error
	SucceedTask(ctx context.Context, token string, output value.Value) error
	FailTask(ctx context.Context, token string, name, cause *string) error
}

// Service holds state machines and activities.
type Service struct {
	engine  Executions
	records service.Records // nil: nothing is kept
	place   Place
	queues  queues
	tasks   engine.Tasks   // of TestState; nil: only mocks answer
	work    *origin.Ledger // nil: nobody notes who starts executions
	// logGroup says whether a log group exists; nil: nobody knows.
	logGroup func(ctx context.Context, name string) (bool, error)

	mu         sync.RWMutex
	machines   map[string]*stateMachine // by ARN
	revisions  map[string]*revision     // by id
	activities map[string]*activity     // by ARN
}

// New returns a service that keeps nothing beyond its life, without an engine: the engine needs the table first.
func New() *Service {
	return &Service{
		place:    Place{Region: "us-east-1", Account: "123456789012"},
		machines: map[string]*stateMachine{}, revisions: map[string]*revision{}, activities: map[string]*activity{},
		queues: queues{offered: map[string][]*offer{}, news: map[string]chan struct{}{}},
	}
}

// Open returns a service whose state machines and activities are kept in records.
func Open(ctx context.Context, records service.Records, place Place) (*Service, error) {
	s := New()
	s.records, s.place = records, place
	return s, s.load(ctx)
}

// RecordWork has the ledger note the executions that others start. It is for the time before the first call.
func (s *Service) RecordWork(l *origin.Ledger) { s.work = l }

// Attach gives the service its engine, before the first call.
func (s *Service) Attach(e Executions) { s.engine = e }

// CheckLogGroups makes the service refuse log destinations that do not exist. It is for the time before the first call.
func (s *Service) CheckLogGroups(exists func(ctx context.Context, name string) (bool, error)) {
	s.logGroup = exists
}

// Register makes a project's state machine known, or changes it to what the project says. It is not kept, because the project
// says it again; what callers publish of it is.
func (s *Service) Register(m Machine) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := moment()
	content := content{Definition: m.Definition, File: m.File, RoleARN: m.RoleARN, Logging: m.Logging.configuration()}
	kind := standard
	if m.Express {
		kind = express
	}
	known := s.machines[m.ARN]
	if known == nil || known.Type != kind {
		known = &stateMachine{ARN: m.ARN, Name: nameIn(m.ARN), Type: kind, Created: now}
		s.machines[m.ARN] = known
	} else if current := s.revisions[known.Revision]; current.equal(&content) {
		current.File = m.File
		return
	}
	s.advance(known, content, now)
}

// moment is the present with the precision of the API's times.
func moment() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
