// Package events is Amazon EventBridge: buses, rules that match events or follow a schedule, and their targets. How patterns match
// is package pattern, how targets are called package target; roles are kept and not enforced. There are no archives,
// replays, connections, API destinations or global endpoints.
//
//	s, err := events.Open(ctx, records, courier, events.Options{Region: …, Account: …})
//	s.Start()
//	err = s.Put(ctx, events.Event{Source: "aws.s3", DetailType: "Object Created", …})
//	table := s.Table()
//
// An event that was accepted reaches its targets, also after a crash. A rule's schedule catches up missed times as package
// scheduler does. Where a rule's target causes an event that starts the rule again, and so on, the chain is stopped after 16 rules.
package events

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/target"
)

// Options is what the service needs of the world.
type Options struct {
	Region, Account string
	Log             *slog.Logger
}

// Service holds buses and rules.
type Service struct {
	options Options
	courier *target.Courier

	busRecords  service.Stored[bus]
	ruleRecords service.Stored[record]

	// matching is what events are held against: the enabled rules with patterns, by bus. It is replaced, never changed.
	matching atomic.Pointer[map[string][]*rule]
	teller   teller

	timetable *target.Timetable

	mu    sync.Mutex
	buses map[string]*bus  // by name
	rules map[string]*rule // by ARN
}

// Open returns the service over its records. No rule's schedule begins before Start.
func Open(ctx context.Context, records service.Records, courier *target.Courier, o Options) (*Service, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		options: o, courier: courier,
		busRecords:  service.Stored[bus]{Records: records, Kind: "events.bus"},
		ruleRecords: service.Stored[record]{Records: records, Kind: "events.rule"},
		buses:       map[string]*bus{defaultBus: {Name: defaultBus}}, rules: map[string]*rule{},
	}
	s.teller.idle.L = &s.teller.mu
	s.timetable = target.NewTimetable(s, courier, o.Log)
	return s, s.load(ctx)
}

func (s *Service) load(ctx context.Context) error {
	buses, err := s.busRecords.All(ctx)
	if err != nil {
		return err
	}
	for i := range buses {
		s.buses[buses[i].Name] = &buses[i]
	}
	records, err := s.ruleRecords.All(ctx)
	if err != nil {
		return err
	}
	for _, r := range records {
		one, err := compile(r)
		if err != nil {
			return fault.New(fault.Internal, "read the rule %s", r.Name).Because(err)
		}
		s.rules[s.ruleARN(r.Bus, r.Name)] = one
	}
	s.index()
	return nil
}

// index makes what events are held against. The caller holds the lock.
func (s *Service) index() {
	all := map[string][]*rule{}
	for _, one := range s.rules {
		if one.pattern != nil && one.State != disabled {
			all[one.Bus] = append(all[one.Bus], one)
		}
	}
	s.matching.Store(&all)
}

const (
	defaultBus = "default"
	disabled   = "DISABLED"
)

// Start begins to fire the schedules of rules: at once those that were due meanwhile.
func (s *Service) Start() {
	s.mu.Lock()
	arns := slices.Collect(maps.Keys(s.rules))
	s.mu.Unlock()
	s.timetable.Start(arns)
}

// Close waits for the rules that fire and the events that were told.
func (s *Service) Close() {
	s.teller.mu.Lock()
	s.teller.closed = true
	s.teller.mu.Unlock()
	s.Settle()
	s.timetable.Close()
}

// Next is when a rule's schedule is due; it is for the timetable.
func (s *Service) Next(arn string) (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.rules[arn]
	if one == nil {
		return at, false
	}
	return one.next(one.Last)
}

// Due is what a rule with a schedule calls now: its targets with the event of that time. It is for the timetable.
func (s *Service) Due(arn string, now time.Time) (due time.Time, calls []target.Invocation, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.rules[arn]
	if one == nil {
		return due, nil, false
	}
	if due, ok = one.newest(now); ok {
		return due, s.calls(one, s.scheduled(arn, due), 0), true
	}
	one.Last = latest(one.Last, now.Add(-maxAge)) // what is older needs no look any more
	return due, nil, false
}

// Fired has a rule remember a time; it is for the timetable.
func (s *Service) Fired(ctx context.Context, arn string, due time.Time) error {
	s.mu.Lock()
	one := s.rules[arn]
	one.Last, one.Fired = due, due
	kept := one.record
	s.mu.Unlock()
	return s.ruleRecords.Put(ctx, arn, kept)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

const (
	codeMissing = "ResourceNotFoundException"
	codeExists  = "ResourceAlreadyExistsException"
	codePattern = "InvalidEventPatternException"
	codeLimit   = "LimitExceededException"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(service.ValidationException)
}

func unsupported(format string, args ...any) error {
	return fault.New(fault.Unsupported, format, args...).WithCode(service.ValidationException)
}

func (s *Service) place() string {
	return "arn:aws:events:" + s.options.Region + ":" + s.options.Account + ":"
}

func (s *Service) ruleARN(bus, name string) string {
	if bus == defaultBus {
		return s.place() + "rule/" + name
	}
	return s.place() + "rule/" + bus + "/" + name
}
