// Package scheduler is Amazon EventBridge Scheduler: schedules in groups that call a target at their times. How expressions are
// read is package schedule, how targets are called package target; roles are kept and not enforced.
//
//	s, err := scheduler.Open(ctx, records, courier, scheduler.Options{Region: …, Account: …})
//	s.Start()
//	table := s.Table()
//
// Every due time of a schedule calls its target once, also across restarts: the call's identity is made of the schedule and
// the time. Times that passed while nothing ran are caught up with one call, that of the newest of them, if it is not older
// than the retry policy's MaximumEventAgeInSeconds (a day unless the schedule says less). Older ones are left out.
package scheduler

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // zones, also on a system without them

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/target"
)

// Options is what the service needs of the world.
type Options struct {
	Region, Account string
	Log             *slog.Logger
}

// Service holds schedules and groups, and the agenda of what is due.
type Service struct {
	options Options
	courier *target.Courier

	scheduleRecords service.Stored[record]
	groupRecords    service.Stored[group]

	timetable *target.Timetable

	mu        sync.Mutex
	schedules map[string]*schedule // by ARN
	groups    map[string]*group    // by name
}

// Open returns the service over its records. No schedule fires before Start.
func Open(ctx context.Context, records service.Records, courier *target.Courier, o Options) (*Service, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		options: o, courier: courier,
		scheduleRecords: service.Stored[record]{Records: records, Kind: "scheduler.schedule"},
		groupRecords:    service.Stored[group]{Records: records, Kind: "scheduler.group"},
		schedules:       map[string]*schedule{}, groups: map[string]*group{},
	}
	s.timetable = target.NewTimetable(s, courier, o.Log)
	return s, s.load(ctx)
}

func (s *Service) load(ctx context.Context) error {
	groups, err := s.groupRecords.All(ctx)
	if err != nil {
		return err
	}
	for i := range groups {
		s.groups[groups[i].Name] = &groups[i]
	}
	if s.groups[defaultGroup] == nil {
		s.groups[defaultGroup] = &group{Name: defaultGroup, Created: time.Now().UTC(), Modified: time.Now().UTC()}
	}
	records, err := s.scheduleRecords.All(ctx)
	if err != nil {
		return err
	}
	for _, r := range records {
		one, err := compile(r)
		if err != nil {
			return fault.New(fault.Internal, "read the schedule %s", r.Name).Because(err)
		}
		s.schedules[s.arn(r.GroupName, r.Name)] = one
	}
	return nil
}

// Start begins to fire schedules: at once those that were due meanwhile.
func (s *Service) Start() {
	s.mu.Lock()
	arns := slices.Collect(maps.Keys(s.schedules))
	s.mu.Unlock()
	s.timetable.Start(arns)
}

// Close waits for the schedules that fire.
func (s *Service) Close() { s.timetable.Close() }

const (
	codeConflict = "ConflictException"
	codeMissing  = "ResourceNotFoundException"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(service.ValidationException)
}

func missing(what, name string) error {
	return fault.New(fault.NotFound, "%s %s does not exist.", what, name).WithCode(codeMissing)
}

func exists(what, name string) error {
	return fault.New(fault.Conflict, "%s %s already exists.", what, name).WithCode(codeConflict)
}

func (s *Service) place(kind string) string {
	return "arn:aws:scheduler:" + s.options.Region + ":" + s.options.Account + ":" + kind + "/"
}

func (s *Service) arn(group, name string) string { return s.place("schedule") + group + "/" + name }
