package events

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// Event is what happened in a service here. It goes to the default bus.
type Event struct {
	Source, DetailType string
	Time               time.Time
	Resources          []string
	Detail             value.Value
	// Execution is the name of the execution that caused it, if one did; events are followed by it through chains of rules.
	Execution string
}

// Put returns when everything that the events lead to is durable.
func (s *Service) Put(ctx context.Context, events ...Event) error {
	var calls []target.Invocation
	var errs []error
	for _, e := range events {
		more, err := s.matched(ctx, defaultBus, s.event(uuid.NewString(), e), s.courier.Depth(e.Execution))
		calls, errs = append(calls, more...), append(errs, err)
	}
	return errors.Join(append(errs, s.courier.Add(ctx, calls...))...)
}

// Wanted reports whether any rule looks at events at all, so that nobody makes some for nothing.
func (s *Service) Wanted() bool { return len((*s.matching.Load())[defaultBus]) > 0 }

func text(name, text string) value.Member {
	return value.Member{Key: name, Value: value.OfString(text)}
}

// event gives an event its envelope.
func (s *Service) event(id string, e Event) value.Value {
	return value.OfMembers(
		text("version", "0"), text("id", id), text("detail-type", e.DetailType), text("source", e.Source),
		text("account", s.options.Account), text("time", e.Time.UTC().Format(time.RFC3339)), text("region", s.options.Region),
		value.Member{Key: "resources", Value: value.OfStrings(e.Resources...)}, value.Member{Key: "detail", Value: e.Detail},
	)
}

// scheduled is the event of a time of a rule's schedule; it has the same id whenever it is made.
func (s *Service) scheduled(arn string, due time.Time) value.Value {
	id := uuid.NewSHA1(names, []byte(arn+"\n"+due.UTC().Format(time.RFC3339))).String()
	return s.event(id, Event{
		Source: "aws.events", DetailType: "Scheduled Event", Time: due, Resources: []string{arn}, Detail: value.EmptyObject(),
	})
}

// matched returns the calls of the rules of a bus that match an event. The depth is how many rules led to it; when there are too many,
// the calls are refused.
func (s *Service) matched(ctx context.Context, bus string, event value.Value, depth int) (calls []target.Invocation, err error) {
	for _, one := range (*s.matching.Load())[bus] {
		if !one.pattern.Match(event) {
			continue
		}
		mine := s.calls(one, event, depth)
		if depth < longestChain {
			calls = append(calls, mine...)
			continue
		}
		for _, call := range mine {
			if err := s.courier.Refuse(ctx, call, loop(one, depth)); err != nil {
				return nil, err
			}
		}
	}
	return calls, nil
}

func loop(one *rule, depth int) error {
	return fault.New(fault.Conflict, "a loop of rules is stopped: this is the rule %s behind %d others, each started by what "+
		"the one before it started", one.Name, depth).WithCode("EVENT_LOOP")
}

// names is the name space of the ids of calls and scheduled events.
var names = uuid.MustParse("0b2a8d3e-3f0c-4a9b-8f0d-7d1c1f6d2a53")

// longestChain is how many rules may stand one behind the other, each started by what the one before it started.
const longestChain = 16

// calls are those of a rule's targets with an event.
func (s *Service) calls(one *rule, event value.Value, depth int) []target.Invocation {
	arn := s.ruleARN(one.Bus, one.Name)
	id, _ := event.Get("id")
	about := map[string]value.Value{
		ruleARNVariable: value.OfString(arn), ruleNameVariable: value.OfString(one.Name), eventJSONVariable: event,
		ingestionVariable: value.OfString(time.Now().UTC().Format(time.RFC3339)), eventVariable: without(event, "detail"),
	}
	var calls []target.Invocation
	for i, t := range one.Targets {
		calls = append(calls, target.Invocation{
			ID: uuid.NewSHA1(names, []byte(arn+"\n"+t.Id+"\n"+id.Str())).String(), From: arn, Target: t.of(),
			Input: one.inputs[i](event, about), Depth: depth + 1,
		})
	}
	return calls
}

func without(v value.Value, key string) value.Value {
	var members []value.Member
	for _, m := range v.Members() {
		if m.Key != key {
			members = append(members, m)
		}
	}
	return value.OfMembers(members...)
}

// of makes the courier's target of a rule's.
func (t *targetMember) of() target.Target {
	made := target.Target{ARN: t.Arn, Parameters: value.EmptyObject()}
	if t.RetryPolicy != nil {
		made.Retry = *t.RetryPolicy
	}
	if t.DeadLetterConfig != nil {
		made.DeadLetter = t.DeadLetterConfig.Arn
	}
	switch {
	case t.BatchParameters != nil:
		made.Parameters = members(t.BatchParameters)
	case t.RedshiftDataParameters != nil:
		made.Parameters = members(t.RedshiftDataParameters)
	}
	return made
}

type putEventsRequest struct {
	EndpointId string  `aws:"min=1,max=50"`
	Entries    []entry `aws:"required,min=1,max=10"`
}

type entry struct {
	Detail       string `aws:"json"`
	DetailType   string
	EventBusName string `aws:"min=1,max=1600"`
	Resources    []string
	Source       string
	Time         time.Time
	TraceHeader  string `aws:"min=1,max=500"`
}

type putEventsResponse struct {
	Entries          []entryResult
	FailedEntryCount int64
}

type entryResult struct{ ErrorCode, ErrorMessage, EventId string }

// maxEntries is how many bytes all entries of a call may have.
const maxEntries = 1 << 20

// putEvents accepts or refuses every entry for itself.
func (s *Service) putEvents(ctx context.Context, r *putEventsRequest) (*putEventsResponse, error) {
	if r.EndpointId != "" {
		return nil, unsupported("global endpoints are not supported: EndpointId")
	}
	size := 0
	for i := range r.Entries {
		size += r.Entries[i].size()
	}
	if size > maxEntries {
		return nil, invalid("Total size of the entries in the request is over the limit.")
	}
	depth := s.courier.Depth(service.ExecutionOf(ctx))
	answer := &putEventsResponse{}
	var calls []target.Invocation
	for i := range r.Entries {
		result, more, err := s.putEntry(ctx, &r.Entries[i], depth)
		if err != nil {
			return nil, err
		}
		if result.ErrorCode != "" {
			answer.FailedEntryCount++
		}
		answer.Entries, calls = append(answer.Entries, result), append(calls, more...)
	}
	return answer, s.courier.Add(ctx, calls...)
}

func (e *entry) size() int {
	size := len(e.Detail) + len(e.DetailType) + len(e.Source)
	if !e.Time.IsZero() {
		size += 14
	}
	for _, one := range e.Resources {
		size += len(one)
	}
	return size
}

// putEntry returns what an event calls. It returns an error only when the event is right and could not be kept.
func (s *Service) putEntry(ctx context.Context, e *entry, depth int) (entryResult, []target.Invocation, error) {
	for _, needed := range []struct{ name, text string }{{"Source", e.Source}, {"DetailType", e.DetailType}, {"Detail", e.Detail}} {
		if needed.text == "" {
			return entryResult{ErrorCode: "InvalidArgument", ErrorMessage: "Parameter " + needed.name + " is not valid. Reason: " + needed.name + " is a required argument."}, nil, nil
		}
	}
	detail, err := value.Parse(e.Detail)
	if err != nil || detail.Kind() != value.Object {
		return entryResult{ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed."}, nil, nil
	}
	if strings.HasPrefix(e.Source, "aws.") {
		return entryResult{ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source."}, nil, nil
	}
	at := e.Time
	if at.IsZero() {
		at = time.Now()
	}
	id := uuid.NewString()
	event := s.event(id, Event{Source: e.Source, DetailType: e.DetailType, Time: at, Resources: e.Resources, Detail: detail})
	// An event for a bus that is not there is accepted, and lost.
	calls, err := s.matched(ctx, s.busName(e.EventBusName), event, depth)
	return entryResult{EventId: id}, calls, err
}

type testRequest struct {
	Event        string `aws:"required,json"`
	EventPattern string `aws:"required,json,max=4096"`
}

type testResponse struct{ Result *bool }

func (s *Service) test(_ context.Context, r *testRequest) (*testResponse, error) {
	one, err := compile(record{EventPattern: r.EventPattern})
	if err != nil {
		return nil, err
	}
	event, err := value.Parse(r.Event)
	if err != nil || event.Kind() != value.Object {
		return nil, invalid("Parameter Event is not valid.")
	}
	for _, name := range []string{"id", "account", "source", "time", "region", "resources", "detail-type"} {
		if _, ok := event.Get(name); !ok {
			return nil, invalid("Parameter Event is not valid. Reason: the member %s is missing.", name)
		}
	}
	matches := one.pattern.Match(event)
	return &testResponse{&matches}, nil
}
